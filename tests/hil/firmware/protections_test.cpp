// Each protection at its boundary: 10 mV (1 A, 1 K) inside the trip never trips, the same outside trips after its delay
// and within the budget: delay .. delay + two steps + task (+ zero-current wait before the contactor opens).
#include <gmock/gmock.h>

#include <functional>

#include "rig.h"

namespace {

using rig::BmsState;
using rig::Fault;
using rig::Rig;

constexpr double kStep_s = 0.1, kTask_s = 0.01, kWait_s = 0.2;

enum class Opens { charger, main, both };

struct Case {
  const char* name;
  Fault fault;
  double delay_s;
  Opens opens;
  bool latches;
  std::function<void(Rig&)> inside, outside;
};

void one_cell(Rig& r, double volt) { r.set_cell(8, volt); }
void pack(Rig& r, double volt) { r.readings.pack_dmV = static_cast<std::uint32_t>(volt * 1e4); }
void charge(Rig& r, double ampere) { r.charge_A = ampere; }
void load(Rig& r, double ampere) { r.load_A = ampere; }
void heat(Rig& r, double degC) { r.readings.temperature_mdegC[2] = static_cast<std::int32_t>(degC * 1e3); }

// Beyond a limit of discharge the limit of charge is passed as well; without a charger only the former applies.
void heat_uncharged(Rig& r, double degC) {
  r.readings.charger_present = false;
  heat(r, degC);
}

template <typename Set>
std::function<void(Rig&)> with(Set set, double value) {
  return [set, value](Rig& r) { set(r, value); };
}

class Protection : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    rig_.ready();
    rig_.readings.charger_present = true;
    rig_.run(0.5);
    ASSERT_TRUE(rig_.actuators.main && rig_.actuators.charger);
    ASSERT_EQ(rig_.status.faults, 0u);
  }
  Rig rig_;
};

TEST_P(Protection, InsideItsLevelForTenDelaysNeverTrips) {
  GetParam().inside(rig_);
  rig_.run(10 * GetParam().delay_s + 1);
  EXPECT_FALSE(rig_.faulty(GetParam().fault));
}

TEST_P(Protection, BeyondItsLevelTripsAfterItsDelayAndInTime) {
  GetParam().outside(rig_);
  const double took_s = rig_.seconds_until([&] { return rig_.faulty(GetParam().fault); }, 30);
  EXPECT_GE(took_s, GetParam().delay_s);
  EXPECT_LE(took_s, GetParam().delay_s + 2 * kStep_s + kTask_s);
  EXPECT_EQ(rig_.state(), GetParam().latches ? BmsState::fault_latched : BmsState::fault);
  EXPECT_EQ(rig_.status.first_fault, static_cast<int>(GetParam().fault));
}

TEST_P(Protection, OpensItsContactorsAndLeavesTheOther) {
  GetParam().outside(rig_);
  rig_.seconds_until([&] { return rig_.faulty(GetParam().fault); }, 30);
  rig_.run(kWait_s + kStep_s);
  EXPECT_EQ(rig_.actuators.main, GetParam().opens == Opens::charger);
  EXPECT_EQ(rig_.actuators.charger, GetParam().opens == Opens::main);
}

TEST_P(Protection, ShorterThanItsDelayIsNoTrip) {
  if (GetParam().delay_s < 2 * kStep_s) return;
  const auto before = rig_.readings;
  const double charge_A = rig_.charge_A, load_A = rig_.load_A;
  GetParam().outside(rig_);
  rig_.run(GetParam().delay_s - kStep_s);
  rig_.readings = before;
  rig_.charge_A = charge_A;
  rig_.load_A = load_A;
  rig_.run(1);
  EXPECT_FALSE(rig_.faulty(GetParam().fault));
}

