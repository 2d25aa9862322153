// Steps of cells per second: Pack::step with its full physics, one core and all, beside the machine's limit
// (limit_loop.h) and one cell at a time. Ratios are printed at the end.
//
// Long ones (Monte Carlo, a pack's year) run with --all.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "models/kernel.h"
#include "models/pack.h"
#include "sim/language/cell_file_reader.h"
#include "tests/benchmarks/limit_loop.h"

namespace packbench::models {
namespace {

constexpr int kCells = 15;
constexpr double kStep_s = 1.0;
constexpr double kAmbient_degC = 25;
constexpr int kSteps = 64;  // in one direction; then the currents reverse, so that cells stay where they are

CellParameters cell_of_the_pack() {
  const auto read = sim::read_cell_file(PACKBENCH_CELLS "/lfp_sony26650/cell.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  return scaled_to(std::get<sim::CellFile>(read).cell, 100);
}

// Reactions, copper, plating and ageing have a pass of their own.
enum class Rare { without, with };

PackParameters parameters(int parallel = 1, Rare rare = Rare::without) {
  PackParameters pack;
  pack.cell = cell_of_the_pack();
  const CellParameters usual;
  pack.cell.mass_kg = usual.mass_kg;
  pack.cell.core_surface_W_per_K = usual.core_surface_W_per_K;
  if (rare == Rare::without) {
    pack.cell.runaway = usual.runaway;
    pack.cell.plating = usual.plating;
    pack.cell.reversal = usual.reversal;
    pack.cell.ageing = usual.ageing;
  }
  pack.parallel = parallel;
  return pack;
}

// 1C at most, another for each pack.
std::vector<double> currents(int packs, int parallel = 1) {
  std::vector<double> current_A(static_cast<std::size_t>(packs));
  for (int p = 0; p < packs; ++p) current_A[static_cast<std::size_t>(p)] = ((p + 1) * 37 % 161 - 80) * parallel;
  return current_A;
}

void count_cell_steps(benchmark::State& run, double cell_steps) {
  run.counters["cell_steps"] = benchmark::Counter(cell_steps, benchmark::Counter::kIsRate);
}

class Steps {
 public:
  explicit Steps(int packs, int parallel = 1, Rare rare = Rare::without)
      : pack_(parameters(parallel, rare), packs),
        state_(pack_.initial_state(0.5, kAmbient_degC, 1)),
        current_A_(currents(packs, parallel)),
        bleed_(static_cast<std::size_t>(packs * kCells), 0) {}

  void run() {
    if (++count_ % kSteps == 0) {
      for (double& amps : current_A_) amps = -amps;
    }
    pack_.step(state_, current_A_, bleed_, {kAmbient_degC, kAmbient_degC}, kStep_s);
  }

 private:
  Pack pack_;
  PackState state_;
  std::vector<double> current_A_;
  std::vector<std::uint8_t> bleed_;
  int count_ = 0;
};

void pack_step(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  Steps steps(packs);
  for (auto _ : run) {
    steps.run();
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * packs * kCells);
}

// The same packs, half and half, on every core.
void pack_step_all_cores(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0)) / run.threads() + 1;
  Steps steps(packs);
  for (auto _ : run) {
    steps.run();
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * packs * kCells);
}

// With the shipped cell's reactions, copper, plating and ageing.
void step_with_rare_effects(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  Steps steps(packs, 1, Rare::with);
  for (auto _ : run) {
    steps.run();
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * packs * kCells);
}

// Four cells in parallel at each position.
void group_step(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  Steps steps(packs, 4);
  for (auto _ : run) {
    steps.run();
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * packs * kCells * 4);
}

// Nothing when the limit loop and Pack::step end in the same place but for rounding.
const char* difference_to_limit(int packs) {
  PackParameters p = parameters();
  const Pack pack(p, packs);
  PackState state = pack.initial_state(0.5, kAmbient_degC, 1);
  const std::vector<double> current_A = currents(packs);
  LimitLoop limit(pack, state, current_A, kAmbient_degC, kStep_s);
  for (int i = 0; i < 100; ++i) {
    limit.step();
    pack.step(state, current_A, {}, {kAmbient_degC, kAmbient_degC}, kStep_s);
  }
  for (int k = 0; k < packs * kCells; ++k) {
    if (std::abs(limit.soc(k) - state.soc[k]) > 1e-13) return "The limit loop ends in another SOC than Pack::step.";
    if (std::abs(limit.core_degC(k) - state.core_degC[k]) > 1e-9) return "The limit loop ends in another temperature.";
    if (std::abs(limit.heat_W(k) - state.heat_W[k]) > 1e-9) return "The limit loop ends in another heat.";
  }
  return nullptr;
}

void limit_loop(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  if (!LimitLoop::runs()) return run.SkipWithError("This processor has no vectors that the limit loop is written for.");
  if (const char* difference = difference_to_limit(packs)) return run.SkipWithError(difference);
  const Pack pack(parameters(), packs);
  LimitLoop limit(pack, pack.initial_state(0.5, kAmbient_degC, 1), currents(packs), kAmbient_degC, kStep_s);
  int count = 0;
  for (auto _ : run) {
    if (++count % kSteps == 0) limit.reverse_currents();
    limit.step();
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * packs * kCells);
}

// 15, 1,005 and 100,005 cells.
BENCHMARK(limit_loop)->Arg(1)->Arg(67)->Arg(6667);
BENCHMARK(pack_step)->Arg(1)->Arg(67)->Arg(6667);
BENCHMARK(step_with_rare_effects)->Arg(1)->Arg(67);
BENCHMARK(group_step)->Arg(1)->Arg(17)->Arg(1667);
BENCHMARK(pack_step_all_cores)
    ->Arg(6667)
    ->ThreadRange(1, static_cast<int>(std::thread::hardware_concurrency()))
    ->UseRealTime();

// 10,000 different packs for an hour at 1 s, 25 at a time: what a thread works on stays in its cache.
void monte_carlo(benchmark::State& run) {
  constexpr int kPacks = 10'000, kTogether = 25, kHour_s = 3600;
  const Pack pack(parameters(), kTogether);
  for (auto _ : run) {
    std::atomic<int> next{0};
    std::atomic<double> lowest_soc{1.0};
    const auto work = [&] {
      for (int first; (first = next.fetch_add(kTogether)) < kPacks;) {
        PackState state = pack.initial_state(0.6, kAmbient_degC, 7, static_cast<std::uint64_t>(first));
        std::vector<double> current_A(kTogether);
        for (int s = 0; s < kHour_s; ++s) {
          for (int p = 0; p < kTogether; ++p) {
            current_A[static_cast<std::size_t>(p)] = ((first + p + s / 60) * 37 % 161) - 90;
          }
          pack.step(state, current_A, {}, {kAmbient_degC, kAmbient_degC}, 1.0);
        }
        const double lowest = state.soc.minCoeff();
        for (double seen = lowest_soc; lowest < seen && !lowest_soc.compare_exchange_weak(seen, lowest);) {
        }
      }
    };
    std::vector<std::thread> threads;
    for (int i = 0; i < run.range(0); ++i) threads.emplace_back(work);
    for (std::thread& thread : threads) thread.join();
    run.counters["lowest_soc"] = lowest_soc.load();
  }
  const PackState one = pack.initial_state(0.5, kAmbient_degC, 1);
  run.counters["state_bytes_per_thread"] = static_cast<double>(one.soc.size() * 8 * 14);
  count_cell_steps(run, static_cast<double>(run.iterations()) * kPacks * kCells * kHour_s);
}
BENCHMARK(monte_carlo)
    ->DenseRange(1, static_cast<int>(std::thread::hardware_concurrency()))
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

void pack_year(benchmark::State& run) {
  for (auto _ : run) {
    Steps steps(1);
    for (long s = 0; s < 365L * 86'400; ++s) steps.run();
  }
  count_cell_steps(run, static_cast<double>(run.iterations()) * kCells * 365 * 86'400);
}
BENCHMARK(pack_year)->Iterations(1)->Unit(benchmark::kSecond);

// Prints the usual lines and remembers the processor time of each benchmark.
class Remember : public benchmark::ConsoleReporter {
 public:
  Remember() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) time_[run.benchmark_name()] = run.error_occurred ? 0.0 : run.GetAdjustedCPUTime();
    ConsoleReporter::ReportRuns(runs);
  }
  // Time of `a` for each of its cells over that of `b` for each of its own.
  void print(const char* what, const std::string& a, double a_cells, const std::string& b, double b_cells) const {
    const auto first = time_.find(a), second = time_.find(b);
    if (first == time_.end() || second == time_.end() || !(first->second > 0 && second->second > 0)) return;
    std::printf("%s: %.2f\n", what, first->second / a_cells / (second->second / b_cells));
  }

 private:
  std::map<std::string, double> time_;
};

void print_ratios(const Remember& times) {
  times.print("Pack::step at 15 cells, of the limit", "limit_loop/1", 1, "pack_step/1", 1);
  times.print("Pack::step at 1,005 cells, of the limit", "limit_loop/67", 1, "pack_step/67", 1);
  times.print("Pack::step at 100,005 cells, of the limit", "limit_loop/6667", 1, "pack_step/6667", 1);
  times.print("time of a cell at 15 cells, over that at 100,005", "pack_step/1", 1, "pack_step/6667", 6667);
  times.print("time of a cell in groups of four, over that in series", "group_step/17", 4 * 17, "pack_step/67", 67);
}

}  // namespace
}  // namespace packbench::models

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  const auto all =
      std::find_if(arguments.begin(), arguments.end(), [](const char* a) { return !std::strcmp(a, "--all"); });
  std::string short_ones = "--benchmark_filter=-(monte_carlo|pack_year).*";
  if (all != arguments.end()) {
    arguments.erase(all);
  } else {
    arguments.insert(arguments.begin() + 1, short_ones.data());
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 1;
  packbench::models::Remember reporter;
  std::printf("vectors: %s\n", packbench::models::widest_kernel().name);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  print_ratios(reporter);
}
