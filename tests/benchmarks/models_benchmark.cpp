// Steps of cells per second: Pack::step against a bare scalar loop of the same arithmetic over plain arrays, without
// classes, checks or Eigen. Both must end in the same bits; a benchmark whose results differ reports an error instead
// of a time.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/deterministic_math.h"
#include "models/pack.h"
#include "sim/language/cell_tables.h"

namespace packbench::models {
namespace {

constexpr int kCells = 15;
constexpr double kStep_s = 0.01;
constexpr double kAmbient_degC = 25;

PackParameters parameters() {
  sim::Problems problems;
  const auto cell = sim::read_cell_tables(PACKBENCH_CELLS "/lfp_sony26650", 3.0, 100.0, problems);
  if (!cell) throw std::runtime_error(problems.front().what);
  PackParameters pack;
  pack.cell = *cell;
  return pack;
}

std::vector<double> currents(int packs) {
  std::vector<double> current_A(static_cast<std::size_t>(packs));
  for (int p = 0; p < packs; ++p) current_A[static_cast<std::size_t>(p)] = p * 37 % 161 - 80;
  return current_A;
}

// The bare loop: rows of OCV, half gap, dU/dT, 4 charge and 4 discharge resistances on the SOC grid.
struct Bare {
  static constexpr int kStride = 11;
  PackParameters p;
  std::vector<double> rows = std::vector<double>(201 * kStride);
  std::vector<double> soc, v1, v2, h, degC, capacity, factor, heat;
  double inverse[3];

  Bare(const PackParameters& from, const PackState& state) : p(from) {
    const auto array = [](const Eigen::ArrayXd& a) { return std::vector<double>(a.begin(), a.end()); };
    soc = array(state.soc), v1 = array(state.rc1_V), v2 = array(state.rc2_V), h = array(state.hysteresis);
    degC = array(state.temperature_degC), capacity = array(state.capacity_Ah), factor = array(state.resistance_factor);
    heat = array(state.heat_W);
    const CellLookup lookup(p.cell);
    const auto& temperatures = p.cell.resistance.temperature_degC;
    for (int i = 0; i <= 200; ++i) {
      double* row = &rows[static_cast<std::size_t>(i * kStride)];
      const auto point = lookup.at(i / 200.0, 25, Direction::charge);
      row[0] = point.ocv_V, row[1] = point.half_gap_V, row[2] = point.entropy_V_per_K;
      for (int j = 0; j < 4; ++j) {
        row[3 + j] = lookup.at(i / 200.0, temperatures[j], Direction::charge).resistance_ohm;
        row[7 + j] = lookup.at(i / 200.0, temperatures[j], Direction::discharge).resistance_ohm;
      }
    }
    for (int j = 0; j < 3; ++j) inverse[j] = 1.0 / (temperatures[j + 1] - temperatures[j]);
  }

  void step(const double* current, const unsigned char* bleed, int packs, double dt) {
    const double e1 = -expm1(-dt / p.cell.tau1_s), m1 = e1 / (dt / p.cell.tau1_s);
    const double s1 = -expm1(-2 * (dt / p.cell.tau1_s)) / (2 * (dt / p.cell.tau1_s));
    const double e2 = -expm1(-dt / p.cell.tau2_s), m2 = e2 / (dt / p.cell.tau2_s);
    const double s2 = -expm1(-2 * (dt / p.cell.tau2_s)) / (2 * (dt / p.cell.tau2_s));
    const double per_swing = 1.0 / p.cell.hysteresis_soc, hours = dt / 3600.0, conductance = 1.0 / p.bleed_ohm;
    const double eta = p.cell.coulomb_efficiency, per_capacity = dt / p.cell.heat_capacity_J_per_K();
    const double approach = -expm1(-p.ambient_W_per_K * per_capacity), gain = approach / p.ambient_W_per_K;
    const double theta = p.neighbour_W_per_K * per_capacity;
    const double* nodes = p.cell.resistance.temperature_degC.data();
    double pivot[kCells], above[kCells], carried = 0;
    for (int i = 0; i < kCells; ++i) {
      pivot[i] = 1.0 / (1.0 + theta * ((i > 0) + (i + 1 < kCells)) - carried);
      carried = theta * theta * pivot[i];
    }
    for (int pack = 0, k = 0; pack < packs; ++pack) {
      const double amps = current[pack];
      const int first = k, direction = amps > 0.0 ? 3 : 7;
      for (; k < first + kCells; ++k) {
        const double steps = soc[k] * 200, positive = steps > 0.0 ? steps : 0.0;
        const int index = static_cast<int>(positive < 199 ? positive : 199);
        const double open = steps - index, low = open > 0.0 ? open : 0.0, held = low < 1.0 ? low : 1.0;
        const double *a = &rows[static_cast<std::size_t>(index * kStride)], *b = a + kStride;
        const double entropy = a[2] + held * (b[2] - a[2]);
        double ocv = a[0] + open * (b[0] - a[0]) + (degC[k] - 25.0) * entropy;
        ocv = ocv < 0.0 ? 0.0 : ocv;
        ocv = ocv > 5.0 ? 5.0 : ocv;
        const double gap = a[1] + held * (b[1] - a[1]);
        const int j = (degC[k] >= nodes[1]) + (degC[k] >= nodes[2]);
        double weight = (degC[k] - nodes[j]) * inverse[j];
        weight = weight > 0.0 ? weight : 0.0;
        weight = weight < 1.0 ? weight : 1.0;
        const int c = direction + j;
        const double cooler = a[c] + held * (b[c] - a[c]), warmer = a[c + 1] + held * (b[c + 1] - a[c + 1]);
        const double ohm = (cooler + weight * (warmer - cooler)) * factor[k];

        const double r0 = p.cell.r0_share * ohm, r1 = p.cell.r1_share * ohm, r2 = p.cell.r2_share * ohm;
        const double emf = ocv + h[k] * gap + v1[k] + v2[k], g = bleed[k] ? conductance : 0.0;
        const double i = amps - g * (emf + r0 * amps) / (1.0 + r0 * g);
        const bool charging = i > 0.0;
        const double size = charging ? i : -i, swing = size * hours / capacity[k];
        const double w1 = r1 * i, d1 = v1[k] - w1, w2 = r2 * i, d2 = v2[k] - w2;
        v1[k] -= e1 * d1;
        v2[k] -= e2 * d2;
        const double q1 = w1 * w1 + 2.0 * w1 * d1 * m1 + d1 * d1 * s1, q2 = w2 * w2 + 2.0 * w2 * d2 * m2 + d2 * d2 * s2;
        const double h0 = h[k];
        h[k] += ((charging ? 1.0 : -1.0) - h0) * -expm1(-swing * per_swing);
        soc[k] += charging ? eta * swing : -swing;
        const double stored = charging ? eta * i : i;
        heat[k] = r0 * i * i + q1 / r1 + q2 / r2 + size * gap * (0.5 * (h0 * h0 + h[k] * h[k])) + (i - stored) * ocv +
                  stored * (degC[k] + 273.15) * entropy;
      }
      double previous = 0, next = 0;
      for (int i = 0; i < kCells; ++i) {
        const double before = degC[first + i] - kAmbient_degC;
        previous = (before - approach * before + gain * heat[first + i] + theta * previous) * pivot[i];
        above[i] = previous;
      }
      for (int i = kCells; i-- > 0;) {
        next = above[i] + theta * pivot[i] * next;
        degC[first + i] = kAmbient_degC + next;
      }
    }
  }
};

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
    pack.step(state, current_A, bleed, kAmbient_degC, kStep_s);
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, packs);
}

