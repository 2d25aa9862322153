// Initial states: the spread of cells, its statistics and its seed.
#include <gtest/gtest.h>

#include <cmath>

#include "cells.h"

namespace packbench::models {
namespace {

using test::equal_cells;
using test::plain_cell;

PackParameters spread_pack() {
  PackParameters parameters;
  parameters.cell = plain_cell();
  return parameters;
}

double standard_deviation(const Eigen::ArrayXd& x) {
  return std::sqrt((x - x.mean()).square().sum() / double(x.size() - 1));
}

// The deviation of n normal numbers is itself known to sigma / sqrt(2 n): five of them. Cutting at four sigma takes
// another 0.06 % off (1 - variance = 2 (4 phi(4) - 15 Q(4)) = 1.1e-3). The mean is known to sigma / sqrt(n).
TEST(Spread, HasTheGivenDeviations) {
  constexpr int kPacks = 2000, kCells = 15, kDraws = kPacks * kCells;
  const Pack pack(spread_pack(), kPacks);
  const PackState state = pack.initial_state(0.5, 25, 3);
  const double doubt = 5.0 / std::sqrt(2.0 * kDraws) + 6e-4;
  EXPECT_NEAR(standard_deviation(state.capacity_Ah) / 0.4, 1, doubt);
  EXPECT_NEAR(standard_deviation(state.resistance_factor) / 0.025, 1, doubt);
  EXPECT_NEAR(state.capacity_Ah.mean(), 100, 5 * 0.4 / std::sqrt(kDraws));
  EXPECT_NEAR(state.resistance_factor.mean(), 1, 5 * 0.025 / std::sqrt(kDraws));
  // Each pack is shifted as a whole to its pack SOC, so the spread of SOC is the one within packs.
  double squares = 0;
  for (int p = 0; p < kPacks; ++p) {
    const Eigen::ArrayXd soc = state.soc.segment(p * kCells, kCells);
    squares += (soc - soc.mean()).square().sum();
  }
  EXPECT_NEAR(std::sqrt(squares / (kPacks * (kCells - 1.0))) / 0.0025, 1, doubt * std::sqrt(15.0 / 14.0));
  EXPECT_LE((state.resistance_factor - 1).abs().maxCoeff(), 4 * 0.025);
}

TEST(Spread, StartsEveryPackAtTheAskedPackSoc) {
  const Pack pack(spread_pack(), 50);
  for (const double soc : {0.0, 0.01, 0.5, 0.9, 1.0}) {
    const PackState state = pack.initial_state(soc, 25, 11);
    for (int p = 0; p < 50; ++p) EXPECT_NEAR(pack.pack_soc(state, p), soc, 1e-14);
    EXPECT_GE(state.soc.minCoeff(), -1e-15);
    EXPECT_LE(state.soc.maxCoeff(), 1 + 1e-15);
  }
}

TEST(Spread, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const Pack pack(spread_pack(), 4);
  EXPECT_EQ(pack.initial_state(0.5, 25, 7), pack.initial_state(0.5, 25, 7));
  EXPECT_FALSE(pack.initial_state(0.5, 25, 7) == pack.initial_state(0.5, 25, 8));
}

TEST(Spread, OfZeroMakesEqualCells) {
  const Pack pack(equal_cells(plain_cell(), 15));
  const PackState state = pack.initial_state(0.37, 18, 7);
  EXPECT_TRUE((state.soc == 0.37).all());
  EXPECT_TRUE((state.capacity_Ah == 100).all());
  EXPECT_TRUE((state.resistance_factor == 1).all());
  EXPECT_TRUE((state.core_degC == 18).all());
  EXPECT_TRUE((state.surface_degC == 18).all());
}

TEST(PackSoc, IsSetByTheWeakestAndTheFullestCell) {
  const Pack pack(equal_cells(plain_cell(), 3));
  PackState state = pack.initial_state(0.5, 25, 1);
  state.soc << 0.4, 0.5, 0.7;
  state.capacity_Ah << 100, 80, 100;
  // 40 Ah until cell 1 (or 2) is empty, 30 Ah until cell 3 is full.
  EXPECT_NEAR(pack.pack_soc(state, 0), 40.0 / 70.0, 1e-15);
}

}  // namespace
}  // namespace packbench::models
