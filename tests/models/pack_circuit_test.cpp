// The electrical side of a pack: RC pairs, charge, hysteresis, bleed, terminal voltage.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "cells.h"

namespace packbench::models {
namespace {

using test::equal_cells;
using test::first_voltage;
using test::plain_cell;
using test::run;
using test::sony_cell;

constexpr double kUnit = 0x1p-53;  // rounding of one operation

TEST(RcPairs, AnswerAStepOfCurrentAsTheirAnalyticSolution) {
  const CellParameters cell = plain_cell();
  const Pack pack(equal_cells(cell));
  PackState state = pack.initial_state(0.2, 25, 1);
  for (int second = 1; second <= 900; ++second) {
    run(pack, state, 50.0, 1.0, 1);
    const double v1 = 50.0 * 0.2e-3 * (1 - std::exp(-second / 5.0));
    const double v2 = 50.0 * 0.2e-3 * (1 - std::exp(-second / 300.0));
    // A step rounds a few times at most in the size of the final value, 10 mV.
    ASSERT_NEAR(state.rc_V[0][0], v1, 10e-3 * 8 * kUnit * second);
    ASSERT_NEAR(state.rc_V[1][0], v2, 10e-3 * 8 * kUnit * second);
    ASSERT_NEAR(first_voltage(pack, state, 50.0), 3.3 + 50.0 * 0.6e-3 + v1 + v2, 1e-14 * second);
  }
}

// 1 ms steps, 60 s steps and one step of 10 min end in the same place: N steps round N + 4 times.
TEST(RcPairs, DoNotCareHowTimeIsDivided) {
  const Pack pack(equal_cells(plain_cell()));
  const PackState start = pack.initial_state(0.5, 25, 1);
  PackState fine = start, coarse = start, single = start;
  run(pack, fine, -80.0, 1e-3, 600'000);
  run(pack, coarse, -80.0, 60.0, 10);
  run(pack, single, -80.0, 600.0, 1);
  const double bound = 16e-3 * 600'004 * kUnit;
  for (const PackState* other : {&coarse, &single}) {
    EXPECT_NEAR(fine.rc_V[0][0], other->rc_V[0][0], bound);
    EXPECT_NEAR(fine.rc_V[1][0], other->rc_V[1][0], bound);
    EXPECT_NEAR(fine.soc[0], other->soc[0], 600'004 * kUnit);
  }
}

TEST(Hysteresis, DoesNotCareHowTimeIsDivided) {
  CellParameters cell = plain_cell();
  cell.hysteresis_V = {{0, 1}, {0.02, 0.02}};
  const Pack pack(equal_cells(cell));
  PackState fine = pack.initial_state(0.5, 25, 1), coarse = fine;
  run(pack, fine, 40.0, 1e-3, 60'000);
  run(pack, coarse, 40.0, 60.0, 1);
  EXPECT_NEAR(fine.hysteresis[0], coarse.hysteresis[0], 60'010 * kUnit);
  EXPECT_NEAR(coarse.hysteresis[0], 1 - std::exp(-40.0 / 60.0 / 100.0 / cell.hysteresis_soc), 1e-14);
}

TEST(ChargeBalance, SocMovesByTheIntegralOfTheCurrent) {
  const Pack pack(equal_cells(sony_cell()));
  PackState state = pack.initial_state(0.5, 25, 1);
  double charge_As = 0;
  for (int i = 0; i < 20'000; ++i) {
    const double current_A = (i * 37 % 201) - 100;  // whole amperes: the sum is exact
    run(pack, state, current_A, 0.125, 1);
    charge_As += current_A * 0.125;
  }
  EXPECT_NEAR(state.soc[0], 0.5 + charge_As / 360'000, 20'000 * 2 * kUnit);
}

TEST(ChargeBalance, LosesTheInefficientPartOfChargingOnly) {
  CellParameters cell = plain_cell();
  cell.coulomb_efficiency = 0.99;
  const Pack pack(equal_cells(cell));
  PackState state = pack.initial_state(0.5, 25, 1);
  run(pack, state, 100.0, 360.0, 1);  // 360 sub-steps
  EXPECT_NEAR(state.soc[0], 0.599, 360 * kUnit);
  run(pack, state, -100.0, 360.0, 1);
  EXPECT_NEAR(state.soc[0], 0.499, 720 * kUnit);
}

TEST(Soc, MayLeaveZeroToOne) {
  const Pack pack(equal_cells(sony_cell()));
  PackState state = pack.initial_state(1.0, 25, 1);
  run(pack, state, 10.0, 36.0, 5);
  EXPECT_NEAR(state.soc[0], 1.005, 1e-14);
  EXPECT_GT(first_voltage(pack, state, 0.0), 3.65);
}

// The same SOC approached by charging and by discharging, relaxed for ten times the slow time constant. After a swing
// of 0.3 a share exp(-0.3 / 0.03) = 4.5e-5 of the gap is left to either branch, and exp(-10) of the overpotentials.
TEST(Hysteresis, HoldsTheChargeBranchAboveTheDischargeBranchByTheTablesGap) {
  CellParameters cell = sony_cell();
  cell.r0 = plain_cell().r0;
  cell.pairs = plain_cell().pairs;
  cell.entropy_V_per_K = {};  // the two ways end at different temperatures
  const Pack pack(equal_cells(cell));
  const NodeTable table(cell);
  for (const double soc : {0.35, 0.5, 0.65}) {
    PackState charged = pack.initial_state(soc - 0.3, 25, 1), discharged = pack.initial_state(soc + 0.3, 25, 1);
    run(pack, charged, 50.0, 2.0, 1080);
    run(pack, discharged, -50.0, 2.0, 1080);
    run(pack, charged, 0.0, 3000.0, 1);
    run(pack, discharged, 0.0, 3000.0, 1);
    const double gap = 2 * table.point(soc, 25, Direction::charge).half_gap_V;
    EXPECT_NEAR(first_voltage(pack, charged, 0.0) - first_voltage(pack, discharged, 0.0), gap,
                gap * 1e-4 + 2 * 20e-3 * std::exp(-10.0));
  }
}

TEST(Hysteresis, StaysWhereItIsAtRest) {
  const Pack pack(equal_cells(sony_cell()));
  PackState state = pack.initial_state(0.5, 25, 1);
  run(pack, state, 50.0, 1.0, 600);
  const double branch = state.hysteresis[0];
  run(pack, state, 0.0, 60.0, 1000);
  EXPECT_EQ(state.hysteresis[0], branch);
}

TEST(Bleed, DischargesOnlyItsCell) {
  const Pack pack(equal_cells(plain_cell(), 15));
  PackState state = pack.initial_state(0.5, 25, 1);
  std::vector<std::uint8_t> bleed(15, 0);
  bleed[8] = 1;
  const double none_A = 0.0;
  for (int i = 0; i < 60; ++i) pack.step(state, {&none_A, 1}, bleed, {}, 60);
  // U / (R_bleed + R0 + R1 + R2) once settled, U / (R_bleed + R0) at first: between the two.
  const double least = 3.3 / (34 + 1e-3) / 100, most = 3.3 / (34 + 0.6e-3) / 100;
  for (int i = 0; i < 15; ++i) {
    if (i == 8) continue;
    EXPECT_EQ(state.soc[i], 0.5);
  }
  EXPECT_LE(0.5 - state.soc[8], most + 1e-14);
  EXPECT_GE(0.5 - state.soc[8], least - 1e-14);
}

TEST(Bleed, LowersTheTerminalVoltageOfItsCellByItsOwnCurrent) {
  const Pack pack(equal_cells(plain_cell()));
  const PackState state = pack.initial_state(0.5, 25, 1);
  const std::uint8_t on = 1;
  const double charge_A = 10.0;
  Eigen::ArrayXd voltage_V;
  pack.cell_voltage(state, {&charge_A, 1}, {&on, 1}, voltage_V);
  const double r0 = 0.6e-3;
  EXPECT_NEAR(voltage_V[0], 3.3 + r0 * (charge_A - voltage_V[0] / 34.0), 1e-15);
}

TEST(TheveninSource, GivesTheSumOfTheCellVoltagesAtAnyCurrent) {
  PackParameters parameters;
  parameters.cell = sony_cell();
  const Pack pack(parameters, 3);
  PackState state = pack.initial_state(0.7, 30, 9);
  std::vector<double> current_A = {60, -90, 20};
  std::vector<std::uint8_t> bleed(45, 0);
  for (int i = 0; i < 45; i += 4) bleed[i] = 1;
  pack.step(state, current_A, bleed, {}, 30);
  Eigen::ArrayXd voltage_V;
  for (const double size_A : {0.5, 40.0, 120.0}) {
    current_A = {size_A, -size_A, 0.0};
    pack.cell_voltage(state, current_A, bleed, voltage_V);
    for (int p = 0; p < 3; ++p) {
      const Pack::Source source = pack.source(state, p, (current_A[p] > 0) - (current_A[p] < 0), bleed);
      EXPECT_NEAR(source.emf_V + source.resistance_ohm * current_A[p], voltage_V.segment(15 * p, 15).sum(),
                  60 * 32 * kUnit);
    }
  }
}

TEST(CellResistance, IsTheInstantShareOfTheTableForTheDirectionOfTheCurrent) {
  const CellParameters cell = sony_cell();
  const Pack pack(equal_cells(cell));
  const PackState state = pack.initial_state(0.5, 25, 1);
  Eigen::ArrayXd ohm;
  for (const double current_A : {10.0, -10.0}) {
    pack.cell_resistance(state, {&current_A, 1}, ohm);
    const auto& table = current_A > 0 ? cell.r0.charge_ohm : cell.r0.discharge_ohm;
    EXPECT_NEAR(ohm[0], table[5 * 3 + 1], 1e-17);
    const double rise_V = first_voltage(pack, state, current_A) - first_voltage(pack, state, 0.0);
    EXPECT_NEAR(rise_V, ohm[0] * current_A, 8 * kUnit * 3.3);
  }
}

}  // namespace
}  // namespace packbench::models
