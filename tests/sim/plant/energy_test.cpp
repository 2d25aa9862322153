// What goes in at the string's terminals is stored or has become heat.
#include <gtest/gtest.h>

#include <cmath>

#include "rig.h"

namespace packbench::sim {
namespace {

using test::Rig;

// A cell with everything that stores: curved OCV, hysteresis, entropy, two pairs, a loss in charging.
Scenario rich() {
  Scenario scenario = test::scenario();
  models::CellParameters& cell = scenario.pack_profile.pack.cell;
  cell.ocv_V = {{0, 0.1, 0.9, 1}, {2.8, 3.2, 3.4, 3.6}};
  cell.hysteresis_V = {{0, 1}, {0.04, 0.04}};
  cell.entropy_V_per_K = {{0, 1}, {-2e-4, 1e-4}};
  scenario.pack_profile.pack.joint_ohm = 1e-4;
  scenario.pack_profile.pack.cell.self_discharge_ohm = 50;
  return scenario;
}

void follow(Rig& rig, double charge_A, double load_A, TimeNs duration) {
  Stimulus stimulus;
  stimulus.charger_connected = charge_A > 0;
  stimulus.charger_current_A = charge_A;
  stimulus.charger_voltage_V = 20;
  stimulus.load_current_A = load_A;
  rig.plant.set_stimulus(stimulus);
  for (const TimeNs end = rig.plant.now() + duration; rig.plant.now() < end;) rig.advance_by(kSecond);
}

TEST(Energy, OfACycleIsStoredOrHasBecomeHeat) {
  Rig rig(rich());
  rig.close(true, true);
  follow(rig, 0, 80, 600 * kSecond);
  follow(rig, 60, 0, 400 * kSecond);
  follow(rig, 0, 0, 300 * kSecond);
  const EnergyBalance& energy = rig.plant.energy();
  // By hand: 80 A for 600 s and 60 A for 400 s at four cells of 3.2 to 3.3 V.
  EXPECT_NEAR(energy.discharged_J, 80 * 600 * 4 * 3.2, 0.05 * energy.discharged_J);
  EXPECT_NEAR(energy.charged_J, 60 * 400 * 4 * 3.35, 0.05 * energy.charged_J);
  EXPECT_GT(energy.joints_J, 0.0);
  EXPECT_GT(energy.heat_J, 0.0);
  // Second-order steps of 50 ms and tables that vary between two looks: some 1e-6 of what went through.
  EXPECT_LT(std::abs(energy.residual_J()), 2e-5 * (energy.charged_J + energy.discharged_J));
}

TEST(Energy, AtRestASelfDischargingCellTurnsItsChargeIntoHeat) {
  Rig rig(rich());
  rig.advance_by(3600 * kSecond);
  const EnergyBalance& energy = rig.plant.energy();
  EXPECT_LT(energy.stored_J, -3.2 * 3.2 / 50 * 3600 * 4 * 0.9);
  EXPECT_NEAR(energy.heat_J, -energy.stored_J, 1e-4 * energy.heat_J);
}

TEST(Energy, OfBleedResistorsStaysOutsideTheCells) {
  Rig rig;
  rig.plant.set_actuators({.bleed = 1});
  rig.advance_by(60 * kSecond);
  const EnergyBalance& energy = rig.plant.energy();
  EXPECT_NEAR(energy.bleed_J, 3.3 * 3.3 / 34 * 60, 1e-2);
  EXPECT_LT(std::abs(energy.residual_J()), 1e-3 * energy.bleed_J);
}

TEST(Energy, WhatAFaultPutsIntoACellAtOnceAndWhatADriveDoesIsNotAccounted) {
  Rig rig;
  rig.plant.set_cell_fault("imbalance", 0, -0.2, true);
  const DriveTarget target{.values = {3.5}};
  rig.plant.drive({&target, 1}, 0);
  rig.close(true, false);
  rig.plant.clear_drive();
  EXPECT_EQ(rig.plant.energy().stored_J, 0.0);
  EXPECT_EQ(rig.plant.energy().discharged_J, 0.0);
}

TEST(OutsideRange, IsFlaggedByTheEndThatWasPassed) {
  Scenario scenario = test::scenario();
  scenario.pack_profile.pack.cell.validity = {0.4, 0.9, 10, 40, 1, 0.5};
  Rig rig(scenario);
  EXPECT_EQ(rig.plant.outside_validity(), 0U);
  rig.close(true, false);
  follow(rig, 0, 80, kSecond);
  EXPECT_EQ(rig.plant.outside_validity(), static_cast<unsigned>(models::outside::discharge_rate));
  rig.plant.set_cell_fault("imbalance", 2, -0.3, true);
  EXPECT_NE(rig.plant.outside_validity() & models::outside::soc_low, 0U);
}

}  // namespace
}  // namespace packbench::sim
