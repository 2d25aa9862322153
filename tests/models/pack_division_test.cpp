// How a step is divided does not show: any steps from 1 ms to 60 s end in the same place, within what pack.h states.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "cells.h"
#include "models/random.h"

namespace packbench::models {
namespace {

using test::sony_cell;

struct Stretch {
  double time_s, current_A;
  bool bleeds;
};

// About `time_s` of random currents up to `most_C`, mostly towards half charge; some cells bleed now and then.
std::vector<Stretch> random_profile(Stream& stream, double time_s, double most_A, double soc) {
  std::vector<Stretch> profile;
  for (double t = 0; t < time_s; t += profile.back().time_s) {
    const double size_A = stream.uniform() < 0.2 ? 0.0 : most_A * stream.uniform();
    const double sign = stream.uniform() < 0.7 ? (soc > 0.5 ? -1 : 1) : (stream.uniform() < 0.5 ? -1 : 1);
    profile.push_back({std::floor(stream.uniform(1, 300)), sign * size_A, stream.uniform() < 0.3});
  }
  return profile;
}

struct Difference {
  double voltage_V = 0, temperature_K = 0, soc = 0;
};

double most(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) { return (a - b).abs().maxCoeff(); }

Difference between(const Pack& pack, const PackState& a, const PackState& b, double current_A) {
  Difference worst;
  Eigen::ArrayXd first_V, second_V;
  for (const double amps : {current_A, 0.0, -current_A}) {
    pack.cell_voltage(a, {&amps, 1}, {}, first_V);
    pack.cell_voltage(b, {&amps, 1}, {}, second_V);
    worst.voltage_V = std::max(worst.voltage_V, most(first_V, second_V));
  }
  worst.temperature_K = std::max(most(a.core_degC, b.core_degC), most(a.surface_degC, b.surface_degC));
  worst.soc = most(a.soc, b.soc);
  return worst;
}

// Advances through a stretch in steps that `next_s` gives.
template <class Next>
void run_stretch(const Pack& pack, PackState& state, const Stretch& stretch, Next next_s) {
  std::vector<std::uint8_t> bleed(static_cast<std::size_t>(pack.cells()), 0);
  for (std::size_t i = 0; i < bleed.size(); i += 2) bleed[i] = stretch.bleeds ? 1 : 0;
  for (double left_s = stretch.time_s; left_s > 1e-9;) {
    double dt_s = std::min(next_s(), left_s);
    if (left_s - dt_s < 1e-9) dt_s = left_s;
    pack.step(state, {&stretch.current_A, 1}, bleed, {25, 25}, dt_s);
    left_s -= dt_s;
  }
}

struct Case {
  const char* name;
  double most_C, start_degC, short_S;
  int parallel;
};

class Division : public testing::TestWithParam<Case> {};

TEST_P(Division, OfAStepDoesNotShow) {
  const Case& c = GetParam();
  PackParameters parameters;
  parameters.cell = sony_cell();
  parameters.parallel = c.parallel;
  const Pack pack(parameters);
  for (std::uint64_t trial = 0; trial < 4; ++trial) {
    Stream stream(trial, "division");
    const double soc = stream.uniform();
    PackState fine = pack.initial_state(soc, c.start_degC, trial);
    fine.internal_S[3] = c.short_S;
    PackState second = fine, minute = fine, random = fine;
    for (const Stretch& stretch : random_profile(stream, 1800, c.most_C * 100 * c.parallel, soc)) {
      run_stretch(pack, fine, stretch, [] { return 0.01; });
      run_stretch(pack, second, stretch, [] { return 1.0; });
      run_stretch(pack, minute, stretch, [] { return 60.0; });
      // From 1 ms to 60 s, each order of magnitude as often.
      run_stretch(pack, random, stretch, [&] { return 1e-3 * std::exp(stream.uniform(0, std::log(6e4))); });
      for (const PackState* other : {&second, &minute, &random}) {
        const Difference d = between(pack, fine, *other, stretch.current_A);
        ASSERT_LT(d.voltage_V, kDivisionBound_V) << trial;
        ASSERT_LT(d.temperature_K, kDivisionBound_K) << trial;
        ASSERT_LT(d.soc, kDivisionBound_soc) << trial;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pack, Division,
                         testing::Values(Case{"Ordinary", 1, 25, 0, 1}, Case{"Cold", 1, -20, 0, 1},
                                         Case{"Hard", 3, 25, 0, 1}, Case{"WithAShort", 1, 25, 10, 1},
                                         Case{"InGroups", 1, 25, 0, 4}),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace packbench::models
