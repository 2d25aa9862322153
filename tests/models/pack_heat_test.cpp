// The thermal side of a pack: where energy goes, how cells warm and cool.
#include <gtest/gtest.h>

#include <array>
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
  const double pairs =
      5 * state.rc_V[0][0] * state.rc_V[0][0] / (2 * 0.2e-3) + 300 * state.rc_V[1][0] * state.rc_V[1][0] / (2 * 0.2e-3);
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
    const double before_V = first_voltage(pack, state, current_A), degC = state.core_degC[0];
    run(pack, state, current_A, dt_s, 1);
    const double mean_K = 273.15 + 0.5 * (degC + state.core_degC[0]);
    const double stored_A = current_A > 0 ? 0.98 * current_A : current_A;
    in_J += current_A * 0.5 * (before_V + first_voltage(pack, state, current_A)) * dt_s;
    // U - T dU/dT of a constant table: 3.3 V - 298.15 K dU/dT at every temperature.
    chemical_J += stored_A * (3.3 - 298.15 * 1e-4) * dt_s;
    heat_J += state.heat_W[0] * dt_s;
    const double rate = 80.0 / (3600 * 100 * cell.hysteresis_soc);
    bound_J += dt_s * dt_s * dt_s / 12 * 80 * (80 * 0.2e-3 / (5 * 5) + 3 * 0.03 * rate * rate) +
               dt_s * 80 * 1e-4 * std::abs(state.core_degC[0] - degC) + 0.02 * 80 * 1e-4 * (mean_K - 298.15) * dt_s;
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

// Core and surface of two cells by the classical Runge-Kutta rule at 10 ms (its error: below 1e-12 K), `heat_W` in each
// core; the second cell's neighbour is the first.
struct TwoCells {
  PackParameters p;
  double heat_W;
  std::array<double, 4> degC;  // cores, then surfaces
  double ambient_degC;

  std::array<double, 4> rate(const std::array<double, 4>& t) const {
    const double whole = p.cell.heat_capacity_J_per_K(), surface = p.cell.surface_share * whole, core = whole - surface;
    const double inner = p.cell.core_surface_W_per_K;
    std::array<double, 4> out{};
    for (std::size_t i = 0; i < 2; ++i) {
      out[i] = (heat_W + inner * (t[2 + i] - t[i])) / core;
      out[2 + i] = (inner * (t[i] - t[2 + i]) + p.ambient_W_per_K * (ambient_degC - t[2 + i]) +
                    p.neighbour_W_per_K * (t[3 - i] - t[2 + i])) /
                   surface;
    }
    return out;
  }
  void run(int steps, double dt_s = 0.01) {
    const auto moved = [&](const std::array<double, 4>& by, double time_s) {
      auto t = degC;
      for (std::size_t i = 0; i < 4; ++i) t[i] += time_s * by[i];
      return t;
    };
    for (int n = 0; n < steps; ++n) {
      const auto a = rate(degC), b = rate(moved(a, dt_s / 2)), c = rate(moved(b, dt_s / 2)), d = rate(moved(c, dt_s));
      for (std::size_t i = 0; i < 4; ++i) degC[i] += dt_s / 6 * (a[i] + 2 * b[i] + 2 * c[i] + d[i]);
    }
  }
};

