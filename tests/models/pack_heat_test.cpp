// The thermal side of a pack: where energy goes, how cells warm and cool.
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

// Constant tables with every effect switched on.
CellParameters lossy_cell() {
  CellParameters cell = plain_cell();
  cell.hysteresis_V = {{0, 1}, {0.03, 0.03}};
  cell.entropy_V_per_K = {{0, 1}, {1e-4, 1e-4}};
  cell.coulomb_efficiency = 0.98;
  return cell;
}

// Energy in the RC pairs, C v^2 / 2 = tau v^2 / (2 R), and in the hysteresis, s Q M h^2 / 4 (cell.h).
double spring_energy_J(const CellParameters& cell, const PackState& state) {
  const double pairs = cell.tau1_s * state.rc1_V[0] * state.rc1_V[0] / (2 * cell.r1_share * 1e-3) +
                       cell.tau2_s * state.rc2_V[0] * state.rc2_V[0] / (2 * cell.r2_share * 1e-3);
  const double h = state.hysteresis[0];
  return pairs + cell.hysteresis_soc * 3600 * cell.capacity_Ah * 0.03 * h * h / 4;
}

// Energy in at the terminals = chemical energy + energy in pairs and hysteresis + heat. Terminal voltage changes within
// a step, so its integral is taken by the trapezoid rule: per step at most dt^3/12 max|I V''| = dt^3/12 I^2 R1/tau1^2
// for the pairs, and of the same form with the rate I / (3600 Q s) for the hysteresis (three times: h, and h^2 in the
// model). The temperature moves by less than 5 mK a step; the entropic term sees half of it too late.
TEST(EnergyBalance, WhatGoesInIsStoredOrBecomesHeat) {
  const CellParameters cell = lossy_cell();
  const Pack pack(equal_cells(cell));
  PackState state = pack.initial_state(0.5, 25, 1);
  const double dt_s = 0.05;
  double in_J = 0, chemical_J = 0, heat_J = 0, bound_J = 1e-6;
  for (int i = 0; i < 24'000; ++i) {
    const double current_A = i < 10'000 ? 80.0 : i < 14'000 ? 0.0 : -60.0;
    const double before_V = first_voltage(pack, state, current_A), degC = state.temperature_degC[0];
    run(pack, state, current_A, dt_s, 1);
    const double mean_K = 273.15 + 0.5 * (degC + state.temperature_degC[0]);
    const double stored_A = current_A > 0 ? 0.98 * current_A : current_A;
    in_J += current_A * 0.5 * (before_V + first_voltage(pack, state, current_A)) * dt_s;
    // U - T dU/dT of a constant table: 3.3 V - 298.15 K dU/dT at every temperature.
    chemical_J += stored_A * (3.3 - 298.15 * 1e-4) * dt_s;
    heat_J += state.heat_W[0] * dt_s;
    const double rate = 80.0 / (3600 * 100 * cell.hysteresis_soc);
    bound_J += dt_s * dt_s * dt_s / 12 * 80 * (80 * 0.2e-3 / (cell.tau1_s * cell.tau1_s) + 3 * 0.03 * rate * rate) +
               dt_s * 80 * 1e-4 * std::abs(state.temperature_degC[0] - degC) +
               0.02 * 80 * 1e-4 * (mean_K - 298.15) * dt_s;
  }
  EXPECT_NEAR(in_J, chemical_J + spring_energy_J(cell, state) + heat_J, bound_J);
  EXPECT_LT(bound_J, 0.02 * heat_J);  // so that a lost term shows
  EXPECT_GT(heat_J, 100);
}

TEST(EnergyBalance, NoIrreversibleHeatIsEverNegative) {
  CellParameters cell = sony_cell();
  cell.entropy_V_per_K = {};
  const Pack pack(equal_cells(cell));
  PackState state = pack.initial_state(0.5, 25, 1);
  for (int i = 0; i < 2000; ++i) {
    run(pack, state, i % 7 < 3 ? 90.0 : -70.0, 0.5 + i % 40, 1);
    ASSERT_GE(state.heat_W[0], 0.0);
  }
}

TEST(EntropicHeat, WarmsWhileChargingAndCoolsWhileDischargingForAPositiveCoefficient) {
  CellParameters cell = plain_cell();
  cell.entropy_V_per_K = {{0, 1}, {1e-4, 1e-4}};
  const Pack pack(equal_cells(cell));
  PackState charged = pack.initial_state(0.5, 25, 1), discharged = charged;
  run(pack, charged, 20.0, 1e-3, 1);
  run(pack, discharged, -20.0, 1e-3, 1);
  EXPECT_NEAR(charged.heat_W[0] - discharged.heat_W[0], 2 * 20 * 298.15 * 1e-4, 1e-12);
}

