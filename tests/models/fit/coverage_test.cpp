// The stated standard errors are true: over many noises the truth lies within two of them about as often as it should.
#include <gtest/gtest.h>

#include <cmath>

#include "models/fit/fit.h"
#include "tests/models/fit/synthetic.h"

namespace packbench::models::fit {
namespace {

constexpr int kSeeds = 24;

struct Count {
  int inside = 0, all = 0;
  void add(double value, double sigma, double truth) {
    ++all;
    inside += std::abs(value - truth) <= 2 * sigma;
  }
  double share() const { return static_cast<double>(inside) / all; }
};

struct Counts {
  Count tau, r0, pairs, ocv;
};

double line(double empty, double full, double soc) { return empty + (full - empty) * soc; }

void count_map(Count& count, const MapTable& map, double empty, double full) {
  for (std::size_t i = 0; i < map.soc.size(); ++i) {
    if (map.soc[i] > 0.14 && map.soc[i] < 0.96)
      count.add(map.discharge_ohm[i], map.discharge_sigma_ohm[i], line(empty, full, map.soc[i]));
  }
}

Counts over_seeds() {
  Counts counts;
  const Truth truth;
  Options options;
  options.capacity_Ah = truth.capacity_Ah;
  options.by_direction = false;
  options.hysteresis = false;
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const Record record = hppc(truth, {.noise_V = 0.001, .seed = static_cast<std::uint64_t>(seed)});
    const Result result = fit_cell(std::span(&record, 1), options);
    counts.tau.add(result.pairs[0].tau_s, result.pairs[0].tau_sigma_s, truth.tau1_s);
    counts.tau.add(result.pairs[1].tau_s, result.pairs[1].tau_sigma_s, truth.tau2_s);
    count_map(counts.r0, result.r0, 0.004, 0.003);
    count_map(counts.pairs, result.pairs[0].resistance, 0.003, 0.002);
    count_map(counts.pairs, result.pairs[1].resistance, 0.004, 0.003);
    for (std::size_t i = 0; i < result.ocv.soc.size(); ++i) {
      if (result.ocv.soc[i] > 0.14 && result.ocv.soc[i] < 0.99)
        counts.ocv.add(result.ocv.value[i], result.ocv.sigma[i], line(3.2, 4.1, result.ocv.soc[i]));
    }
  }
  return counts;
}

// Two standard errors of a normal distribution hold 95.4 %. 24 seeds with about 9 knots each, which hang together, make
// the share itself uncertain by about 4 %; the prior (smooth tables) is true here, so errors may be stated too large
// but not too small. 85 % would mean errors stated by a third too small.
TEST(Coverage, TruthLiesWithinTwoStandardErrors) {
  const Counts counts = over_seeds();
  EXPECT_GE(counts.tau.share(), 0.85);
  EXPECT_GE(counts.r0.share(), 0.88);
  EXPECT_GE(counts.pairs.share(), 0.88);
  EXPECT_GE(counts.ocv.share(), 0.88);
  RecordProperty("tau", std::to_string(counts.tau.share()));
  RecordProperty("r0", std::to_string(counts.r0.share()));
  RecordProperty("pairs", std::to_string(counts.pairs.share()));
  RecordProperty("ocv", std::to_string(counts.ocv.share()));
}

TEST(Coverage, StandardErrorsGrowWithTheNoise) {
  Options options;
  options.capacity_Ah = 10;
  options.by_direction = false;
  options.hysteresis = false;
  const Record quiet = hppc({}, {.noise_V = 0.0005}), loud = hppc({}, {.noise_V = 0.002});
  const Result a = fit_cell(std::span(&quiet, 1), options), b = fit_cell(std::span(&loud, 1), options);
  const std::size_t middle = a.r0.soc.size() / 2;
  const double ratio = b.r0.discharge_sigma_ohm[middle] / a.r0.discharge_sigma_ohm[middle];
  EXPECT_GT(ratio, 2.5);  // four times the noise; smoothness keeps them a little closer
  EXPECT_LT(ratio, 4.5);
}

}  // namespace
}  // namespace packbench::models::fit
