// Variants of a prepared run: prepared once, then each from a snapshot.
#include <system_error>

#include "hil/bench_run.h"

namespace packbench::hil {
namespace {

using Finished = std::function<void(std::size_t, RunResult)>;

bool interrupted(const BenchOptions& options) { return options.interrupted != nullptr && *options.interrupted != 0; }

void run_each(const std::vector<VariantRun>& variants, const Finished& finished) {
  for (std::size_t i = 0; i < variants.size() && !interrupted(variants[i].options); ++i)
    finished(i, run_scenario(variants[i].scenario, variants[i].options));
}

// The preparation has no files of its own; its rows are kept for those of the variants.
BenchOptions options_of_preparation(BenchOptions options) {
  options.trace.keep = !options.trace_directory.empty();
  options.trace_directory.clear();
  options.progress = nullptr;
  return options;
}

// `ended`: the preparation ended before its branch point, and so did every variant.
RunResult run_variant(const VariantRun& variant, const BenchRun& prepared, const std::optional<BenchRun::Ending>& ended,
                      DeviceUnderTest& device) {
  try {
    if (const std::string lack = prepared.lack_for(variant.scenario); !ended && !lack.empty())
      return BenchRun(variant.scenario, variant.options, device).finish(BenchRun::Ending::skipped(lack));
    BenchRun run(variant.scenario, variant.options, prepared);
    if (ended && ended->trouble) return run.finish(*ended);
    if (const auto error = device.restore(0)) return run.finish(*error);
    return ended ? run.finish(*ended) : run.run();
  } catch (const std::system_error& error) {  // its trace
    RunResult result = not_opened(variant.scenario, variant.options, error.what());
    result.trace_error = error.what();
    return result;
  }
}

}  // namespace

void run_variants(const std::vector<VariantRun>& variants, const Finished& finished) {
  if (variants.empty()) return;
  const sim::Scenario& first = variants.front().scenario;
  const BenchOptions options = options_of_preparation(variants.front().options);
  OpenedDevice opened = open_device(
      options.device, {.seed = first.seed, .watchdog_s = options.watchdog_s, .executable = options.executable});
  if (!opened.device || !opened.device->can_save() || options.speed > 0) {
    opened.device.reset();
    return run_each(variants, finished);
  }
  BenchRun preparation(first, options, *opened.device);
  std::optional<BenchRun::Ending> ended = preparation.prepare();
  if (!ended || !ended->trouble) {
    if (const auto error = opened.device->save()) ended = *error;
  }
  for (std::size_t i = 0; i == 0 || (i < variants.size() && !interrupted(options)); ++i)
    finished(i, run_variant(variants[i], preparation, ended, *opened.device));
}

std::string BenchRun::lack_for(const sim::Scenario& variant) const {
  return startup_.missing_capability(options_.defect, variant.faults);
}

std::optional<BenchRun::Ending> BenchRun::prepare() {
  if (auto ending = begin(std::span(scenario_.faults).first(scenario_.branch_point->faults))) return ending;
  phases_.hold_at_branch();
  return step_on();
}

}  // namespace packbench::hil
