#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <stdexcept>

#include "rig.h"

namespace packbench::sim {
namespace {

using test::Rig;

constexpr double kRest_V = 13.2;
constexpr double kRounding_V = 1e-12;  // a few dozen operations on 13 V at 2^-53

Stimulus charge(double current_A, double voltage_V) {
  Stimulus stimulus;
  stimulus.charger_connected = true;
  stimulus.charger_current_A = current_A;
  stimulus.charger_voltage_V = voltage_V;
  return stimulus;
}

Stimulus load(double current_A) {
  Stimulus stimulus;
  stimulus.load_current_A = current_A;
  return stimulus;
}

Stimulus load_W(double power_W) {
  Stimulus stimulus;
  stimulus.load_is_power = true;
  stimulus.load_power_W = power_W;
  return stimulus;
}

TEST(Plant, StartsAtRestWithOpenContactsAndAnEmptyBus) {
  Rig rig;
  EXPECT_NEAR(rig(Signal::truth_pack_voltage), kRest_V, kRounding_V);
  EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), 0.0);
  EXPECT_EQ(rig(Signal::truth_main_contactor), 0.0);
  EXPECT_EQ(rig(Signal::truth_charger_contactor), 0.0);
  EXPECT_EQ(rig(Signal::truth_precharge_contactor), 0.0);
  EXPECT_DOUBLE_EQ(rig(Signal::truth_soc), 0.5);
}

TEST(Plant, SampleWritesEveryTruthSignal) {
  Rig rig;
  rig.plant.sample(rig.frame);
  for (const SignalSpec& spec : signal_table()) {
    if (spec.group != Group::truth) continue;
    for (const double value : rig.frame.array(spec.id)) EXPECT_FALSE(std::isnan(value)) << spec.full_name();
  }
}

TEST(Plant, PackVoltageIsTheSumOfItsCells) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load(80));
  rig.advance_by(kSecond);
  rig.plant.sample(rig.frame);
  const auto cells = rig.frame.array(Signal::truth_cell_voltage);
  EXPECT_EQ(rig.frame[Signal::truth_pack_voltage], std::accumulate(cells.begin(), cells.end(), 0.0));
}

TEST(Plant, ContactsFollowTheDriveToTheNanosecond) {
  Rig rig;
  rig.advance_by(kSecond);
  rig.plant.set_actuators({true, false, false, 0});
  rig.advance_by(30 * kMillisecond - 1);
  EXPECT_EQ(rig(Signal::truth_main_contactor), 0.0);
  rig.advance_by(1);
  EXPECT_EQ(rig(Signal::truth_main_contactor), 1.0);
  EXPECT_FALSE(rig.plant.feedback().main);
  rig.advance_by(5 * kMillisecond);
  EXPECT_TRUE(rig.plant.feedback().main);
}

TEST(Plant, CurrentFlowsOnlyFromTheMomentTheContactsClose) {
  // Charge moved in 100 ms with contacts that close after 30 ms (between two sub-steps of 20 ms).
  Scenario scenario = test::scenario();
  scenario.plant_step = 20 * kMillisecond;
  Rig rig(scenario);
  rig.plant.set_stimulus(charge(100, 20));
  rig.plant.set_actuators({false, true, false, 0});
  rig.advance_by(100 * kMillisecond);
  EXPECT_NEAR(rig.cell(Signal::truth_cell_soc, 0) - 0.5, 100 * 0.070 / 3600 / 100, 1e-15);
}

TEST(Plant, PrechargeFollowsTheExponentialOfResistorAndCapacitor) {
  Rig rig;
  rig.close(false, false, true);
  const double start_V = rig(Signal::truth_bus_voltage);
  const PlantParameters& p = rig.scenario.pack_profile.plant;
  const double feed_S = 1 / (p.precharge_ohm + test::kPackOhm), leak_S = 1 / p.bus_bleed_ohm;
  const double end_V = kRest_V * feed_S / (feed_S + leak_S);
  for (int step = 1; step <= 20; ++step) {
    rig.advance_by(100 * kMillisecond);
    const double exact_V = end_V + (start_V - end_V) * std::exp(-0.1 * step * (feed_S + leak_S) / p.bus_capacitance_F);
    // The cells give 0.13 As in all: their voltage falls by 0.13/360000 of 0.2 V, and by R1 + R2 while the current
    // flows.
    EXPECT_NEAR(rig(Signal::truth_bus_voltage), exact_V, 5e-5);
    EXPECT_NEAR(rig(Signal::truth_pack_current), -(kRest_V - exact_V) * feed_S, 5e-6);
  }
}

TEST(Plant, PrechargeTakesFromTheCellsWhatTheBusHolds) {
  Rig rig;
  rig.close(false, false, true);
  rig.advance_by(10 * kSecond);
  const double bus_V = rig(Signal::truth_bus_voltage);
  const double leaked_As = 10.1 * bus_V / rig.scenario.pack_profile.plant.bus_bleed_ohm;  // at most
  const double given_As = (0.5 - rig.cell(Signal::truth_cell_soc, 0)) * 360000;
  EXPECT_GT(given_As, 0.01 * bus_V);
  EXPECT_LT(given_As, 0.01 * bus_V + leaked_As);
}

