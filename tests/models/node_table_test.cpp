#include "models/node_table.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cells.h"
#include "models/cell_step.h"

namespace packbench::models {
namespace {

using test::plain_cell;
using test::sony_cell;

TablePoint<double> at(const NodeTable& lookup, double soc, double degC = 25.0,
                      Direction direction = Direction::charge) {
  return lookup.point(soc, degC, direction);
}

// A table's SOC and the grid's may differ by an ulp of 1, which the steepest slope (80 V per unit SOC) turns into 2e-14
// V.
TEST(NodeTable, MeetsTheOcvTableAtEveryPoint) {
  const CellParameters cell = sony_cell();
  const NodeTable lookup(cell);
  ASSERT_EQ(cell.ocv_V.soc.size(), 201u);
  for (std::size_t i = 0; i < 201; ++i) EXPECT_NEAR(at(lookup, cell.ocv_V.soc[i]).ocv_V, cell.ocv_V.value[i], 2e-14);
}

TEST(NodeTable, IsLinearBetweenTablePoints) {
  const CellParameters cell = sony_cell();
  const NodeTable lookup(cell);
  for (std::size_t i = 0; i + 1 < 201; ++i) {
    const double soc = 0.75 * cell.ocv_V.soc[i] + 0.25 * cell.ocv_V.soc[i + 1];
    EXPECT_NEAR(at(lookup, soc).ocv_V, 0.75 * cell.ocv_V.value[i] + 0.25 * cell.ocv_V.value[i + 1], 2e-14);
  }
}

TEST(NodeTable, ContinuesTheOcvWithItsEndSlopes) {
  CellParameters cell = plain_cell();
  cell.ocv_V = {{0, 0.5, 1}, {2.0, 3.0, 3.5}};
  const NodeTable lookup(cell);
  EXPECT_NEAR(at(lookup, -0.1).ocv_V, 1.8, 1e-14);
  EXPECT_NEAR(at(lookup, 1.2).ocv_V, 3.7, 1e-14);
  EXPECT_NEAR(lookup.ocv_slope_V(0.2), 2.0, 1e-12);
  EXPECT_NEAR(lookup.ocv_slope_V(1.2), 1.0, 1e-12);
}

TEST(OpenCircuit, StaysWithinZeroToFiveVolt) {
  CellParameters cell = plain_cell();
  cell.ocv_V = {{0, 0.5, 1}, {2.0, 3.0, 3.5}};
  const NodeTable lookup(cell);
  EXPECT_EQ(open_circuit(at(lookup, -50), 25.0, 1.0), 0.0);
  EXPECT_EQ(open_circuit(at(lookup, 50), 25.0, 1.0), 5.0);
}

TEST(NodeTable, NeverFallsOverSoc) {
  const NodeTable lookup(sony_cell());
  double before = -1e9;
  for (double soc = -0.05; soc < 1.1; soc += 1e-4) {
    const double now = at(lookup, soc).ocv_V;
    ASSERT_GE(now, before - 1e-15) << soc;
    before = now;
  }
}

TEST(OpenCircuit, MovesByTheEntropyPerKelvin) {
  CellParameters cell = plain_cell();
  cell.entropy_V_per_K = {{0, 1}, {1e-4, 3e-4}};
  const NodeTable lookup(cell);
  EXPECT_NEAR(open_circuit(at(lookup, 0.5, 35.0), 35.0, 1.0), 3.3 + 10 * 2e-4, 1e-15);
  EXPECT_NEAR(open_circuit(at(lookup, 0.5, 15.0), 15.0, 1.0), 3.3 - 10 * 2e-4, 1e-15);
  EXPECT_NEAR(at(lookup, 0.5, 15.0).entropy_V_per_K, 2e-4, 1e-18);
}

TEST(OpenCircuit, IsWhatDecompositionLeavesOfIt) {
  EXPECT_EQ(open_circuit(at(NodeTable(plain_cell()), 0.5), 25.0, 0.25), 0.25 * 3.3);
}

TEST(NodeTable, HoldsHysteresisEntropyAndResistanceBeyondTheEnds) {
  const CellParameters cell = sony_cell();
  const NodeTable lookup(cell);
  for (const double beyond : {-0.2, -0.001}) {
    EXPECT_EQ(at(lookup, beyond).half_gap_V, 0.5 * cell.hysteresis_V.value.front());
    EXPECT_EQ(at(lookup, beyond).entropy_V_per_K, cell.entropy_V_per_K.value.front());
    EXPECT_EQ(at(lookup, beyond).r_ohm[0], at(lookup, 0.0).r_ohm[0]);
  }
  EXPECT_EQ(at(lookup, 1.3).half_gap_V, 0.5 * cell.hysteresis_V.value.back());
  EXPECT_EQ(at(lookup, 1.3).r_ohm[0], at(lookup, 1.0).r_ohm[0]);
}

TEST(NodeTable, MeetsTheResistanceTableAtEveryNodeAndDirection) {
  const ResistanceMap map = sony_cell().r0;
  const NodeTable lookup(sony_cell());
  for (std::size_t i = 0; i < map.soc.size(); ++i) {
    for (std::size_t j = 0; j < map.temperature_degC.size(); ++j) {
      const double soc = map.soc[i], degC = map.temperature_degC[j];
      const std::size_t k = i * map.temperature_degC.size() + j;
      EXPECT_NEAR(at(lookup, soc, degC, Direction::charge).r_ohm[0], map.charge_ohm[k], 1e-16);
      EXPECT_NEAR(at(lookup, soc, degC, Direction::discharge).r_ohm[0], map.discharge_ohm[k], 1e-16);
    }
  }
}

double arrhenius(double ohm, double from_degC, double to_degC, double activation_J_per_mol) {
  return ohm * std::exp(activation_J_per_mol / 8.31446261815324 * (1 / (to_degC + 273.15) - 1 / (from_degC + 273.15)));
}

CellParameters cell_of_two_temperatures() {
  CellParameters cell = plain_cell();
  cell.r0 = {{0, 1}, {10, 40}, {4e-3, 1e-3, 4e-3, 1e-3}, {8e-3, 2e-3, 8e-3, 2e-3}};
  return cell;
}

// At grid temperatures exactly; between them the chord.
TEST(NodeTable, FollowsArrheniusBetweenAndBeyondTheTemperatures) {
  const NodeTable lookup(cell_of_two_temperatures());
  const double activation = 8.31446261815324 * std::log(4.0) / (1 / 283.15 - 1 / 313.15);
  for (const double degC : {-40.0, -15.0, 0.0, 25.0, 35.0, 60.0, 100.0}) {
    const double expected = arrhenius(4e-3, 10, degC, activation);
    EXPECT_NEAR(at(lookup, 0.3, degC).r_ohm[0], expected, expected * 1e-13) << degC;
    EXPECT_NEAR(at(lookup, 0.3, degC, Direction::discharge).r_ohm[0], 2 * expected, expected * 2e-13) << degC;
  }
  EXPECT_NEAR(at(lookup, 0.3, 27.5).r_ohm[0], 0.5 * (at(lookup, 0.3, 25).r_ohm[0] + at(lookup, 0.3, 30).r_ohm[0]),
              1e-17);
  EXPECT_EQ(at(lookup, 0.3, -60.0).r_ohm[0], at(lookup, 0.3, -40.0).r_ohm[0]);
  EXPECT_EQ(at(lookup, 0.3, 400.0).r_ohm[0], at(lookup, 0.3, 100.0).r_ohm[0]);
}

TEST(NodeTable, UsesTheGivenActivationEnergyBeyondTheTemperatures) {
  CellParameters cell = cell_of_two_temperatures();
  cell.activation_energy_J_per_mol = 20e3;
  const NodeTable lookup(cell);
  EXPECT_NEAR(at(lookup, 0.3, -20).r_ohm[0], arrhenius(4e-3, 10, -20, 20e3), 1e-15);
  EXPECT_NEAR(at(lookup, 0.3, 60).r_ohm[0], arrhenius(1e-3, 40, 60, 20e3), 1e-16);
  EXPECT_NEAR(at(lookup, 0.3, 25).r_ohm[0], at(NodeTable(cell_of_two_temperatures()), 0.3, 25).r_ohm[0], 1e-17);
}

TEST(NodeTable, HasTheRateLinearBetweenItsTemperaturesAndHeldBeyond) {
  CellParameters cell = plain_cell();
  cell.rate_soc = {0, 1};
  cell.rate_degC = {0, 20};
  cell.rate = {0.5, 1, 1, 2};
  const NodeTable lookup(cell);
  EXPECT_NEAR(at(lookup, 0, 10).rate, 0.75, 1e-15);
  EXPECT_NEAR(at(lookup, 0.5, 10).rate, 1.125, 1e-15);
  EXPECT_NEAR(at(lookup, 1, 80).rate, 2, 1e-15);
  EXPECT_EQ(at(NodeTable(plain_cell()), 0.4, -10).rate, 1.0);
}

TEST(NodeTable, AcceptsATableOfOneTemperature) {
  const NodeTable lookup(plain_cell());
  for (const double degC : {-20.0, 25.0, 25.5, 80.0}) EXPECT_EQ(at(lookup, 0.5, degC).r_ohm[0], 0.6e-3);
}

TEST(NodeTable, ShowsAnUnknownSocAsAnUnknownVoltage) {
  EXPECT_TRUE(std::isnan(at(NodeTable(plain_cell()), NAN).ocv_V));
}

}  // namespace
}  // namespace packbench::models
