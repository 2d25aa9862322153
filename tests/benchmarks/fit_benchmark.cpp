// Time of one identification from the measured Leaf files, one core.
#include <benchmark/benchmark.h>

#include "tests/models/fit/leaf.h"

namespace packbench::models::fit {
namespace {

std::vector<Record> records_of(int files) {
  std::vector<Record> records{leaf_hppc(25)};
  if (files == 3) {
    records.push_back(leaf_hppc(10));
    records.push_back(leaf_hppc(40));
  }
  return records;
}

void fit_leaf(benchmark::State& state) {
  const std::vector<Record> records = records_of(static_cast<int>(state.range(0)));
  Options options;
  options.pairs = static_cast<int>(state.range(1));
  std::size_t samples = 0;
  for (const Record& record : records) samples += record.time_s.size();
  for (auto _ : state) benchmark::DoNotOptimize(fit_cell(records, options));
  state.counters["samples"] = static_cast<double>(samples);
}
BENCHMARK(fit_leaf)
    ->ArgNames({"files", "pairs"})
    ->Args({1, 2})
    ->Args({1, 3})
    ->Args({3, 2})
    ->Args({3, 3})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace packbench::models::fit

BENCHMARK_MAIN();
