#include "sim/plant/phase_runner.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "rig.h"

namespace packbench::sim {
namespace {

constexpr TimeNs kStep = 100 * kMillisecond;

Phase phase(PhaseKind kind, std::optional<TimeNs> duration, std::string label = "phase") {
  Phase made;
  made.kind = kind;
  made.duration = duration;
  made.label = std::move(label);
  return made;
}

// Plant and phases as the bench steps them, all contacts closed.
struct Walk {
  explicit Walk(std::vector<Phase> phases, TimeNs start = 0)
      : rig(with(std::move(phases))), runner(rig.scenario, rig.frame.layout()) {
    rig.close(true, true);
    rig.advance_by(start);
    begin = rig.plant.now();
    runner.start(begin);
  }
  static Scenario with(std::vector<Phase> phases) {
    Scenario scenario = test::scenario();
    scenario.phases = std::move(phases);
    return scenario;
  }
  bool step() {
    rig.plant.sample(rig.frame);
    const bool more = runner.step(rig.plant.now(), rig.frame, rig.plant);
    rig.advance_by(kStep);
    return more;
  }
  TimeNs run() {  // time from the start to the end of the last phase
    while (step()) {
    }
    return rig.plant.now() - kStep - begin;
  }

  test::Rig rig;
  PhaseRunner runner;
  TimeNs begin = 0;
};

TEST(PhaseRunner, PhasesFollowEachOtherAtTheSameSample) {
  Walk walk({phase(PhaseKind::rest, 2 * kSecond, "first"), phase(PhaseKind::rest, kSecond, "second")}, 5 * kSecond);
  EXPECT_EQ(walk.run(), 3 * kSecond);
  const auto& records = walk.runner.records();
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].label, "first");
  EXPECT_DOUBLE_EQ(records[0].from_s, to_seconds(walk.begin));
  EXPECT_DOUBLE_EQ(records[0].to_s, to_seconds(walk.begin) + 2.0);
  EXPECT_DOUBLE_EQ(records[1].from_s, records[0].to_s);
  EXPECT_DOUBLE_EQ(records[1].to_s, records[0].to_s + 1.0);
  EXPECT_FALSE(records[1].ended_at_limit);
}

TEST(PhaseRunner, LabelIsThatOfTheRunningPhase) {
  Walk walk({phase(PhaseKind::rest, kStep, "a"), phase(PhaseKind::rest, kStep, "b")});
  EXPECT_EQ(walk.runner.current_label(), "");
  walk.step();
  EXPECT_EQ(walk.runner.current_label(), "a");
  walk.step();
  EXPECT_EQ(walk.runner.current_label(), "b");
}

TEST(PhaseRunner, NoPhasesAreOverAtOnce) {
  Walk walk({});
  EXPECT_FALSE(walk.step());
}

TEST(PhaseRunner, ChargeConnectsTheChargerWithItsLimits) {
  Phase charge = phase(PhaseKind::charge, kSecond);
  charge.current_A = 50;
  charge.voltage_V = 14;
  Walk walk({charge});
  walk.step();
  EXPECT_EQ(walk.rig(Signal::truth_charger_current), 50.0);
  EXPECT_TRUE(walk.rig.plant.feedback().charger_present);
}

TEST(PhaseRunner, ChargeWithoutVoltageUsesThePackProfiles) {
  Phase charge = phase(PhaseKind::charge, kSecond);
  charge.current_A = 500;
  Walk walk(std::vector{charge});
  walk.rig.scenario.pack_profile.charge_voltage_V = 13.5;
  PhaseRunner runner(walk.rig.scenario, walk.rig.frame.layout());
  runner.start(walk.rig.plant.now());
  runner.step(walk.rig.plant.now(), walk.rig.frame, walk.rig.plant);
  EXPECT_NEAR(walk.rig(Signal::truth_pack_voltage), 13.5, 1e-12);
}

TEST(PhaseRunner, DischargeLoadsTheBus) {
  Phase discharge = phase(PhaseKind::discharge, kSecond);
  discharge.current_A = 70;
  Walk walk({discharge});
  walk.step();
  EXPECT_EQ(walk.rig(Signal::truth_load_current), 70.0);
  EXPECT_EQ(walk.rig(Signal::truth_charger_current), 0.0);
  EXPECT_FALSE(walk.rig.plant.feedback().charger_present);
}

TEST(PhaseRunner, PowerChargesWhenPositiveAndLoadsWhenNegative) {
  Phase charge = phase(PhaseKind::power, kStep), load = phase(PhaseKind::power, kStep);
  charge.power_W = 500;
  load.power_W = -700;
  Walk walk({charge, load});
  walk.step();
  EXPECT_NEAR(walk.rig(Signal::truth_charger_current) * walk.rig(Signal::truth_pack_voltage), 500, 1e-9);
  walk.step();
  EXPECT_EQ(walk.rig(Signal::truth_charger_current), 0.0);
  EXPECT_NEAR(walk.rig(Signal::truth_load_current) * walk.rig(Signal::truth_bus_voltage), 700, 1e-9);
}

TEST(PhaseRunner, ProfileFeedsBackWherePositiveAndLoadsWhereNegativeAndEndsWithItsFile) {
  Phase drive_cycle = phase(PhaseKind::profile, std::nullopt);
  drive_cycle.profile.time_s = {0, 1, 2};
  drive_cycle.profile.current_A = {-20, -20, 30};
  drive_cycle.profile.repeat = 2;
  Walk walk({drive_cycle});
  walk.step();
  EXPECT_EQ(walk.rig(Signal::truth_load_current), 20.0);
  for (int i = 0; i < 19; ++i) walk.step();
  EXPECT_NEAR(walk.rig(Signal::truth_load_current), -25.0, 1e-12);  // at 1.9 s
  EXPECT_GT(walk.rig(Signal::truth_pack_current), 24.9);
  EXPECT_EQ(walk.run(), 4 * kSecond);
}

