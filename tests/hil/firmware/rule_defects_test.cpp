// Defects of single rules: each rule broken is seen from outside; without the defect the same stimulus does the
// opposite.
#include <gtest/gtest.h>

#include <functional>

#include "rig.h"

namespace {

using rig::BmsState;
using rig::Fault;
using rig::Rig;

using Stimulus = std::function<void(Rig&)>;

// The pack runs with a charger, the defect (null: none) acts, then the stimulus.
void start(Rig& r, const char* defect) {
  r.hello();
  if (defect != nullptr) r.defect(defect);
  r.ready();
  r.readings.charger_present = true;
  r.run(0.5);
  EXPECT_TRUE(r.refusals.empty());
}

bool trips(const char* defect, Fault fault, const Stimulus& stimulus, double within_s) {
  Rig r;
  start(r, defect);
  stimulus(r);
  return r.seconds_until([&] { return r.faulty(fault); }, within_s) >= 0;
}

struct Silenced {
  const char* defect;
  Fault fault;
  Stimulus stimulus;
  double within_s;
};

Stimulus cell(double volt) {
  return [volt](Rig& r) { r.set_cell(4, volt); };
}
Stimulus pack(double volt) {
  return [volt](Rig& r) { r.readings.pack_dmV = static_cast<std::uint32_t>(volt * 1e4); };
}
Stimulus load(double ampere) {
  return [ampere](Rig& r) { r.load_A = ampere; };
}
Stimulus charge(double ampere) {
  return [ampere](Rig& r) { r.charge_A = ampere; };
}
Stimulus heat(double degC) {
  return [degC](Rig& r) { r.set_temperatures(degC); };
}

const Silenced kSilenced[] = {
    {"no_cell_ov_hard_trip", Fault::cell_ov_hard, cell(3.9), 1},
    {"no_cell_uv_hard_trip", Fault::cell_uv_hard, cell(2.4), 1},
    {"no_deep_discharge_trip", Fault::deep_discharge, cell(1.9), 1},
    {"no_pack_voltage_trip", Fault::pack_ov, pack(55), 3},
    {"no_pack_voltage_trip", Fault::pack_uv, pack(41), 3},
    {"no_slow_overcurrent_trip", Fault::ocd1, load(120), 12},
    {"no_slow_overcurrent_trip", Fault::occ1, charge(120), 12},
    {"no_fast_overcurrent_trip", Fault::ocd2, load(160), 2},
    {"no_fast_overcurrent_trip", Fault::occ2, charge(160), 2},
    {"no_short_circuit_trip", Fault::short_circuit, load(400), 1},
    {"short_circuit_late", Fault::short_circuit, load(400), 0.2},
    {"no_discharge_temperature_trip", Fault::otd, heat(61), 7},
    {"no_discharge_temperature_trip", Fault::utd, heat(-21), 7},
    {"no_open_wire_trip", Fault::open_wire, cell(0), 1},
    {"no_ntc_trip", Fault::ntc, heat(-60), 2},
    {"emergency_stop_ignored", Fault::emergency_stop, [](Rig& r) { r.command(PACKLINK_EMERGENCY_STOP); }, 1},
};

TEST(RuleDefects, SilencedProtectionsNeverTripAndTripWithoutTheDefect) {
  for (const Silenced& rule : kSilenced) {
    EXPECT_TRUE(trips(nullptr, rule.fault, rule.stimulus, rule.within_s)) << rule.defect;
    EXPECT_FALSE(trips(rule.defect, rule.fault, rule.stimulus, rule.within_s)) << rule.defect;
  }
}

TEST(RuleDefects, InvalidReadingsMakeADeepDischargeOfAnOpenWire) {
  EXPECT_FALSE(trips(nullptr, Fault::deep_discharge, cell(0), 2));
  EXPECT_TRUE(trips("invalid_readings_used", Fault::deep_discharge, cell(0), 2));
  EXPECT_FALSE(trips(nullptr, Fault::ot_hard, heat(125), 2));
  EXPECT_TRUE(trips("invalid_readings_used", Fault::ot_hard, heat(125), 2));
}

int precharges(const char* defect, double seconds) {
  Rig r;
  r.hello();
  if (defect != nullptr) r.defect(defect);
  r.configure(rig::default_profile());
  r.bus_follows = false;
  r.run(0.5);
  r.command(PACKLINK_ENABLE);
  int starts = 0;
  bool before = false;
  r.seconds_until(
      [&] {
        starts += r.actuators.precharge && !before;
        before = r.actuators.precharge;
        return false;
      },
      seconds);
  return starts;
}

TEST(RuleDefects, PrechargeIsTriedWithoutEnd) {
  EXPECT_EQ(precharges(nullptr, 40), 3);
  EXPECT_GT(precharges("precharge_never_gives_up", 40), 3);
}

bool main_closes_at_half_a_bus(const char* defect) {
  Rig r;
  r.hello();
  if (defect != nullptr) r.defect(defect);
  r.configure(rig::default_profile());
  r.bus_follows = false;
  r.bus_stays_V = 30;
  r.run(0.5);
  r.command(PACKLINK_ENABLE);
  r.run(1);
  return r.actuators.main;
}

TEST(RuleDefects, PrechargeEndsAtHalfTheVoltage) {
  EXPECT_FALSE(main_closes_at_half_a_bus(nullptr));
  EXPECT_TRUE(main_closes_at_half_a_bus("precharge_ends_early"));
}

bool notices_that_main_stays_open(const char* defect) {
  Rig r;
  r.main_never_closes = true;
  start(r, defect);
  return r.seconds_until([&] { return r.faulty(Fault::contactor_fail_close); }, 2) >= 0;
}

TEST(RuleDefects, ContactorThatStaysOpenIsNotNoticed) {
  EXPECT_TRUE(notices_that_main_stays_open(nullptr));
  EXPECT_FALSE(notices_that_main_stays_open("no_fail_close_check"));
}

bool precharges_with_main_reported_closed(const char* defect) {
  Rig r;
  r.hello();
  r.defect("weld_ignored");
  if (defect != nullptr) r.defect(defect);
  r.main_welded = true;
  r.configure(rig::default_profile());
  r.run(0.5);
  r.command(PACKLINK_ENABLE);
  return r.seconds_until([&] { return r.actuators.precharge || r.actuators.main; }, 2) >= 0;
}

TEST(RuleDefects, FeedbackIsNotAskedBeforeClosing) {
  EXPECT_FALSE(precharges_with_main_reported_closed(nullptr));
  EXPECT_TRUE(precharges_with_main_reported_closed("closes_without_feedback_check"));
}

TEST(RuleDefects, ChargerContactorClosesOntoNothing) {
  Rig r;
  r.hello();
  r.defect("charger_closes_without_charger");
  r.ready();
  r.run(0.5);
  EXPECT_TRUE(r.actuators.charger);
}

TEST(RuleDefects, StaysEnabledOverAReset) {
  Rig r;
  start(r, "closes_again_after_reset");
  r.command(PACKLINK_RESET);
  r.run(2);
  EXPECT_TRUE(r.actuators.main);
}

TEST(RuleDefects, OverCurrentIsRetriedForEver) {
  Rig r;
  start(r, "overcurrent_never_latches");
  r.load_A = 160;
  r.run(600);
  EXPECT_EQ(r.status.latched_faults, 0u);
}

void latch_over_voltage(Rig& r, const char* defect) {
  start(r, defect);
  r.set_cell(2, 3.9);
  r.run(1);
  EXPECT_TRUE(r.latched(Fault::cell_ov_hard));
}

TEST(RuleDefects, LatchedFaultsGoByThemselves) {
  for (const char* defect : {"", "latched_faults_release"}) {
    Rig r;
    latch_over_voltage(r, *defect ? defect : nullptr);
    r.set_cell(2, 3.3);
    r.run(5);
    EXPECT_EQ(r.latched(Fault::cell_ov_hard), *defect == '\0') << defect;
  }
}

TEST(RuleDefects, LatchedFaultsAreClearedWithTheirCause) {
  for (const char* defect : {"", "clears_latched_with_cause"}) {
    Rig r;
    latch_over_voltage(r, *defect ? defect : nullptr);
    r.command(PACKLINK_CLEAR_LATCHED);
    r.run(0.1);
    EXPECT_EQ(r.latched(Fault::cell_ov_hard), *defect == '\0') << defect;
  }
}

TEST(RuleDefects, FaultsStay) {
  Rig r;
  start(r, "faults_never_release");
  r.set_cell(2, 3.66);
  r.run(3);
  r.set_cell(2, 3.3);
  r.run(10);
  EXPECT_TRUE(r.faulty(Fault::cell_ov));
}

TEST(RuleDefects, FirstFaultIsTheLatest) {
  for (const char* defect : {"", "first_fault_overwritten"}) {
    Rig r;
    start(r, *defect ? defect : nullptr);
    r.set_cell(2, 3.66);
    r.run(3);
    r.set_cell(3, 2.79);
    r.run(3);
    EXPECT_EQ(r.status.first_fault, static_cast<int>(*defect ? Fault::cell_uv : Fault::cell_ov)) << defect;
  }
}

TEST(RuleDefects, UnderVoltageKeepsTheChargerOut) {
  Rig r;
  start(r, "uv_blocks_charge");
  r.set_cell(2, 2.79);
  r.run(3);
  EXPECT_FALSE(r.actuators.charger);
}

double seconds_under_load(const char* defect) {
  Rig r;
  r.step_us = 10'000;
  start(r, defect);
  r.load_A = 80;
  r.run(1);
  r.command(PACKLINK_DISABLE);
  return r.seconds_until([&] { return !r.actuators.main; }, 5);
}

TEST(RuleDefects, SoftOpeningDoesNotWaitOrWaitsForEver) {
  EXPECT_NEAR(seconds_under_load(nullptr), 0.2, 0.03);
  EXPECT_LE(seconds_under_load("opens_under_load"), 0.02);
  EXPECT_EQ(seconds_under_load("waits_for_zero_current_for_ever"), -1);
}

TEST(RuleDefects, ReplayedMeasurementsPassForNewOnes) {
  for (const char* defect : {"", "stale_frames_accepted"}) {
    Rig r;
    start(r, *defect ? defect : nullptr);
    const auto old = r.measurements_frame(r.sequence);
    r.step();
    r.send_measurements = false;
    for (int i = 0; i < 20; ++i) {
      r.send(old);
      r.step();
    }
    EXPECT_EQ(r.faulty(Fault::comm_loss), *defect == '\0') << defect;
  }
}

}  // namespace