// With settled pairs and equal cells the heat is I^2 R, and core and surface advance exactly at any step: N sub-steps
// round a few times each in the size of the temperature.
TEST(TemperatureRise, FollowsCoreAndSurfaceAtAnyStep) {
  const CellParameters cell = plain_cell();
  const PackParameters parameters = equal_cells(cell, 2);
  const Pack pack(parameters);
  TwoCells exact{parameters, 40 * 40 * 1e-3, {20, 20, 20, 20}, 20};
  exact.run(300'000);
  for (const double dt_s : {0.1, 10.0, 600.0}) {
    PackState state = pack.initial_state(0.0, 20, 1);
    state.rc_V[0] = state.rc_V[1] = 40 * 0.2e-3;
    state.heat_W = 1.6;
    run(pack, state, 40.0, dt_s, static_cast<int>(std::lround(3000 / dt_s)), 20.0);
    for (int i = 0; i < 2; ++i) {
      EXPECT_NEAR(state.core_degC[i], exact.degC[0], 1e-9);
      EXPECT_NEAR(state.surface_degC[i], exact.degC[2], 1e-9);
    }
  }
}

TEST(TemperatureRise, SettlesWhereHeatFlowsAway) {
  PackParameters parameters = equal_cells(plain_cell());
  parameters.coolant_W_per_K = 0.7;
  const Pack pack(parameters);
  PackState state = pack.initial_state(0.5, 20, 1);
  state.heater_W = 2.0;
  const double none_A = 0;
  for (int i = 0; i < 40; ++i) pack.step(state, {&none_A, 1}, {}, {10, 30}, 1000);
  const double surface_degC = (0.3 * 10 + 0.7 * 30 + 2.0) / 1.0;
  EXPECT_NEAR(state.surface_degC[0], surface_degC, 1e-6);  // 20 time constants, C / (g_a + g_c) = 1950 s
  EXPECT_NEAR(state.core_degC[0], surface_degC, 1e-6);
}

double stored_J(const PackParameters& p, const PackState& state) {
  const double whole = p.cell.heat_capacity_J_per_K(), surface = p.cell.surface_share * whole;
  return (whole - surface) * state.core_degC.sum() + surface * state.surface_degC.sum();
}

TEST(Neighbours, ShareHeatWithoutMakingOrLosingIt) {
  PackParameters parameters = equal_cells(plain_cell(), 15);
  parameters.ambient_W_per_K = 0;
  const Pack pack(parameters);
  PackState state = pack.initial_state(0.5, 20, 1);
  state.core_degC[3] = state.surface_degC[3] = 80;
  const double total_J = stored_J(parameters, state);
  run(pack, state, 0.0, 60.0, 200);
  // 12,000 sub-steps round each cell's temperature a few times.
  EXPECT_NEAR(stored_J(parameters, state), total_J, total_J * 12'000 * 4 * 0x1p-53);
  EXPECT_LT(state.core_degC.maxCoeff() - state.core_degC.minCoeff(), 45);
  run(pack, state, 0.0, 5e5, 2);  // the slowest mode takes C / (k (pi/15)^2) = 89,000 s
  EXPECT_NEAR(state.core_degC.maxCoeff(), 24, 2e-3);
}

// Midpoint rule at 1 s: (1 s (G + 2 k) / C_surf)^2 / 6 = 1.6e-4 of the 10 K.
TEST(Neighbours, EvenOutAtTheirRateAtAnyStep) {
  const PackParameters parameters = equal_cells(plain_cell(), 2);
  const Pack pack(parameters);
  TwoCells exact{parameters, 0, {30, 20, 30, 20}, 20};
  exact.run(60'000);
  for (const double dt_s : {0.01, 1.0, 60.0}) {
    PackState state = pack.initial_state(0.5, 20, 1);
    state.core_degC[0] = state.surface_degC[0] = 30;
    run(pack, state, 0.0, dt_s, static_cast<int>(std::lround(600 / dt_s)), 20.0);
    for (int i = 0; i < 2; ++i) {
      EXPECT_NEAR(state.core_degC[i], exact.degC[static_cast<std::size_t>(i)], 1.6e-3);
      EXPECT_NEAR(state.surface_degC[i], exact.degC[static_cast<std::size_t>(2 + i)], 1.6e-3);
    }
  }
}

TEST(TemperatureRise, StaysBoundedAtAbsurdSteps) {
  const Pack pack(equal_cells(sony_cell(), 15));
  for (const double dt_s : {1e-6, 1e-3, 1e4}) {
    PackState state = pack.initial_state(0.5, 25, 1);
    state.core_degC[7] = state.surface_degC[7] = 90;
    run(pack, state, 0.0, dt_s, 20);
    EXPECT_TRUE((state.core_degC >= 25 - 1e-9).all() && (state.core_degC <= 90).all());
    EXPECT_TRUE((state.surface_degC >= 25 - 1e-9).all() && (state.surface_degC <= 90).all());
  }
}

TEST(HeatOfAPack, BleedResistorsHeatTheirBoardAndNotTheCell) {
  const Pack pack(equal_cells(plain_cell()));
  PackState state = pack.initial_state(0.5, 25, 1);
  const std::uint8_t on = 1;
  const double none_A = 0;
  pack.step(state, {&none_A, 1}, {&on, 1}, {}, 60);
  EXPECT_LT(state.heat_W[0], 0.1 * 0.1 * 1e-3);  // (97 mA)^2 in less than 1 mohm, and not 0.3 W
}

}  // namespace
}  // namespace packbench::models