TEST(Plant, OpenPrechargeResistorLeavesTheBusEmpty) {
  Rig rig;
  rig.plant.set_precharge_resistor_open(true);
  rig.close(false, false, true);
  rig.advance_by(10 * kSecond);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), 0.0);
  EXPECT_EQ(rig(Signal::truth_precharge_contactor), 1.0);
  EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
}

TEST(Plant, ShortedBusKeepsThePrechargeCurrentHigh) {
  Rig rig;
  rig.plant.set_bus_short(0.01);
  rig.close(false, false, true);
  rig.advance_by(5 * kSecond);
  EXPECT_LT(rig(Signal::truth_bus_voltage), 0.01);
  EXPECT_NEAR(rig(Signal::truth_pack_current), -kRest_V / 30.0, 0.01);
}

TEST(Plant, ClosedMainContactsPutTheStringOnTheBus) {
  Rig rig;
  rig.close(true, false);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), rig(Signal::truth_pack_voltage));
  EXPECT_NEAR(rig(Signal::truth_pack_current), -kRest_V / 1e4, 1e-6);  // the bus's bleed resistor
  EXPECT_EQ(rig(Signal::truth_load_current), 0.0);
}

TEST(Plant, LoadDischargesTheStringAndItsVoltageSags) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load(100));
  EXPECT_EQ(rig(Signal::truth_load_current), 100.0);
  EXPECT_NEAR(rig(Signal::truth_pack_current), -100.0, 0.002);
  EXPECT_NEAR(rig(Signal::truth_pack_voltage), kRest_V - 100 * test::kPackOhm, 1e-4);
  rig.advance_by(36 * kSecond);
  EXPECT_NEAR(rig(Signal::truth_soc), 0.49, 1e-6);
}

TEST(Plant, ConstantPowerLoadTakesItsPowerAtEverySample) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load_W(1300));
  for (int i = 0; i < 50; ++i) {
    rig.advance_by(100 * kMillisecond);
    EXPECT_NEAR(rig(Signal::truth_load_current) * rig(Signal::truth_bus_voltage), 1300, 1e-9);
  }
}

TEST(Plant, FeedBackChargesThroughClosedMainContactsOnly) {
  Rig rig;
  rig.plant.set_stimulus(load(-40));
  rig.advance_by(kSecond);
  EXPECT_EQ(rig(Signal::truth_load_current), 0.0);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), 0.0);
  rig.close(true, false);
  EXPECT_EQ(rig(Signal::truth_load_current), -40.0);
  EXPECT_NEAR(rig(Signal::truth_pack_current), 40.0, 0.002);
  EXPECT_GT(rig(Signal::truth_pack_voltage), kRest_V);
}

TEST(Plant, OpeningUnderLoadCollapsesTheBusAndTheLoadStops) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load(1));
  rig.plant.set_actuators({});
  rig.advance_by(50 * kMillisecond);
  EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
  EXPECT_EQ(rig(Signal::truth_load_current), 1.0);  // out of the bus capacitor
  const double bus_V = rig(Signal::truth_bus_voltage);
  EXPECT_LT(bus_V, kRest_V);
  rig.advance_by(kSecond);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), 0.0);
  EXPECT_EQ(rig(Signal::truth_load_current), 0.0);
}

TEST(Plant, LoadThatWantsToRunDoesNotHinderThePrecharge) {
  Rig rig;
  rig.plant.set_stimulus(load(100));
  rig.close(false, false, true);
  rig.advance_by(3 * kSecond);
  EXPECT_EQ(rig(Signal::truth_load_current), 0.0);
  EXPECT_GT(rig(Signal::truth_bus_voltage), 0.95 * kRest_V);
  rig.close(true, false);
  EXPECT_EQ(rig(Signal::truth_load_current), 100.0);
}

TEST(Plant, LoadThatTookItsBusToZeroLetsThePrechargeRefillIt) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load(100));
  rig.plant.set_actuators({});
  rig.advance_by(kSecond);
  EXPECT_EQ(rig(Signal::truth_bus_voltage), 0.0);
  rig.close(false, false, true);
  rig.advance_by(3 * kSecond);
  EXPECT_GT(rig(Signal::truth_bus_voltage), 0.95 * kRest_V);
}

