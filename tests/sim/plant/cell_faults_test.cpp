// Faults of cells are conditions of the model: each acts by physics, on its cell only, and what it brought goes with
// it.
#include <gtest/gtest.h>

#include <stdexcept>

#include "rig.h"

namespace packbench::sim {
namespace {

using test::Rig;

// Bits of the state that a fault and its end may leave different: a few roundings of the conditions.
constexpr double kRounding = 1e-12;

Rig discharging(double current_A) {
  Rig rig;
  rig.close(true, false);
  Stimulus stimulus;
  stimulus.load_current_A = current_A;
  rig.plant.set_stimulus(stimulus);
  return rig;
}

TEST(CellFault, AnInternalShortDrawsItsCurrentFromItsCellAlone) {
  Rig rig;
  rig.plant.set_cell_fault("internal_short", 2, 1.0, true);
  // At rest: V = U / (1 + R0 g), through the electrodes -V g.
  const double expected_V = 3.3 / (1 + test::kCellOhm);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 2), expected_V, kRounding);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_current, 2), -expected_V, kRounding);
  EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
  rig.advance_by(3600 * kSecond);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_soc, 2), 0.5 - 0.033, 2e-4);
  EXPECT_EQ(rig.cell(Signal::truth_cell_soc, 1), 0.5);
  EXPECT_GT(rig.cell(Signal::truth_cell_core_temperature, 2), rig.cell(Signal::truth_cell_temperature, 2));
  EXPECT_GT(rig.cell(Signal::truth_cell_temperature, 2), rig.cell(Signal::truth_cell_temperature, 0) + 1);
}

TEST(CellFault, ShortsAddUpAndEachTakesBackItsOwn) {
  Rig rig;
  const double sound_V = rig.cell(Signal::truth_cell_voltage, 0);
  rig.plant.set_cell_fault("internal_short", 0, 0.1, true);
  const double one_V = rig.cell(Signal::truth_cell_voltage, 0);
  rig.plant.set_cell_fault("internal_short", 0, 0.2, true);
  EXPECT_LT(rig.cell(Signal::truth_cell_voltage, 0), one_V);
  rig.plant.set_cell_fault("internal_short", 0, 0.2, false);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 0), one_V, kRounding);
  rig.plant.set_cell_fault("internal_short", 0, 0.1, false);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 0), sound_V, kRounding);
}

TEST(CellFault, SelfDischargeLeaksItsCurrentAtTheOpenCircuitVoltageOfTheMoment) {
  Rig rig;
  rig.plant.set_cell_fault("self_discharge", 1, 2.0, true);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_current, 1), -2.0 / (1 + test::kCellOhm * 2.0 / 3.3), 1e-9);
}

TEST(CellFault, LostCapacityEmptiesTheCellFasterAndComesBackWithTheEnd) {
  Rig rig = discharging(50);
  rig.plant.set_cell_fault("capacity_loss", 3, 0.5, true);
  EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_capacity, 3), 50.0);
  EXPECT_EQ(rig.cell(Signal::truth_cell_soc, 3), rig.cell(Signal::truth_cell_soc, 0));
  rig.advance_by(360 * kSecond);  // 5 Ah
  EXPECT_NEAR(rig.cell(Signal::truth_cell_soc, 0), 0.45, 1e-4);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_soc, 3), 0.40, 2e-4);
  rig.plant.set_cell_fault("capacity_loss", 3, 0.5, false);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_capacity, 3), 100.0, 1e-10);
}

TEST(CellFault, AJointLiesInTheSensedVoltageAndHeatsTheSurface) {
  Rig rig = discharging(100);
  const double before_V = rig.cell(Signal::truth_cell_voltage, 1);
  rig.plant.set_cell_fault("joint_resistance", 1, 1e-3, true);
  const double leak_A = 13.2 / 10'000.0;  // the bus bleeds beside the load
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 1), before_V - 0.1, 1e-3 * leak_A + 1e-9);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_current, 1), -100.0, leak_A);
  rig.advance_by(60 * kSecond);
  EXPECT_GT(rig.cell(Signal::truth_cell_temperature, 1), rig.cell(Signal::truth_cell_temperature, 3));
}

TEST(CellFault, ResistanceIsMultipliedByTheFactor) {
  Rig rig;
  rig.plant.set_cell_fault("resistance_increase", 2, 3.0, true);
  EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_resistance, 2), 3 * test::kCellOhm);
  EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_resistance, 1), test::kCellOhm);
}

TEST(CellFault, AnImbalanceMovesChargeOnceAndStays) {
  Rig rig;
  rig.plant.set_cell_fault("imbalance", 0, -0.2, true);
  EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_soc, 0), 0.3);
  rig.plant.set_cell_fault("imbalance", 0, -0.2, false);
  EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_soc, 0), 0.3);
}

TEST(CellFault, AHeaterWarmsItsCellFromOutside) {
  Rig rig;
  rig.plant.set_cell_fault("heater", 1, 50.0, true);
  rig.advance_by(60 * kSecond);
  EXPECT_GT(rig.cell(Signal::truth_cell_temperature, 1), rig.cell(Signal::truth_cell_core_temperature, 1));
  EXPECT_GT(rig.cell(Signal::truth_cell_core_temperature, 1), 25.5);
}

TEST(CellFault, WithoutACellEveryCellHasIt) {
  Rig rig;
  rig.plant.set_cell_fault("resistance_increase", std::nullopt, 2.0, true);
  for (int i = 0; i < test::kCells; ++i)
    EXPECT_DOUBLE_EQ(rig.cell(Signal::truth_cell_resistance, i), 2 * test::kCellOhm);
}

TEST(CellFault, WhatMakesNoSenseIsRefused) {
  Rig rig;
  EXPECT_THROW(rig.plant.set_cell_fault("melted", 0, 1.0, true), std::invalid_argument);
  EXPECT_THROW(rig.plant.set_cell_fault("heater", test::kCells, 1.0, true), std::invalid_argument);
  EXPECT_THROW(rig.plant.set_cell_fault("internal_short", 0, 0.0, true), std::invalid_argument);
  EXPECT_THROW(rig.plant.set_cell_fault("heater", 0, 1.0, false), std::invalid_argument);
}

TEST(Coolant, CarriesHeatWhereThePackHasOne) {
  Scenario scenario = test::scenario();
  scenario.pack_profile.pack.coolant_W_per_K = 5;
  scenario.pack.coolant_degC = 10;
  Rig rig(scenario);
  rig.advance_by(60 * kSecond);
  const double cooled_degC = rig.cell(Signal::truth_cell_temperature, 0);
  EXPECT_LT(cooled_degC, 24);
  rig.plant.set_coolant(60.0);
  rig.advance_by(60 * kSecond);
  EXPECT_GT(rig.cell(Signal::truth_cell_temperature, 0), cooled_degC);
}

}  // namespace
}  // namespace packbench::sim