const Case kCases[] = {
    {"cell_ov", Fault::cell_ov, 2, Opens::charger, false, with(one_cell, 3.64), with(one_cell, 3.66)},
    {"cell_ov_hard", Fault::cell_ov_hard, 0.2, Opens::both, true, with(one_cell, 3.79), with(one_cell, 3.81)},
    {"cell_uv", Fault::cell_uv, 2, Opens::main, false, with(one_cell, 2.81), with(one_cell, 2.79)},
    {"cell_uv_hard", Fault::cell_uv_hard, 0.5, Opens::both, true, with(one_cell, 2.51), with(one_cell, 2.49)},
    {"deep_discharge", Fault::deep_discharge, 0.1, Opens::both, true, with(one_cell, 2.01), with(one_cell, 1.99)},
    {"pack_ov", Fault::pack_ov, 2, Opens::charger, false, with(pack, 54.74), with(pack, 54.76)},
    {"pack_uv", Fault::pack_uv, 2, Opens::main, false, with(pack, 42.01), with(pack, 41.99)},
    {"occ1", Fault::occ1, 10, Opens::charger, false, with(charge, 109), with(charge, 111)},
    {"occ2", Fault::occ2, 0.5, Opens::charger, false, with(charge, 149), with(charge, 151)},
    {"ocd1", Fault::ocd1, 10, Opens::main, false, with(load, 109), with(load, 111)},
    {"ocd2", Fault::ocd2, 0.5, Opens::main, false, with(load, 149), with(load, 151)},
    {"short_circuit", Fault::short_circuit, 0, Opens::both, true, with(load, 299), with(load, 301)},
    {"otc", Fault::otc, 5, Opens::charger, false, with(heat, 54), with(heat, 56)},
    {"utc", Fault::utc, 5, Opens::charger, false, with(heat, 1), with(heat, -1)},
    {"otd", Fault::otd, 5, Opens::both, false, with(heat_uncharged, 59), with(heat_uncharged, 61)},
    {"utd", Fault::utd, 5, Opens::both, false, with(heat_uncharged, -19), with(heat_uncharged, -21)},
    {"ot_hard", Fault::ot_hard, 0.5, Opens::both, true, with(heat, 69), with(heat, 71)},
};

INSTANTIATE_TEST_SUITE_P(Table, Protection, testing::ValuesIn(kCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ProtectionRelease, OverVoltageIsHeldUntilItsHysteresis) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.set_cell(0, 3.66);
  r.run(3);
  ASSERT_TRUE(r.faulty(Fault::cell_ov));
  r.set_cell(0, 3.41);
  r.run(20);
  EXPECT_TRUE(r.faulty(Fault::cell_ov));
  r.set_cell(0, 3.39);
  const double took_s = r.seconds_until([&] { return !r.faulty(Fault::cell_ov); }, 10);
  EXPECT_GE(took_s, 2);
  EXPECT_LE(took_s, 2 + 2 * kStep_s + kTask_s);
  r.run(0.5);
  EXPECT_EQ(r.state(), BmsState::idle);
  EXPECT_TRUE(r.actuators.charger);
}

TEST(ProtectionRelease, DischargeReleasesOverVoltage) {
  Rig r;
  r.ready();
  r.set_cell(0, 3.66);
  r.run(3);
  ASSERT_TRUE(r.faulty(Fault::cell_ov));
  r.load_A = 5;
  r.run(2.5);
  EXPECT_FALSE(r.faulty(Fault::cell_ov));
}

TEST(ProtectionRelease, UnderVoltageLetsTheChargerInAndClosesMainAgain) {
  Rig r;
  r.ready();
  r.set_cell(0, 2.79);
  r.run(3);
  ASSERT_TRUE(r.faulty(Fault::cell_uv));
  ASSERT_FALSE(r.actuators.main);
  r.readings.charger_present = true;
  r.charge_A = 5;
  r.run(1);
  EXPECT_TRUE(r.actuators.charger) << "a charger must reach an empty pack";
  EXPECT_EQ(r.state(), BmsState::fault);
  EXPECT_GE(r.seconds_until([&] { return r.state() == BmsState::charging && r.actuators.main; }, 4), 0);
  EXPECT_TRUE(r.actuators.charger);
}

