#include "hil/bench.h"

#include <memory>
#include <system_error>
#include <utility>

#include "hil/bench_run.h"
#include "hil/frames.h"

namespace packbench::hil {

// The picture of README.md, once per turn of step_on(): plant -> sensing -> (device, cloud seen as of now) -> trace and
// checks
// -> phases -> link -> device -> plant.
RunResult BenchRun::run() {
  if (!observed_) {
    if (const auto ending = begin(scenario_.faults)) return finish(*ending);
  }
  return finish(*step_on());
}

std::optional<BenchRun::Ending> BenchRun::begin(std::span<const sim::FaultSpec> faults) {
  if (auto trouble = startup_.connect()) return *trouble;
  if (auto lack = startup_.missing_capability(options_.defect, faults); !lack.empty()) return Ending::skipped(lack);
  if (auto trouble = startup_.configure(options_.defect)) return *trouble;
  return std::nullopt;
}

std::optional<BenchRun::Ending> BenchRun::step_on() {
  for (sim::TimeNs now = now_;; now += scenario_.step) {
    if (!std::exchange(observed_, false)) observe(now);
    if (interrupted()) return Ending::by_signal();
    if (!advance_phases(now)) return Ending();
    if (phases_.held()) return std::nullopt;

    const sim::TimeNs next = now + scenario_.step;
    if (auto trouble = device_.exchange(to_measurements(frame_, now), now, next, report_)) return *trouble;
    watch_.step(next, report_);
    plant_.advance(next);
    plant_.set_actuators(to_actuators(report_.actuators));
    if (!pacer_.wait(next)) ++overruns_;
  }
}

// One row at `now`: the truth, what the sensors make of it, what the device last said, what the cloud has; then who
// looks at it.
void BenchRun::observe(sim::TimeNs now) {
  plant_.sample(frame_);
  write_device(report_, frame_);
  write_link(device_.counters(), frame_);
  if (running_) inject_faults(now);
  sensing_.sample(now, plant_.feedback(), frame_);
  if (telemetry_ && api_trouble_.empty()) api_trouble_ = telemetry_->step(now, report_, frame_);
  if (!api_trouble_.empty()) frame_.forget(sim::Group::api);
  begin_phases_when_ready(now);
  trace_.append(now, frame_.values());
  summary_.add(now, frame_, plant_.outside_validity());
  if (running_) checks_.step(now, frame_.values());
  ++steps_;
  now_ = now;
  show_progress();
}

void BenchRun::inject_faults(sim::TimeNs now) {
  faults_.step(now, frame_, sensing_, plant_,
               [this](const sim::FaultSpec& fault, bool active) { inject_elsewhere(fault, active); });
}

// False when the last phase is over.
bool BenchRun::advance_phases(sim::TimeNs now) {
  if (start_failed_) return false;
  if (!running_) return true;
  const bool more = phases_.step(now, frame_, plant_);
  send_phase_commands();
  branch_when_reached(now);
  return more;
}

RunResult run_scenario(const sim::Scenario& scenario, const BenchOptions& options) {
  OpenedDevice opened = open_device(
      options.device, {.seed = scenario.seed, .watchdog_s = options.watchdog_s, .executable = options.executable});
  if (!opened.device) {
    const auto verdict = opened.not_installed ? sim::Verdict::skipped : sim::Verdict::inconclusive;
    return not_opened(scenario, options, opened.error, verdict);
  }
  std::unique_ptr<BenchRun> run;
  try {
    run = std::make_unique<BenchRun>(scenario, options, *opened.device);
  } catch (const std::system_error& error) {  // its trace, or its API server
    RunResult result = not_opened(scenario, options, error.what());
    result.trace_error = error.what();
    return result;
  }
  return run->run();
}

}  // namespace packbench::hil
