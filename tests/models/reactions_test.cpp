#include "models/reactions.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "models/decomposition.h"

namespace packbench::models {
namespace {

using Alpha = std::array<double, kMaxReactions>;

// One kilogram of the jelly roll of Kim et al. (2007): 830 J/K.
Decomposition kilogram(const RunawayParameters& runaway) { return {runaway, 1.0, 830.0}; }

struct Adiabatic {
  double end_degC;
  double to_200_degC_s;
};

Adiabatic adiabatic(const Decomposition& cell, double from_degC, double time_s, double dt_s) {
  Alpha alpha{};
  Adiabatic run{from_degC, 0};
  for (double t = 0; t < time_s; t += dt_s) {
    const double before = run.end_degC;
    cell.advance(alpha, run.end_degC, dt_s);
    if (before < 200 && run.end_degC >= 200) run.to_200_degC_s = t + dt_s * (200 - before) / (run.end_degC - before);
  }
  return run;
}

// Heat-wait-seek: the first temperature, in steps of 5 K, at which the cell heats itself by 0.02 K/min.
double onset_degC(const Decomposition& cell) {
  double degC = 50;
  while (cell.self_heating_K_per_s(Alpha{}, degC) < 0.02 / 60) degC += 5;
  return degC;
}

// Reference: the same equations by an implicit Runge-Kutta method (Radau IIA) at relative 1e-9, absolute 1e-12.
TEST(Decomposition, AgreesWithAnIndependentSolution) {
  struct Case {
    RunawayParameters runaway;
    double from_degC, time_s, dt_s, end_degC, to_200_degC_s;
  };
  const Case cases[] = {
      {runaway_lco(), 90, 400000, 10, 668.746541, 42315.4488}, {runaway_lco(), 130, 20000, 1, 705.713324, 782.15078},
      {runaway_lco(), 180, 20000, 1, 758.411187, 4.69701},     {runaway_nmc(), 130, 20000, 1, 969.299533, 1032.90007},
      {runaway_lfp(), 90, 400000, 10, 603.130005, 55635.9354}, {runaway_lfp(), 180, 20000, 1, 689.013804, 4.96926}};
  for (const Case& c : cases) {
    const Adiabatic run = adiabatic(kilogram(c.runaway), c.from_degC, c.time_s, c.dt_s);
    EXPECT_NEAR(run.end_degC, c.end_degC, 0.1);
    EXPECT_NEAR(run.to_200_degC_s, c.to_200_degC_s, 1e-3 * c.to_200_degC_s);
  }
}

TEST(Decomposition, OneFirstOrderReactionAtHeldTemperatureIsTheExponential) {
  RunawayParameters runaway;
  runaway.reactions = {{"slow", 1e-6, 1e10, 1e5, 1, 0}};  // hardly any heat
  const Decomposition cell(runaway, 1, 1000);
  Alpha alpha{};
  double degC = 150;
  for (int i = 0; i < 10; ++i) cell.advance(alpha, degC, 5);
  const double rate = 1e10 * std::exp(-1e5 / (kGasConstant_J_per_molK * 423.15));
  EXPECT_NEAR(alpha[0], 1 - std::exp(-50 * rate), 1e-9);
}

RC_GTEST_PROP(Decomposition, HeatIsEnthalpyTimesConversionAndConversionStaysWithin, ()) {
  const RunawayParameters runaway = *rc::gen::element(runaway_lco(), runaway_nmc(), runaway_lfp());
  const Decomposition cell = kilogram(runaway);
  Alpha alpha{};
  for (double& a : alpha) a = *rc::gen::inRange(0, 1001) / 1000.0;
  const Alpha before = alpha;
  const double from_degC = *rc::gen::inRange(20, 900);
  double degC = from_degC;
  const double soc = *rc::gen::inRange(-10, 111) / 100.0;
  const double heat_J = cell.advance(alpha, degC, *rc::gen::element(1e-3, 0.1, 1.0, 60.0), soc);
  double expected_J = 0;
  for (std::size_t j = 0; j < alpha.size(); ++j) {
    RC_ASSERT(alpha[j] >= before[j]);
    RC_ASSERT(alpha[j] <= 1.0);
    const Reaction& reaction = runaway.reactions[j];
    const double charged = 1 - reaction.charge_share + reaction.charge_share * std::clamp(soc, 0.0, 1.0);
    expected_J += reaction.heat_J_per_kg * charged * (alpha[j] - before[j]);
  }
  RC_ASSERT(heat_J >= 0.0);
  RC_ASSERT(std::abs(heat_J - expected_J) <= 1e-6);  // of up to 7e5 J in doubles
  RC_ASSERT(std::abs(830.0 * (degC - from_degC) - heat_J) <= 1e-6);
}

RC_GTEST_PROP(Decomposition, AHotterStartNeverEndsCooler, ()) {
  const Decomposition cell = kilogram(*rc::gen::element(runaway_lco(), runaway_nmc(), runaway_lfp()));
  const double dt_s = *rc::gen::element(0.1, 1.0, 60.0);
  double cool = *rc::gen::inRange(20, 400);
  double hot = cool + *rc::gen::inRange(1, 50);
  Alpha of_cool{}, of_hot{};
  for (int i = 0; i < 50; ++i) {
    cell.advance(of_cool, cool, dt_s);
    cell.advance(of_hot, hot, dt_s);
    RC_ASSERT(hot >= cool);
  }
}

TEST(Decomposition, StepsOfAnyLengthEndAtTheSameTemperature) {
  const Decomposition cell = kilogram(runaway_lfp());
  const double reference = adiabatic(cell, 150, 1800, 0.01).end_degC;
  for (const double dt_s : {0.1, 1.0, 10.0, 60.0, 1800.0}) {
    EXPECT_NEAR(adiabatic(cell, 150, 1800, dt_s).end_degC, reference, 0.1) << dt_s;
  }
}

// Published: self-heating of charged LiCoO2 cells with graphite seen from 80..95 degC on (SEI, Hatchard et al. 2001,
// Richard and Dahn 1999), some K/min at 160..180 degC, and the order LCO, NMC, LFP of stability.
TEST(Runaway, BeginsAndGrowsAsCalorimetersSee) {
  EXPECT_GE(onset_degC(kilogram(runaway_lco())), 80);
  EXPECT_LE(onset_degC(kilogram(runaway_lco())), 95);
  const auto rate_K_per_min = [](const RunawayParameters& runaway, double degC) {
    const Decomposition cell = kilogram(runaway);
    Alpha alpha{};
    double from_degC = 90;
    while (from_degC < degC) cell.advance(alpha, from_degC, 1);
    return 60 * cell.self_heating_K_per_s(alpha, from_degC);
  };
  const double lco = rate_K_per_min(runaway_lco(), 170);
  EXPECT_GT(lco, 1);
  EXPECT_LT(lco, 10);
  EXPECT_LT(rate_K_per_min(runaway_nmc(), 170), lco);
  EXPECT_LT(rate_K_per_min(runaway_lfp(), 170), lco);
  EXPECT_LT(rate_K_per_min(runaway_lfp(), 220), rate_K_per_min(runaway_nmc(), 220));
}

TEST(Runaway, BelowItsBeginningSelfHeatingIsNegligible) {
  for (const RunawayParameters& runaway : {runaway_lco(), runaway_nmc(), runaway_lfp()}) {
    const Decomposition cell = kilogram(runaway);
    EXPECT_GT(cell.begins_degC(), 45);
    EXPECT_LT(cell.begins_degC(), 70);
    EXPECT_LE(cell.self_heating_K_per_s(Alpha{}, cell.begins_degC()), Decomposition::kNegligible_K_per_s);
  }
  EXPECT_EQ(kilogram({}).begins_degC(), 1e9);
}

TEST(Runaway, ADischargedCellGivesOnlyWhatNeedsNoCharge) {
  const RunawayParameters lfp = runaway_lfp();
  const Decomposition cell = kilogram(lfp);
  Alpha alpha{};
  double degC = 350;
  const double heat_J = cell.advance(alpha, degC, 3600, 0);
  EXPECT_NEAR(heat_J, lfp.reactions[0].heat_J_per_kg + lfp.reactions[3].heat_J_per_kg, 1);
  EXPECT_LT(cell.self_heating_K_per_s(Alpha{}, 200, 0.2), cell.self_heating_K_per_s(Alpha{}, 200, 0.9));
}

TEST(Runaway, OcvFallsWithTheHeatSpent) {
  const Decomposition cell = kilogram(runaway_lfp());
  EXPECT_EQ(cell.ocv_share(Alpha{}), 1);
  EXPECT_NEAR(cell.ocv_share(Alpha{1, 1, 1, 1}), 0, 1e-12);
  const double anode = runaway_lfp().reactions[1].heat_J_per_kg;
  EXPECT_NEAR(cell.ocv_share(Alpha{0, 1, 0, 0}), 1 - anode / cell.whole_heat_J(), 1e-12);
  EXPECT_EQ(kilogram({}).ocv_share(Alpha{}), 1);
}

TEST(Separator, CollapsesLinearlyOverItsWidth) {
  const RunawayParameters runaway{.reactions = {}, .collapse_degC = 140, .collapse_width_K = 20, .collapse_ohm = 0.01};
  EXPECT_EQ(separator_collapse(runaway, 139), 0);
  EXPECT_NEAR(separator_collapse(runaway, 145), 0.25, 1e-12);
  EXPECT_EQ(separator_collapse(runaway, 200), 1);
}

TEST(Runaway, ParametersThatMakeNoSenseAreNamed) {
  EXPECT_TRUE(problems_of(runaway_lfp()).empty());
  RunawayParameters runaway = runaway_lfp();
  runaway.reactions[0].heat_J_per_kg = -1;
  runaway.reactions[1].autocatalytic_seed = 0;
  runaway.reactions.push_back(runaway.reactions[2]);
  runaway.reactions[3].charge_share = 2;
  runaway.collapse_width_K = 0;
  const auto problems = problems_of(runaway);
  ASSERT_EQ(problems.size(), 5u);
  EXPECT_EQ(problems[1], "The reaction 'SEI layer' must not have a heat below 0 J/kg.");
}

}  // namespace
}  // namespace packbench::models
