// Steps of cells per second.
#include <benchmark/benchmark.h>

#include <stdexcept>
#include <variant>
#include <vector>

#include "models/pack.h"
#include "sim/language/cell_file_reader.h"

namespace packbench::models {
namespace {

constexpr int kCells = 15;
constexpr double kStep_s = 0.01;
constexpr double kAmbient_degC = 25;

PackParameters parameters() {
  const auto read = sim::read_cell_file(PACKBENCH_CELLS "/lfp_sony26650/cell.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  PackParameters pack;
  pack.cell = scaled_to(std::get<sim::CellFile>(read).cell, 100);
  return pack;
}

std::vector<double> currents(int packs) {
  std::vector<double> current_A(static_cast<std::size_t>(packs));
  for (int p = 0; p < packs; ++p) current_A[static_cast<std::size_t>(p)] = p * 37 % 161 - 80;
  return current_A;
}

void count_cell_steps(benchmark::State& run, int packs) {
  run.counters["cell_steps"] =
      benchmark::Counter(static_cast<double>(run.iterations()) * packs * kCells, benchmark::Counter::kIsRate);
}

void pack_step(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  const Pack pack(parameters(), packs);
  PackState state = pack.initial_state(0.5, kAmbient_degC, 1);
  const std::vector<double> current_A = currents(packs);
  const std::vector<std::uint8_t> bleed(static_cast<std::size_t>(packs * kCells), 0);
  for (auto _ : run) {
    pack.step(state, current_A, bleed, {kAmbient_degC, kAmbient_degC}, kStep_s);
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, packs);
}

BENCHMARK(pack_step)->Arg(1)->Arg(1000);

}  // namespace
}  // namespace packbench::models

BENCHMARK_MAIN();
