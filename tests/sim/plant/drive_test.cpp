#include "sim/plant/drive.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "rig.h"
#include "sim/plant/sensing.h"

namespace packbench::sim {
namespace {

using test::Rig;
using Quantity = DriveTarget::Quantity;

DriveTarget target(Quantity quantity, std::optional<int> cell, std::vector<double> values, TimeNs ramp = 0) {
  DriveTarget made;
  made.quantity = quantity;
  made.cell = cell;
  made.values = std::move(values);
  made.ramp = ramp;
  return made;
}

void drive(Rig& rig, std::vector<DriveTarget> targets) { rig.plant.drive(targets, rig.plant.now()); }

TEST(Drive, TruthAndSensedAreTheDrivenValue) {
  Rig rig;
  Sensing sensing(rig.scenario, 1);
  drive(rig, {target(Quantity::cell_voltage, std::nullopt, {2.6968, 2.7811, 2.8042, 2.7843}),
              target(Quantity::cell_temperature, std::nullopt, {27.315}),
              target(Quantity::pack_current, std::nullopt, {-12.5})});
  for (int i = 0; i < 5; ++i) {
    rig.advance_by(100 * kMillisecond);
    rig.plant.sample(rig.frame);
    sensing.sample(rig.plant.now(), rig.plant.feedback(), rig.frame);
    for (const Signal signal : {Signal::truth_cell_voltage, Signal::sensed_cell_voltage}) {
      EXPECT_EQ(rig.frame.array(signal)[0], 2.6968);
      EXPECT_EQ(rig.frame.array(signal)[3], 2.7843);
    }
    EXPECT_NEAR(rig.frame[Signal::truth_pack_voltage], 11.0664, 1e-12);
    EXPECT_EQ(rig.frame[Signal::sensed_pack_voltage], 11.0664);
    EXPECT_EQ(rig.frame[Signal::truth_pack_current], -12.5);
    EXPECT_EQ(rig.frame[Signal::sensed_pack_current], -12.5);
    EXPECT_EQ(rig.frame.array(Signal::truth_cell_temperature)[2], 27.315);
    EXPECT_EQ(rig.frame.array(Signal::sensed_temperature)[0], 27.315);
  }
}

TEST(Drive, RampsAreLinearFromThePresentValueAndThenHold) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, 2, {3.7}, 4 * kSecond)});
  const double from_V = 3.3;
  for (int i = 0; i <= 10; ++i) {
    const double share = std::min(i * 0.5 / 4.0, 1.0);
    EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 2), from_V + share * (3.7 - from_V), 1e-12);
    rig.advance_by(500 * kMillisecond);
  }
}

TEST(Drive, NextDriveRampsFromTheDrivenValue) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, 0, {3.7})});
  rig.advance_by(kSecond);
  drive(rig, {target(Quantity::cell_voltage, 0, {3.5}, 2 * kSecond)});
  rig.advance_by(kSecond);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 0), 3.6, 1e-12);
}

TEST(Drive, OnlyTheNamedCellIsDriven) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, 1, {3.66}), target(Quantity::cell_temperature, 3, {56})});
  rig.advance_by(kSecond);
  EXPECT_EQ(rig.cell(Signal::truth_cell_voltage, 1), 3.66);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 0), 3.3, 1e-12);
  EXPECT_EQ(rig.cell(Signal::truth_cell_temperature, 3), 56.0);
  EXPECT_LT(rig.cell(Signal::truth_cell_temperature, 0), 25.01);
}

TEST(Drive, RestOfThePlantSeesTheDrivenCells) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, 1, {3.66})});
  rig.close(true, false);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), rig(Signal::truth_pack_voltage));
  Stimulus load;
  load.load_current_A = 100;
  rig.plant.set_stimulus(load);
  EXPECT_EQ(rig.cell(Signal::truth_cell_voltage, 1), 3.66);
  EXPECT_NEAR(rig(Signal::truth_bus_voltage), 13.2 + 0.36 - 100 * 3 * test::kCellOhm, 1e-4);
}

TEST(Drive, PrechargeReachesTheDrivenVoltage) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, std::nullopt, {2.8})});
  rig.close(false, false, true);
  rig.advance_by(10 * kSecond);
  EXPECT_NEAR(rig(Signal::truth_bus_voltage), 11.2, 11.2 * 30 / 1e4 + 1e-9);  // the bleed resistor takes its share
}

TEST(Drive, CellsGoOnUnderneathWithTheDrivenCurrent) {
  Rig rig;
  drive(rig, {target(Quantity::pack_current, std::nullopt, {100})});
  rig.advance_by(36 * kSecond);
  EXPECT_EQ(rig(Signal::truth_main_contactor), 0.0);
  EXPECT_EQ(rig(Signal::truth_pack_current), 100.0);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_soc, 0), 0.51, 1e-12);
  EXPECT_GT(rig.cell(Signal::truth_cell_voltage, 0), 3.3 + 100 * test::kCellOhm);
}

TEST(Drive, ClearingGivesTheCellsTheirOwnVoltageBack) {
  Rig rig;
  drive(rig, {target(Quantity::cell_voltage, 0, {4.0}), target(Quantity::cell_temperature, 0, {50})});
  rig.advance_by(kSecond);
  rig.plant.clear_drive();
  EXPECT_NEAR(rig.cell(Signal::truth_cell_voltage, 0), 3.3, 1e-12);
  rig.advance_by(kSecond);
  // Cools from where it was held: 25 K over 0.8 W/K to air and neighbour, from the surface's 195 J/K alone, 0.103 K.
  EXPECT_NEAR(rig.cell(Signal::truth_cell_temperature, 0), 50.0, 0.11);
  EXPECT_FALSE(rig.plant.feedback().driven.any());
}

TEST(Drive, WrongTargetsAreRefused) {
  Rig rig;
  EXPECT_THROW(drive(rig, {target(Quantity::cell_voltage, 4, {3.3})}), std::invalid_argument);
  EXPECT_THROW(drive(rig, {target(Quantity::cell_voltage, std::nullopt, {3.3, 3.3})}), std::invalid_argument);
  EXPECT_THROW(drive(rig, {target(Quantity::pack_current, std::nullopt, {})}), std::invalid_argument);
  EXPECT_THROW(drive(rig, {target(Quantity::cell_voltage, 0, {3.3, 3.3, 3.3, 3.3})}), std::invalid_argument);
}

}  // namespace
}  // namespace packbench::sim