TEST(PhaseRunner, ProfileIsCutByAShorterDuration) {
  Phase drive_cycle = phase(PhaseKind::profile, kSecond);
  drive_cycle.profile.time_s = {0, 60};
  drive_cycle.profile.current_A = {0, 0};
  Walk walk({drive_cycle});
  EXPECT_EQ(walk.run(), kSecond);
}

TEST(PhaseRunner, DriveHoldsItsQuantityAndGivesItBack) {
  Phase held = phase(PhaseKind::drive, kSecond);
  DriveTarget target;
  target.cell = 1;
  target.values = {3.66};
  held.drive = {target};
  Walk walk({held, phase(PhaseKind::rest, kSecond)});
  walk.step();
  EXPECT_EQ(walk.rig.cell(Signal::truth_cell_voltage, 1), 3.66);
  for (int i = 0; i < 10; ++i) walk.step();
  EXPECT_LT(walk.rig.cell(Signal::truth_cell_voltage, 1), 3.31);
}

TEST(PhaseRunner, DriveWithoutDurationLastsAsLongAsItsLongestRamp) {
  Phase ramp = phase(PhaseKind::drive, std::nullopt);
  DriveTarget slow, quick;
  slow.cell = 0;
  slow.values = {3.5};
  slow.ramp = 3 * kSecond;
  quick = slow;
  quick.cell = 1;
  quick.ramp = kSecond;
  ramp.drive = {slow, quick};
  Walk walk({ramp});
  EXPECT_EQ(walk.run(), 3 * kSecond);
}

TEST(PhaseRunner, RestAndDriveMayKeepAChargerConnectedThatDeliversNothing) {
  Phase rest = phase(PhaseKind::rest, kSecond);
  rest.charger_connected = true;
  Walk walk({rest});
  walk.step();
  EXPECT_TRUE(walk.rig.plant.feedback().charger_present);
  EXPECT_EQ(walk.rig(Signal::truth_charger_current), 0.0);
}

TEST(PhaseRunner, UntilEndsThePhaseAtTheFirstSampleWhereItHolds) {
  Phase discharge = phase(PhaseKind::discharge, std::nullopt);
  discharge.current_A = 100;
  const SignalLayout layout = test::layout_of(test::scenario());
  discharge.until = test::formula("truth.soc < 49.99 %", layout);
  discharge.limit = 10 * kSecond;
  Walk walk({discharge});
  const TimeNs ended = walk.run();
  EXPECT_EQ(ended, 400 * kMillisecond);  // 0.01 % of 100 Ah at 100 A is 0.36 s
  EXPECT_FALSE(walk.runner.records()[0].ended_at_limit);
}

TEST(PhaseRunner, LimitEndsThePhaseAndIsRecordedUnlessItIsOk) {
  const SignalLayout layout = test::layout_of(test::scenario());
  for (const bool ok : {false, true}) {
    Phase rest = phase(PhaseKind::rest, std::nullopt);
    rest.until = test::formula("truth.soc < 10 %", layout);
    rest.limit = 2 * kSecond;
    rest.limit_is_ok = ok;
    Walk walk({rest});
    EXPECT_EQ(walk.run(), 2 * kSecond);
    EXPECT_EQ(walk.runner.records()[0].ended_at_limit, !ok);
    EXPECT_FALSE(walk.runner.records()[0].until_held_throughout);
  }
}

TEST(PhaseRunner, UntilThatHoldsFromTheBeginningHasToStopHoldingFirst) {
  const SignalLayout layout = test::layout_of(test::scenario());
  Phase rest = phase(PhaseKind::rest, std::nullopt);
  rest.until = test::formula("truth.charger_contactor == open", layout);
  rest.limit = 2 * kSecond;
  Walk walk({rest});
  walk.rig.close(false, false);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(walk.step());
  walk.rig.plant.set_actuators({false, true, false, 0});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(walk.step());
  walk.rig.plant.set_actuators({});
  walk.step();
  EXPECT_FALSE(walk.step());
  EXPECT_FALSE(walk.runner.records()[0].ended_at_limit);
}

TEST(PhaseRunner, UntilThatNeverStoppedHoldingIsSaidAtTheLimit) {
  Phase rest = phase(PhaseKind::rest, std::nullopt);
  rest.until = test::formula("truth.soc > 10 %", test::layout_of(test::scenario()));
  rest.limit = kSecond;
  Walk walk({rest});
  EXPECT_EQ(walk.run(), kSecond);
  EXPECT_TRUE(walk.runner.records()[0].until_held_throughout);
}

TEST(PhaseRunner, PlantIsAtRestAfterTheLastPhase) {
  Phase discharge = phase(PhaseKind::discharge, kSecond);
  discharge.current_A = 70;
  Walk walk({discharge});
  walk.run();
  EXPECT_EQ(walk.rig(Signal::truth_load_current), 0.0);
}

TEST(PhaseRunner, PhaseWithoutAnEndIsRefusedByName) {
  Scenario scenario = Walk::with({phase(PhaseKind::rest, std::nullopt, "endless")});
  try {
    PhaseRunner runner(scenario, test::layout_of(scenario));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "The phase 'endless' has no end: it needs a duration, or `until` with a limit.");
  }
}

}  // namespace
}  // namespace packbench::sim