TEST(ProtectionRelease, OverCurrentIsTriedFiveTimesAMinuteApartThenLatched) {
  Rig r;
  r.ready();
  r.load_A = 160;
  bool before = false;
  std::vector<double> trips_s;
  r.seconds_until(
      [&] {
        const bool now = r.faulty(Fault::ocd2);
        if (now && !before) trips_s.push_back(static_cast<double>(r.now_us) * 1e-6);
        before = now;
        return r.latched(Fault::ocd2);
      },
      600);
  ASSERT_EQ(trips_s.size(), 6u);
  EXPECT_NEAR(trips_s[1] - trips_s[0], 60 + 0.5, 1.5);  // the pause, precharge and the delay of the next trip
  EXPECT_EQ(r.state(), BmsState::fault_latched);
  r.load_A = 0;
  r.run(120);
  EXPECT_EQ(r.state(), BmsState::fault_latched);
  r.command(PACKLINK_CLEAR_LATCHED);
  r.run(2);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(ProtectionInvalid, OpenWireIsNoDeepDischarge) {
  Rig r;
  r.ready();
  r.set_cell(3, 0.0);
  r.run(2);
  EXPECT_TRUE(r.faulty(Fault::open_wire));
  EXPECT_FALSE(r.faulty(Fault::deep_discharge) || r.faulty(Fault::cell_uv) || r.faulty(Fault::cell_uv_hard));
}

TEST(ProtectionInvalid, ShortedSensorIsNoFireAndOneMissingIsAWarning) {
  Rig r;
  r.ready();
  r.readings.temperature_mdegC[1] = 121'000;
  r.run(3);
  EXPECT_EQ(r.status.faults, 0u);
  EXPECT_TRUE(r.warned(Fault::ntc));
  r.set_temperatures(-41);
  r.run(3);
  EXPECT_TRUE(r.faulty(Fault::ntc));
  EXPECT_FALSE(r.faulty(Fault::utd) || r.faulty(Fault::utc));
}

TEST(ProtectionColdPack, RefusesTheChargerAtOnce) {
  Rig r;
  r.set_temperatures(-1);
  r.ready();
  r.readings.charger_present = true;
  for (int i = 0; i < 100; ++i) {
    r.step();
    ASSERT_FALSE(r.actuators.charger);
  }
  EXPECT_TRUE(r.faulty(Fault::utc));
  EXPECT_TRUE(r.actuators.main) << "a cold pack may still discharge";
}

TEST(ProtectionUnion, BothDirectionsOpenBothAndTheFirstFaultIsKept) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.run(1);
  r.set_cell(0, 3.66);
  r.run(1);
  r.set_cell(1, 2.79);
  r.run(4);
  EXPECT_TRUE(r.faulty(Fault::cell_ov) && r.faulty(Fault::cell_uv));
  EXPECT_EQ(r.status.first_fault, static_cast<int>(Fault::cell_ov));
  EXPECT_FALSE(r.actuators.main || r.actuators.charger);
}

TEST(CommunicationLoss, HalfASecondOfSilenceOpensBothAndTenFramesBringThemBack) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.run(1);
  r.send_measurements = false;
  const double took_s = r.seconds_until([&] { return r.faulty(Fault::comm_loss); }, 2);
  EXPECT_GE(took_s, 0.4);  // the last measurement was taken one step before the first one that is missing
  EXPECT_LE(took_s, 0.5 + kStep_s + kTask_s);
  EXPECT_FALSE(r.actuators.main || r.actuators.charger);
  EXPECT_EQ(r.state(), BmsState::fault);
  r.send_measurements = true;
  r.run(0.9);
  EXPECT_TRUE(r.faulty(Fault::comm_loss));
  r.run(0.1);
  EXPECT_FALSE(r.faulty(Fault::comm_loss));
  r.run(1);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(CommunicationLoss, ThreeMissedFramesAreAWarningOnly) {
  Rig r;
  r.ready();
  r.load_A = 20;
  r.run(2);
  r.send_measurements = false;
  r.run(0.3);
  EXPECT_TRUE(r.warned(Fault::comm_loss));
  r.send_measurements = true;
  r.run(1);
  EXPECT_EQ(r.status.faults, 0u);
  EXPECT_EQ(r.state(), BmsState::discharging);
}

TEST(CommunicationLoss, OldFramesReplayedAreSilence) {
  Rig r;
  r.ready();
  const auto old = r.measurements_frame(r.sequence);
  r.step();
  r.send_measurements = false;
  for (int i = 0; i < 8; ++i) {
    r.send(old);
    r.step();
  }
  EXPECT_TRUE(r.faulty(Fault::comm_loss));
}

TEST(CommunicationLoss, SlowStepsAreNoSilence) {
  Rig r;
  r.ready();
  r.step_us = 1'000'000;
  r.run(30);
  EXPECT_EQ(r.status.faults, 0u);
}

}  // namespace