// With settled pairs the heat is I^2 R and the temperature Ta + q/g (1 - exp(-g t / C)).
TEST(TemperatureRise, FollowsTheLumpedSolutionAtAnyStep) {
  const CellParameters cell = plain_cell();
  PackParameters parameters = equal_cells(cell, 15);
  const Pack pack(parameters);
  for (const double dt_s : {0.1, 10.0, 600.0}) {
    PackState state = pack.initial_state(0.0, 20, 1);
    state.rc1_V = 40 * cell.r1_share * 1e-3;
    state.rc2_V = 40 * cell.r2_share * 1e-3;
    run(pack, state, 40.0, dt_s, static_cast<int>(std::lround(3000 / dt_s)), 20.0);
    const double tau_s = cell.heat_capacity_J_per_K() / 0.3;
    const double rise_K = 40 * 40 * 1e-3 / 0.3 * (1 - std::exp(-3000 / tau_s));
    for (int i = 0; i < 15; ++i) EXPECT_NEAR(state.temperature_degC[i], 20 + rise_K, 3000 / dt_s * 30 * 0x1p-52);
  }
}

TEST(Neighbours, ShareHeatWithoutMakingOrLosingIt) {
  PackParameters parameters = equal_cells(plain_cell(), 15);
  parameters.ambient_W_per_K = 0;
  const Pack pack(parameters);
  PackState state = pack.initial_state(0.5, 20, 1);
  state.temperature_degC[3] = 80;
  const double total = state.temperature_degC.sum();
  run(pack, state, 0.0, 60.0, 200);
  EXPECT_NEAR(state.temperature_degC.sum(), total, 200 * 15 * 80 * 0x1p-52);
  EXPECT_LT(state.temperature_degC.maxCoeff() - state.temperature_degC.minCoeff(), 40);
  run(pack, state, 0.0, 1e7, 3);
  EXPECT_NEAR(state.temperature_degC.maxCoeff(), 24, 1e-3);
}

// Two cells: the difference decays with 2 k / C. The implicit rule divides by 1 + x each step, x = 2 k dt / C, and
// x - x^2/2 < log(1 + x) < x.
TEST(Neighbours, EvenOutAtTheirRate) {
  PackParameters parameters = equal_cells(plain_cell(), 2);
  parameters.ambient_W_per_K = 0;
  const Pack pack(parameters);
  for (const double dt_s : {0.01, 1.0, 60.0}) {
    PackState state = pack.initial_state(0.5, 20, 1);
    state.temperature_degC[0] = 30;
    const int steps = static_cast<int>(std::lround(600 / dt_s));
    run(pack, state, 0.0, dt_s, steps);
    const double x = 2 * 0.5 * dt_s / parameters.cell.heat_capacity_J_per_K();
    const double left = (state.temperature_degC[0] - state.temperature_degC[1]) / 10;
    EXPECT_GE(left, std::exp(-steps * x) * (1 - 1e-9));
    EXPECT_LE(left, std::exp(-steps * (x - x * x / 2)) * (1 + 1e-9));
  }
}

TEST(TemperatureRise, StaysBoundedAtAbsurdSteps) {
  const Pack pack(equal_cells(sony_cell(), 15));
  for (const double dt_s : {1e-6, 1e5, 1e9}) {
    PackState state = pack.initial_state(0.5, 25, 1);
    state.temperature_degC[7] = 90;
    run(pack, state, 0.0, dt_s, 50);
    EXPECT_TRUE((state.temperature_degC >= 25 - 1e-9).all() && (state.temperature_degC <= 90).all());
  }
}

TEST(HeatOfAPack, BleedResistorsHeatTheirBoardAndNotTheCell) {
  const Pack pack(equal_cells(plain_cell()));
  PackState state = pack.initial_state(0.5, 25, 1);
  const std::uint8_t on = 1;
  const double none_A = 0;
  pack.step(state, {&none_A, 1}, {&on, 1}, 25, 60);
  EXPECT_LT(state.heat_W[0], 0.1 * 0.1 * 1e-3);  // (97 mA)^2 in less than 1 mohm, and not 0.3 W
}

}  // namespace
}  // namespace packbench::models
