// Thermal runaway in a pack: energy, onset, propagation, and that none of it depends on steps or on the batch.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "rare_cells.h"

namespace packbench::models {
namespace {

using test::equal_bare;
using test::hot_cell;
using test::step;

double core_heat_J(const Pack& pack, const PackState& state, Eigen::Index cell) {
  const CellParameters& c = pack.parameters().cell;
  return c.heat_capacity_J_per_K() *
         ((1 - c.surface_share) * state.core_degC[cell] + c.surface_share * state.surface_degC[cell]);
}

// Of what has reacted since `before`, at the charge of `state`.
double enthalpy_J(const Pack& pack, const PackState& before, const PackState& state) {
  const CellParameters& c = pack.parameters().cell;
  double sum = 0;
  for (std::size_t j = 0; j < c.runaway.reactions.size(); ++j) {
    const Reaction& reaction = c.runaway.reactions[j];
    sum += reaction.heat_J_per_kg * c.mass_kg * (1 - reaction.charge_share * (1 - state.soc[0])) *
           (state.reacted[j][0] - before.reacted[j][0]);
  }
  return sum;
}

// Alone and insulated: what warms the cell is the heater, the enthalpy of what has reacted and the charge that the
// short took, at the OCV of its moment. The OCV falls between sub-steps; the test takes it at the ends of its own
// steps, so it errs by half the fall times the charge of a step: at most 1/2 * 3.3 V * (2500 A * 0.05 s) in all.
TEST(RunawayEnergy, HeaterReactionsAndShortAddUpToTheWarming) {
  PackParameters parameters = equal_bare(hot_cell(), 1);
  parameters.ambient_W_per_K = 0;
  const Pack pack(parameters);
  PackState state = pack.initial_state(1, 25, 1);
  state.heater_W[0] = 600;
  const double start_J = core_heat_J(pack, state, 0);
  double heater_J = 0, short_J = 0, reaction_J = 0, reported_J = 0;
  const double dt_s = 0.05;
  for (int i = 0; i < 12'000; ++i) {
    if (state.core_degC[0] > 200) state.heater_W[0] = 0;
    const PackState before = state;
    step(pack, state, 0, dt_s, 1);
    short_J += (before.soc[0] - state.soc[0]) * 3600 * 100 * 3.3 * 0.5 * (before.ocv_factor[0] + state.ocv_factor[0]);
    heater_J += before.heater_W[0] * dt_s;
    reaction_J += enthalpy_J(pack, before, state);
    reported_J += state.heat_W[0] * dt_s;
  }
  const double warming_J = core_heat_J(pack, state, 0) - start_J;
  EXPECT_GT(state.core_degC[0], 400);
  EXPECT_GT(short_J, 1e4);
  EXPECT_NEAR(warming_J, heater_J + reported_J, 1e-9 * warming_J);
  EXPECT_NEAR(reported_J, short_J + reaction_J, 0.5 * 3.3 * 2500 * dt_s + 3.5e-4 * reaction_J);
}

TEST(RunawayEnergy, NothingReactsBelowTheBeginningAndConversionNeverTurnsBack) {
  const Pack pack(equal_bare(hot_cell(), 2));
  PackState state = pack.initial_state(0.5, 25, 1);
  step(pack, state, 50, 1, 600);
  for (const auto& alpha : {state.reacted[0], state.reacted[1], state.reacted[2], state.reacted[3]}) {
    EXPECT_EQ(alpha.maxCoeff(), 0);
  }
  state.heater_W[0] = 1500;
  auto before = state.reacted;
  for (int i = 0; i < 900; ++i) {
    step(pack, state, 0, 1, 1);
    for (std::size_t j = 0; j < before.size(); ++j) {
      ASSERT_TRUE((state.reacted[j] >= before[j]).all() && (state.reacted[j] <= 1).all());
    }
    before = state.reacted;
  }
  EXPECT_GT(state.reacted[2][0], 0.99);
}

// Middle cell of five, shorted with 20 mohm, for an hour.
PackState shorted(const Pack& pack, double dt_s) {
  PackState state = pack.initial_state(1, 25, 1);
  state.internal_S[2] = 50;
  step(pack, state, 0, dt_s, static_cast<int>(3600 / dt_s + 0.5));
  return state;
}

Pack five(double neighbour_W_per_K, const std::vector<Reaction>& reactions = runaway_lfp().reactions) {
  PackParameters parameters = equal_bare(hot_cell(), 5);
  parameters.neighbour_W_per_K = neighbour_W_per_K;
  parameters.cell.runaway.reactions = reactions;
  return Pack(parameters);
}

TEST(Runaway, SpreadsToNeighboursThatTouchAndNotAcrossAGap) {
  const PackState touching = shorted(five(2.0, runaway_nmc().reactions), 1);
  const PackState apart = shorted(five(0.1, runaway_nmc().reactions), 1);
  for (const Eigen::Index cell : {0, 1, 2, 3, 4}) {
    EXPECT_GT(touching.reacted[2][cell], 0.99) << cell;
    EXPECT_EQ(apart.reacted[2][cell] > 0.5, cell == 2) << cell;
  }
  EXPECT_DOUBLE_EQ(touching.core_degC[0], touching.core_degC[4]);  // both sides alike
}

TEST(Runaway, OfLfpIsTooMildToSpreadWhereNmcSpreads) {
  const PackState state = shorted(five(2.0), 1);
  EXPECT_GT(state.reacted[2][2], 0.99);
  EXPECT_LT(state.reacted[2][1], 0.5);
}

// Golubkov et al., RSC Advances 4 (2014) 3633: charged 18650 cells heated into runaway reach 404 degC (LFP) and 678
// degC (NMC; both from memory). Nothing leaves the model's cell, while a real one vents hot gas and loses mass: so it
// ends hotter, but not by more than a third of the rise.
TEST(Runaway, PeaksAboveThePublishedTemperaturesByWhatIsNotVented) {
  const auto peak_degC = [](const std::vector<Reaction>& reactions) {
    const Pack pack = five(0.1, reactions);
    PackState state = pack.initial_state(1, 25, 1);
    state.heater_W[2] = 500;
    double peak = 0;
    for (int i = 0; i < 1800; ++i) {
      step(pack, state, 0, 1, 1);
      if (state.core_degC[2] > 150) state.heater_W[2] = 0;
      peak = std::max(peak, state.core_degC[2]);
    }
    return peak;
  };
  const double lfp_degC = peak_degC(runaway_lfp().reactions), nmc_degC = peak_degC(runaway_nmc().reactions);
  EXPECT_GT(lfp_degC, 404);
  EXPECT_LT(lfp_degC, 404 + 404 / 3.0);
  EXPECT_GT(nmc_degC, 678);
  EXPECT_LT(nmc_degC, 678 + 678 / 3.0);
}

// Sub-steps are at most 1 s and 0.25 K of electrical heat whatever dt, so only their phase differs.
TEST(Runaway, StepsOfAnyLengthEndAlike) {
  const Pack pack = five(0.5);
  const PackState reference = shorted(pack, 0.1);
  for (const double dt_s : {0.7, 1.0, 10.0, 60.0}) {
    const PackState state = shorted(pack, dt_s);
    EXPECT_LT((state.core_degC - reference.core_degC).abs().maxCoeff(), dt_s == 0.7 ? 0.2 : 0.1) << dt_s;
    for (std::size_t j = 0; j < state.reacted.size(); ++j) {
      EXPECT_LT((state.reacted[j] - reference.reacted[j]).abs().maxCoeff(), 1e-3) << dt_s;
    }
  }
}

TEST(Runaway, AHotterStartNeverEndsCooler) {
  double before = -100;
  for (double start_degC = 40; start_degC <= 150; start_degC += 10) {
    PackParameters parameters = equal_bare(hot_cell(), 1);
    const Pack pack(parameters);
    PackState state = pack.initial_state(0.8, start_degC, 1);
    double peak_degC = 0;
    for (int i = 0; i < 60; ++i) {
      step(pack, state, 0, 60, 1);
      peak_degC = std::max(peak_degC, state.core_degC[0]);
    }
    EXPECT_GE(peak_degC, before) << start_degC;
    before = peak_degC;
  }
  EXPECT_GT(before, 400);
}

TEST(Runaway, TheSameBitsAloneAndInABatch) {
  const Pack alone = five(2.0);
  const Pack batch(alone.parameters(), 3);
  PackState one = alone.initial_state(1, 25, 1), many = batch.initial_state(1, 25, 1);
  one.internal_S[2] = many.internal_S[5 + 2] = 50;
  step(alone, one, 0, 1, 900);
  step(batch, many, 0, 1, 900);
  EXPECT_GT(one.core_degC[2], 300);
  EXPECT_TRUE((many.core_degC.segment(5, 5) == one.core_degC).all());
  EXPECT_TRUE((many.reacted[1].segment(5, 5) == one.reacted[1]).all());
  EXPECT_TRUE((many.soc.segment(5, 5) == one.soc).all());
  EXPECT_LT(many.core_degC.head(5).maxCoeff(), 26);
}

TEST(Separator, CollapseIsAShortThatNobodyCanTakeBack) {
  const Pack pack(equal_bare(hot_cell(), 1));
  PackState state = pack.initial_state(1, 145, 1);
  step(pack, state, 0, 1, 1);
  const double half_S = 0.5 / 0.002;
  EXPECT_NEAR(state.grown_S[0], half_S, 0.05 * half_S);  // the first second's heat moves it on
  for (const double cooler_degC : {138.0, 25.0}) {
    state.core_degC[0] = state.surface_degC[0] = cooler_degC;
    step(pack, state, 0, 1, 1);
    EXPECT_GE(state.grown_S[0], half_S);
  }
  state.internal_S[0] = 0;
  step(pack, state, 0, 1, 2);
  EXPECT_EQ(state.internal_S[0], state.grown_S[0]);
}

TEST(Separator, VoltageCollapsesInARunaway) {
  const Pack pack = five(0.5);
  PackState state = pack.initial_state(1, 25, 1);
  state.internal_S[2] = 50;
  Eigen::ArrayXd before_V, after_V;
  const double none = 0;
  pack.cell_voltage(state, {&none, 1}, {}, before_V);
  step(pack, state, 0, 1, 900);
  pack.cell_voltage(state, {&none, 1}, {}, after_V);
  EXPECT_GT(before_V[2], 3);
  EXPECT_LT(after_V[2], 0.8);
  EXPECT_LT(state.ocv_factor[2], 0.3);
  EXPECT_GT(after_V[0], 3.2);
}

}  // namespace
}  // namespace packbench::models