TEST(Plant, ChargerGoesFromConstantCurrentToConstantVoltageAndNeverAboveIt) {
  Rig rig;
  rig.close(false, true);
  constexpr double kLimit_V = 13.61;
  rig.plant.set_stimulus(charge(50, kLimit_V));
  bool constant_current = false, constant_voltage = false;
  double last_A = 50;
  for (int i = 0; i < 10000; ++i) {  // the taper's time constant is 8 mohm * 100 Ah / 0.8 V: 3600 s
    rig.advance_by(kSecond);
    const double node_V = rig(Signal::truth_pack_voltage), charger_A = rig(Signal::truth_charger_current);
    ASSERT_LE(node_V, kLimit_V + kRounding_V);
    ASSERT_LE(charger_A, last_A + 1e-9) << "the current never rises again";
    last_A = charger_A;
    constant_current |= charger_A == 50.0 && node_V < kLimit_V;
    if (charger_A < 50.0) {
      constant_voltage = true;
      ASSERT_NEAR(node_V, kLimit_V, kRounding_V);
    }
  }
  EXPECT_TRUE(constant_current);
  EXPECT_TRUE(constant_voltage);
  EXPECT_LT(last_A, 10.0);
}

TEST(Plant, ChargerOfConstantPower) {
  Rig rig;
  rig.close(false, true);
  Stimulus stimulus = charge(0, 14.0);
  stimulus.charger_is_power = true;
  stimulus.charger_power_W = 650;
  rig.plant.set_stimulus(stimulus);
  rig.advance_by(kSecond);
  EXPECT_NEAR(rig(Signal::truth_charger_current) * rig(Signal::truth_pack_voltage), 650, 1e-9);
  EXPECT_EQ(rig(Signal::truth_charger_current), rig(Signal::truth_pack_current));
}

TEST(Plant, ConnectedChargerIsPresentWhateverItsContactorDoes) {
  Rig rig;
  EXPECT_FALSE(rig.plant.feedback().charger_present);
  rig.plant.set_stimulus(charge(0, 14));
  EXPECT_TRUE(rig.plant.feedback().charger_present);
}

TEST(Plant, WeldedMainContactorKeepsConducting) {
  Rig rig;
  rig.close(true, false);
  rig.plant.set_stimulus(load(60));
  rig.plant.set_fault(Contactor::main, ContactorFault::weld);
  rig.plant.set_actuators({});
  rig.advance_by(kSecond);
  EXPECT_EQ(rig(Signal::truth_main_contactor), 1.0);
  EXPECT_EQ(rig(Signal::truth_load_current), 60.0);
  EXPECT_TRUE(rig.plant.feedback().main);
  rig.plant.set_fault(Contactor::main, ContactorFault::none);
  rig.advance_by(50 * kMillisecond);
  EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
}

TEST(Plant, BleedResistorsDischargeTheirCellsOnly) {
  Rig rig;
  rig.plant.set_actuators({false, false, false, 0b0010});
  rig.advance_by(3600 * kSecond);
  EXPECT_EQ(rig.cell(Signal::truth_bleed, 1), 1.0);
  EXPECT_EQ(rig.cell(Signal::truth_bleed, 0), 0.0);
  EXPECT_EQ(rig.cell(Signal::truth_cell_soc, 0), 0.5);
  // 3.3 V / 34 ohm for an hour; the voltage moves by less than 1 mV, the resistances are 1/17000 of 34 ohm.
  EXPECT_NEAR((0.5 - rig.cell(Signal::truth_cell_soc, 1)) * 100, 3.3 / 34.0, 3.3 / 34.0 * 5e-4);
}

TEST(Plant, AmbientFaultWarmsThePackAndEndsAtTheScenariosAmbient) {
  Rig rig;
  rig.plant.set_ambient(60.0);
  EXPECT_EQ(rig.plant.feedback().ambient_degC, 60.0);
  rig.advance_by(600 * kSecond);
  EXPECT_GT(rig.cell(Signal::truth_cell_temperature, 0), 26.0);
  rig.plant.set_ambient(std::nullopt);
  EXPECT_EQ(rig.plant.feedback().ambient_degC, 25.0);
}

TEST(Plant, SizeOfTheExchangeStepDoesNotMatter) {
  // The same sub-steps of 50 ms either way: the same operations, so the same bits.
  Rig fine, coarse;
  for (Rig* rig : {&fine, &coarse}) {
    rig->close(true, true);
    rig->plant.set_stimulus(load_W(700));
  }
  for (int i = 0; i < 20; ++i) fine.advance_by(50 * kMillisecond);
  coarse.advance_by(kSecond);
  fine.plant.sample(fine.frame);
  coarse.plant.sample(coarse.frame);
  for (const SignalSpec& spec : signal_table()) {
    if (spec.group != Group::truth) continue;
    EXPECT_EQ(fine.frame[spec.id], coarse.frame[spec.id]) << spec.full_name();
  }
}

TEST(Plant, TimeDoesNotRunBackwards) {
  Rig rig;
  rig.advance_by(kSecond);
  EXPECT_THROW(rig.plant.advance(0), std::logic_error);
}

TEST(Plant, ImpossibleParametersAreRefused) {
  for (double PlantParameters::*field :
       {&PlantParameters::precharge_ohm, &PlantParameters::bus_capacitance_F, &PlantParameters::bus_bleed_ohm}) {
    Scenario scenario = test::scenario();
    scenario.pack_profile.plant.*field = 0.0;
    EXPECT_THROW(Plant{scenario}, std::invalid_argument);
  }
}

}  // namespace
}  // namespace packbench::sim
