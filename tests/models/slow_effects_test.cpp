// Self-discharge, shorts, reversal, plating and ageing of cells in a pack.
#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "rare_cells.h"
#include "tests/count_allocations.h"

namespace packbench::models {
namespace {

using test::bare_cell;
using test::equal_bare;
using test::step;

constexpr double kHour_s = 3600;

double voltage(const Pack& pack, const PackState& state, double current_A) {
  Eigen::ArrayXd out_V;
  pack.cell_voltage(state, {&current_A, 1}, {}, out_V);
  return out_V[0];
}

class ShortOf : public testing::TestWithParam<double> {};

// V = 3.3 R / (R + R0); the charge that leaves is V/R, the heat 3.3 V times that (in the short and in R0).
TEST_P(ShortOf, DrainsVOverRAndHeatsTheCell) {
  const double ohm = GetParam();
  const Pack pack(equal_bare(bare_cell(), 1));
  PackState state = pack.initial_state(0.9, 25, 1);
  state.internal_S[0] = 1 / ohm;
  step(pack, state, 0, 1, 60);
  const double current_A = 3.3 / (ohm + 1e-3);
  EXPECT_NEAR(0.9 - state.soc[0], current_A * 60 / (kHour_s * 100), 1e-9 + 1e-9 * current_A);
  EXPECT_NEAR(state.heat_W[0], 3.3 * current_A, 1e-9 * (1 + 3.3 * current_A));
}

INSTANTIATE_TEST_SUITE_P(AnyResistance, ShortOf, testing::Values(500.0, 5.0, 0.1, 0.01));

TEST(SelfDischarge, TakesChargeWhileAtRest) {
  CellParameters cell = bare_cell();
  cell.self_discharge_ohm = 330;  // 10 mA
  const Pack pack(equal_bare(cell, 1));
  PackState state = pack.initial_state(0.9, 25, 1);
  step(pack, state, 0, 60, 24 * 60);
  EXPECT_NEAR(0.9 - state.soc[0], 0.01 * 24 / 100, 1e-7);  // of which 1 mohm in 330 ohm is 7e-9
}

TEST(LostCapacity, MovesTheSocFaster) {
  const Pack pack(equal_bare(bare_cell(), 2));
  PackState state = pack.initial_state(0.9, 25, 1);
  state.capacity_Ah[1] *= 0.5;
  step(pack, state, -50, 1, 360);
  EXPECT_NEAR(0.9 - state.soc[1], 2 * (0.9 - state.soc[0]), 1e-12);
}

TEST(Joint, DropsVoltageAndHeatsTheSurfaceOnly) {
  PackParameters parameters = equal_bare(bare_cell(), 1);
  parameters.ambient_W_per_K = 0;
  const Pack pack(parameters);
  PackState state = pack.initial_state(0.9, 25, 1), sound = state;
  state.joint_ohm[0] = 2e-3;
  EXPECT_NEAR(voltage(pack, sound, -100) - voltage(pack, state, -100), 0.2, 1e-9);
  step(pack, state, -100, 1, 60);
  step(pack, sound, -100, 1, 60);
  EXPECT_NEAR(state.heat_W[0], sound.heat_W[0], 1e-9);  // in the core
  const double warmer_K =
      0.9 * (state.core_degC[0] - sound.core_degC[0]) + 0.1 * (state.surface_degC[0] - sound.surface_degC[0]);
  EXPECT_NEAR(warmer_K * bare_cell().heat_capacity_J_per_K(), 2e-3 * 100 * 100 * 60, 1e-6);
  EXPECT_GT(state.surface_degC[0], state.core_degC[0]);
}

// One cell of two is nearly empty; the pack goes on discharging through it.
PackState reversed(const Pack& pack, double soc) {
  PackState state = pack.initial_state(0.9, 25, 1);
  state.soc[1] = 0.01;
  while (state.soc[1] > soc) step(pack, state, -50, 1, 1);
  return state;
}

CellParameters copper_cell() {
  CellParameters cell = bare_cell();
  cell.reversal.short_S_per_Ah = 0.1;
  cell.reversal.most_S = 0.5;
  return cell;
}

TEST(Reversal, AnEmptyCellGoesBelowZeroVolt) {
  const Pack pack(equal_bare(bare_cell(), 2));
  const PackState state = reversed(pack, -0.11);
  Eigen::ArrayXd out_V;
  const double current_A = -50;
  pack.cell_voltage(state, {&current_A, 1}, {}, out_V);
  EXPECT_LT(out_V[1], 0);
  EXPECT_GT(out_V[0], 3);
}

TEST(Reversal, LeavesAShortInProportionToTheChargeBelowItsBeginning) {
  const Pack pack(equal_bare(copper_cell(), 2));
  EXPECT_EQ(reversed(pack, -0.119).grown_S[1], 0);
  const PackState state = reversed(pack, -0.14);
  EXPECT_NEAR(state.grown_S[1], 0.1 * 2.0, 0.1 * 50 / kHour_s + 1e-9);  // 2 Ah, seen in seconds
  EXPECT_EQ(state.internal_S[1], state.grown_S[1]);
  EXPECT_EQ(state.grown_S[0], 0);
  EXPECT_NEAR(reversed(pack, -0.3).grown_S[1], 0.5, 1e-12);
}

TEST(Reversal, TheShortStaysAndDrainsTheCellAfterCharging) {
  const Pack pack(equal_bare(copper_cell(), 2));
  PackState state = reversed(pack, -0.14);
  state.soc[0] = state.soc[1] = 0.5;
  state.internal_S[1] = 0;  // the owner takes his short away; the cell's own stays
  step(pack, state, 0, 1, 3600);
  EXPECT_EQ(state.soc[0], 0.5);
  EXPECT_NEAR(0.5 - state.soc[1], 3.3 * state.grown_S[1] / 100, 1e-4);
}

CellParameters plating_cell() {
  CellParameters cell = bare_cell();
  cell.mass_kg = 1e6;  // so that it stays cold
  cell.plating = {.temperature_degC = {0, 20}, .limit_empty_C = {0.1, 0.5}, .limit_full_C = {0.1, 0.5}};
  return cell;
}

TEST(Plating, CountsTheChargeAboveTheLimit) {
  const Pack pack(equal_bare(plating_cell(), 1));
  PackState state = pack.initial_state(0.1, 0, 1);
  step(pack, state, 50, 1, 600, 0);
  EXPECT_NEAR(state.plated_Ah[0], (50 - 10) * 600 / kHour_s, 1e-4);
  EXPECT_EQ(state.ocv_factor[0], 1);  // an indicator only
}

TEST(Plating, NeitherInTheWarmthNorBelowTheLimitNorWhileDischarging) {
  const Pack pack(equal_bare(plating_cell(), 1));
  for (const auto& [degC, current_A] : {std::pair{20.0, 49.0}, {0.0, 9.9}, {-10.0, -100.0}, {0.0, 0.0}}) {
    PackState state = pack.initial_state(0.1, degC, 1);
    step(pack, state, current_A, 1, 600, degC);
    EXPECT_EQ(state.plated_Ah[0], 0) << degC << " degC, " << current_A << " A";
  }
}

CellParameters ageing_cell(double acceleration) {
  CellParameters cell = bare_cell();
  cell.ageing = naumann_sony_us26650();
  cell.ageing.acceleration = acceleration;
  return cell;
}

TEST(AgeingInAPack, StorageCostsCapacityAndRaisesResistanceByTheClosedForm) {
  const Pack pack(equal_bare(ageing_cell(1000), 2));
  PackState state = pack.initial_state(1, 25, 1);
  state.capacity_Ah[1] = 80;  // a defect of the owner's stays
  step(pack, state, 0, 60, 9 * 60);
  const double time_s = 9 * kHour_s * 1000;
  const double kept = 1 - 1.2571e-5 * (2.8575 * 0.125 + 0.60225) * std::sqrt(time_s);
  EXPECT_NEAR(state.capacity_Ah[0], 100 * kept, 1e-6);
  EXPECT_NEAR(state.capacity_Ah[1], 80 * kept, 1e-6);
  EXPECT_NEAR(state.resistance_factor[0], 1 + 3.4194e-10 * (-3.3903 * 0.25 + 1.5604) * time_s, 1e-9);
}

TEST(AgeingInAPack, StepsOfAnyLengthAgeAlike) {
  const Pack pack(equal_bare(ageing_cell(1e3), 1));
  const auto aged = [&](double dt_s) {
    PackState state = pack.initial_state(0.2, 25, 1);
    for (int cycle = 0; cycle < 4; ++cycle) {
      for (const double current_A : {60.0, -60.0}) step(pack, state, current_A, dt_s, static_cast<int>(3000 / dt_s));
    }
    return state;
  };
  const PackState reference = aged(1);
  EXPECT_LT(reference.capacity_Ah[0], 97);
  EXPECT_LT(reference.age[0].cycle_loss_square, 1);
  for (const double dt_s : {0.5, 10.0, 60.0}) {
    EXPECT_NEAR(aged(dt_s).capacity_Ah[0], reference.capacity_Ah[0], 0.001) << dt_s;
    EXPECT_NEAR(aged(dt_s).resistance_factor[0], reference.resistance_factor[0], 1e-5) << dt_s;
  }
}

TEST(AgeingInAPack, MembersOfAGroupAgeAsASeriesCellAtTheirShare) {
  PackParameters group = equal_bare(ageing_cell(1e3), 1);
  group.parallel = 2;
  const Pack paired(group), single(equal_bare(ageing_cell(1e3), 1));
  PackState two = paired.initial_state(0.2, 25, 1), one = single.initial_state(0.2, 25, 1);
  for (const double current_A : {60.0, -60.0, 60.0}) {
    step(paired, two, 2 * current_A, 10, 300);
    step(single, one, current_A, 10, 300);
  }
  EXPECT_LT(one.capacity_Ah[0], 99);
  for (const Eigen::Index member : {0, 1}) EXPECT_NEAR(two.capacity_Ah[member], one.capacity_Ah[0], 1e-4);
}

TEST(RareEffects, ACellWithoutThemCarriesNoneOfTheirArrays) {
  const Pack pack(equal_bare(bare_cell(), 3));
  const PackState state = pack.initial_state(0.5, 25, 1);
  EXPECT_EQ(state.reacted[0].size() + state.plated_Ah.size() + state.grown_S.size(), 0);
  EXPECT_TRUE(state.age.empty());
}

TEST(RareEffects, AStateOfCellsWithOtherEffectsIsRefused) {
  PackState plain = Pack(equal_bare(bare_cell(), 1)).initial_state(0.5, 25, 1);
  for (const CellParameters& cell : {test::hot_cell(), copper_cell(), plating_cell(), ageing_cell(1)}) {
    EXPECT_THROW(step(Pack(equal_bare(cell, 1)), plain, 0, 1, 1), std::invalid_argument);
  }
}

TEST(RareEffects, ScaleWithTheCell) {
  CellParameters cell = test::hot_cell();
  cell.reversal.most_S = 6;
  const CellParameters small = scaled_to(cell, 50);
  EXPECT_DOUBLE_EQ(small.runaway.collapse_ohm, 2 * cell.runaway.collapse_ohm);
  EXPECT_DOUBLE_EQ(small.reversal.most_S, 3);
}

TEST(RareEffects, AllocateNothing) {
  CellParameters cell = test::hot_cell();
  cell.ageing = naumann_sony_us26650();
  cell.plating = plating_cell().plating;
  cell.reversal = copper_cell().reversal;
  const Pack pack(equal_bare(cell, 15));
  PackState state = pack.initial_state(0.5, 140, 1);
  const double current_A = 50;
  const long before = allocations();
  for (int i = 0; i < 100; ++i) pack.step(state, {&current_A, 1}, {}, {25, 25}, 1);
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace packbench::models