bool ends_in_the_same_bits(int packs) {
  const Pack pack(parameters(), packs);
  PackState state = pack.initial_state(0.5, kAmbient_degC, 1);
  Bare bare(pack.parameters(), state);
  const std::vector<double> current_A = currents(packs);
  std::vector<std::uint8_t> bleed(static_cast<std::size_t>(packs * kCells), 0);
  bleed[3] = 1;
  for (int i = 0; i < 200; ++i) {
    pack.step(state, current_A, bleed, kAmbient_degC, kStep_s);
    bare.step(current_A.data(), bleed.data(), packs, kStep_s);
  }
  const auto same = [](const Eigen::ArrayXd& a, const std::vector<double>& b) {
    return std::memcmp(a.data(), b.data(), b.size() * sizeof(double)) == 0;
  };
  return same(state.soc, bare.soc) && same(state.rc1_V, bare.v1) && same(state.rc2_V, bare.v2) &&
         same(state.hysteresis, bare.h) && same(state.temperature_degC, bare.degC) && same(state.heat_W, bare.heat);
}

void bare_loop(benchmark::State& run) {
  const int packs = static_cast<int>(run.range(0));
  if (!ends_in_the_same_bits(packs)) return run.SkipWithError("Pack::step and the bare loop end in different bits.");
  const Pack pack(parameters(), packs);
  Bare bare(pack.parameters(), pack.initial_state(0.5, kAmbient_degC, 1));
  const std::vector<double> current_A = currents(packs);
  const std::vector<std::uint8_t> bleed(static_cast<std::size_t>(packs * kCells), 0);
  for (auto _ : run) {
    bare.step(current_A.data(), bleed.data(), packs, kStep_s);
    benchmark::ClobberMemory();
  }
  count_cell_steps(run, packs);
}

BENCHMARK(bare_loop)->Arg(1)->Arg(1000);
BENCHMARK(pack_step)->Arg(1)->Arg(1000);

// Prints the usual lines and remembers the processor time of each benchmark.
class Remember : public benchmark::ConsoleReporter {
 public:
  Remember() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) time_[run.benchmark_name()] = run.GetAdjustedCPUTime();
    ConsoleReporter::ReportRuns(runs);
  }
  void print_ratio(const std::string& packs) const {
    const auto bare = time_.find("bare_loop/" + packs), ours = time_.find("pack_step/" + packs);
    if (bare == time_.end() || ours == time_.end() || !(ours->second > 0)) return;
    std::printf("%s pack(s): Pack::step runs at %.2f of the speed of the bare loop\n", packs.c_str(),
                bare->second / ours->second);
  }

 private:
  std::map<std::string, double> time_;
};

}  // namespace
}  // namespace packbench::models

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  packbench::models::Remember reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  for (const char* packs : {"1", "1000"}) reporter.print_ratio(packs);
}
