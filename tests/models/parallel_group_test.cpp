// Cells in parallel: how they share the current of their position.
#include "models/parallel_group.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cells.h"
#include "models/random.h"

namespace packbench::models {
namespace {

using test::equal_cells;
using test::plain_cell;
using test::sony_cell;

PackParameters groups(int cells, int parallel) {
  PackParameters parameters;
  parameters.cell = sony_cell();
  parameters.cells = cells;
  parameters.parallel = parallel;
  return parameters;
}

// A random state of a pack of groups, well out of balance.
PackState out_of_balance(const Pack& pack, std::uint64_t seed) {
  PackState state = pack.initial_state(0.5, 25, seed);
  Stream stream(seed, "balance");
  for (double& soc : state.soc) soc += stream.uniform(-0.45, 0.45);
  for (double& factor : state.resistance_factor) factor *= stream.uniform(0.5, 3);
  for (double& joint_ohm : state.joint_ohm) joint_ohm = stream.uniform(0, 1e-3);
  state.internal_S[1] = 0.5;
  return state;
}

TEST(ParallelGroup, CurrentsAddUpToThePackCurrent) {
  for (const int parallel : {1, 2, 7, 100}) {
    const Pack pack(groups(4, parallel), 2);
    PackState state = out_of_balance(pack, 3);
    const std::vector<double> pack_A = {120.0 * parallel, -55.5};
    const std::vector<std::uint8_t> bleed = {1, 0, 0, 1, 0, 1, 0, 0};
    Eigen::ArrayXd current_A;
    for (int step = 0; step < 20; ++step) {
      pack.cell_current(state, pack_A, bleed, current_A);
      for (int i = 0; i < 8; ++i) {
        EXPECT_NEAR(current_A.segment(i * parallel, parallel).sum(), pack_A[static_cast<std::size_t>(i / 4)], 1e-9);
      }
      pack.step(state, pack_A, bleed, {}, 1.0);
    }
  }
}

// The currents of a step, from the charge that moved: the group's charge is what went in.
TEST(ParallelGroup, ChargeOfAGroupMovesByThePackCurrent) {
  const Pack pack(groups(3, 5));
  PackState state = out_of_balance(pack, 8);
  state.internal_S.setZero();
  const double before_Ah = (state.soc * state.capacity_Ah).segment(5, 5).sum();
  const double pack_A = -250;
  for (int i = 0; i < 100; ++i) pack.step(state, {&pack_A, 1}, {}, {}, 1.0);
  EXPECT_NEAR((state.soc * state.capacity_Ah).segment(5, 5).sum() - before_Ah, -25'000.0 / 3600, 1e-11);
}

TEST(ParallelGroup, MembersHaveOneVoltage) {
  const Pack pack(groups(3, 6));
  const PackState state = out_of_balance(pack, 5);
  const double pack_A = 300;
  Eigen::ArrayXd shared_V, current_A;
  pack.cell_voltage(state, {&pack_A, 1}, {}, shared_V);
  pack.cell_current(state, {&pack_A, 1}, {}, current_A);
  // Each member alone, as a pack of one cell; the direction of its tables is that of the group.
  const Pack one(groups(1, 1));
  for (int k = 0; k < 18; ++k) {
    PackState cell = one.initial_state(0.5, 25, 1);
    cell.soc = state.soc[k], cell.capacity_Ah = state.capacity_Ah[k], cell.joint_ohm = state.joint_ohm[k];
    cell.resistance_factor = state.resistance_factor[k], cell.internal_S = state.internal_S[k];
    const Pack::Source source = one.source(cell, 0, 1, {});
    EXPECT_NEAR(source.emf_V + source.resistance_ohm * current_A[k], shared_V[k / 6], 1e-13);
  }
}

// Equal members behave as one cell with the same current each, and nothing flows between them.
TEST(ParallelGroup, OfEqualCellsIsAsItsCells) {
  PackParameters parameters = equal_cells(sony_cell(), 2);
  const Pack single(parameters);
  parameters.parallel = 3;
  parameters.neighbour_W_per_K = 0;
  const Pack group(parameters);
  PackState one = single.initial_state(0.4, 20, 1), three = group.initial_state(0.4, 20, 1);
  for (int i = 0; i < 600; ++i) {
    const double cell_A = i < 300 ? 80 : -60, group_A = 3 * cell_A;
    single.step(one, {&cell_A, 1}, {}, {20, 20}, 1.0);
    group.step(three, {&group_A, 1}, {}, {20, 20}, 1.0);
  }
  for (int k = 0; k < 6; ++k) {
    EXPECT_NEAR(three.soc[k], one.soc[0], 1e-12);
    EXPECT_NEAR(three.core_degC[k], one.core_degC[0], 1e-9);
    EXPECT_NEAR(three.hysteresis[k], one.hysteresis[0], 1e-10);
  }
}

// Two cells of constant resistance on a straight OCV, at rest: their difference decays with slope / (3600 Q R) per
// side.
TEST(ParallelGroup, EvensOutAsTheAnalyticSolution) {
  CellParameters cell = plain_cell();
  cell.ocv_V = {{0, 1}, {3.0, 4.0}};
  cell.pairs.clear();
  PackParameters parameters = equal_cells(cell);
  parameters.parallel = 2;
  const Pack pack(parameters);
  const double rate = 1.0 / (3600 * 100 * 0.6e-3);
  for (const double dt_s : {0.1, 1.0, 60.0}) {
    PackState state = pack.initial_state(0.5, 25, 1);
    state.soc << 0.52, 0.48;
    const double none_A = 0;
    for (int i = 0; i < std::lround(300 / dt_s); ++i) pack.step(state, {&none_A, 1}, {}, {}, dt_s);
    // Implicit midpoint: (1 - x/2) / (1 + x/2) instead of exp(-x), x = rate * 1 s: x^2/12 of the exponent.
    const double expected = 0.04 * std::exp(-300 * rate);
    EXPECT_NEAR(state.soc[0] - state.soc[1], expected, expected * 300 * rate * rate * rate / 12 + 1e-13);
    EXPECT_NEAR(state.soc[0] + state.soc[1], 1.0, 1e-12);
  }
}

TEST(ParallelGroup, HasTheCapacityOfItsMembers) {
  PackParameters parameters = equal_cells(plain_cell(), 2);
  parameters.parallel = 2;
  const Pack group(parameters);
  PackState state = group.initial_state(0.5, 25, 1);
  state.soc << 0.5, 0.3, 0.5, 0.7;  // 80 Ah and 120 Ah of 200 Ah
  EXPECT_NEAR(group.pack_soc(state, 0), 80.0 / 160.0, 1e-15);
}

TEST(ParallelGroup, StartsAtTheAskedPackSoc) {
  const Pack pack(groups(15, 8), 3);
  const PackState state = pack.initial_state(0.37, 25, 4);
  for (int p = 0; p < 3; ++p) EXPECT_NEAR(pack.pack_soc(state, p), 0.37, 1e-13);
}

}  // namespace
}  // namespace packbench::models
