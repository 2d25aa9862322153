#include <gmock/gmock.h>

#include "rig.h"

namespace {

using rig::BmsState;
using rig::Fault;
using rig::Rig;

TEST(BmsState, BootWithoutMeasurementsIsAFaultAfterTwoSecondsAndClosesNothing) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.command(PACKLINK_ENABLE);
  r.send_measurements = false;
  r.run(1.9);
  EXPECT_EQ(r.state(), BmsState::init);
  r.run(8);
  EXPECT_EQ(r.state(), BmsState::fault);
  EXPECT_TRUE(r.faulty(Fault::comm_loss));
  EXPECT_FALSE(r.actuators.main || r.actuators.charger || r.actuators.precharge);
}

TEST(BmsState, BootStaysInInitWithoutAProfile) {
  Rig r;
  r.hello();
  r.run(5);
  EXPECT_EQ(r.state(), BmsState::init);
}

TEST(BmsState, ThreeMeasurementsLeadToStandbyWithinASecond) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.run(0.2);
  EXPECT_EQ(r.state(), BmsState::init);
  r.run(0.1);
  EXPECT_EQ(r.state(), BmsState::standby);
  EXPECT_EQ(r.status.reset_reason, 0);
  EXPECT_EQ(r.status.boot_count, 1u);
}

TEST(BmsState, EnablePrechargesThenClosesMainThenOpensPrecharge) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.run(0.5);
  r.bus_follows = false;
  r.command(PACKLINK_ENABLE);
  r.step();
  EXPECT_EQ(r.state(), BmsState::precharge);
  EXPECT_TRUE(r.actuators.precharge);
  EXPECT_FALSE(r.actuators.main);
  r.run(0.5);
  EXPECT_FALSE(r.actuators.main) << "main closed onto an empty bus";
  r.bus_follows = true;
  EXPECT_GE(r.seconds_until([&] { return r.state() == BmsState::idle; }, 1), 0);
  EXPECT_TRUE(r.actuators.main);
  EXPECT_FALSE(r.actuators.precharge);
  EXPECT_GT(r.actuators.precharge_changed_us, r.actuators.main_changed_us);
  EXPECT_EQ(r.status.faults, 0u);
}

TEST(BmsState, EmptyBusIsTriedThreeTimesThenLatched) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.bus_follows = false;
  r.run(0.5);
  r.command(PACKLINK_ENABLE);
  int starts = 0;
  bool before = false, closed = false;
  const double took_s = r.seconds_until(
      [&] {
        starts += r.actuators.precharge && !before;
        before = r.actuators.precharge;
        closed = closed || r.actuators.main;
        return r.latched(Fault::precharge_timeout);
      },
      20);
  EXPECT_EQ(starts, 3);
  EXPECT_FALSE(closed);
  EXPECT_NEAR(took_s, 3 * 2.0 + 2 * 3.0, 0.3);  // three tries, two pauses, a step each
  EXPECT_EQ(r.state(), BmsState::fault_latched);
  r.bus_follows = true;
  r.run(10);
  EXPECT_EQ(r.state(), BmsState::fault_latched);
  r.command(PACKLINK_CLEAR_LATCHED);
  r.run(2);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(BmsState, MainDoesNotCloseWhileWhatWouldOpenItIsBeyondItsTrip) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.bus_follows = false;
  r.run(0.5);
  r.command(PACKLINK_ENABLE);
  r.run(0.3);
  ASSERT_EQ(r.state(), BmsState::precharge);
  r.set_cell(3, 2.79);  // within the delay of cell_uv: not yet a fault
  r.bus_follows = true;
  r.run(0.5);
  EXPECT_EQ(r.state(), BmsState::standby);
  EXPECT_FALSE(r.actuators.main || r.actuators.precharge);
  r.set_cell(3, 3.30);
  r.run(1);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(BmsState, CurrentMakesChargingAndDischargingWithHoldTimes) {
  Rig r;
  r.ready();
  r.load_A = 50;
  r.run(0.9);
  EXPECT_EQ(r.state(), BmsState::idle);
  r.run(0.4);
  EXPECT_EQ(r.state(), BmsState::discharging);
  r.load_A = 0;
  r.run(4.8);
  EXPECT_EQ(r.state(), BmsState::discharging);
  r.run(0.5);
  EXPECT_EQ(r.state(), BmsState::idle);
  r.readings.charger_present = true;
  r.charge_A = 50;
  r.run(2);
  EXPECT_EQ(r.state(), BmsState::charging);
}

TEST(BmsState, ChargerContactorClosesOnlyWithACharger) {
  Rig r;
  r.ready();
  r.run(3);
  EXPECT_FALSE(r.actuators.charger);
  r.readings.charger_present = true;
  r.run(0.2);
  EXPECT_TRUE(r.actuators.charger);
  r.readings.charger_present = false;
  r.run(0.2);
  EXPECT_FALSE(r.actuators.charger);
}

TEST(BmsState, DisableOpensBothAndGoesToStandby) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.run(1);
  r.command(PACKLINK_DISABLE);
  r.run(0.5);
  EXPECT_EQ(r.state(), BmsState::standby);
  EXPECT_FALSE(r.actuators.main || r.actuators.charger);
}

TEST(BmsState, EmergencyStopOpensAtOnceAndLatches) {
  Rig r;
  r.step_us = 10'000;
  r.ready();
  r.load_A = 80;
  r.run(2);
  r.command(PACKLINK_EMERGENCY_STOP);
  r.step();
  EXPECT_FALSE(r.actuators.main);
  EXPECT_EQ(r.state(), BmsState::fault_latched);
  r.load_A = 0;
  r.command(PACKLINK_CLEAR_LATCHED);
  r.run(3);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(BmsState, SoftOpeningWaitsForZeroCurrentAtMost200ms) {
  Rig r;
  r.step_us = 10'000;
  r.ready();
  r.load_A = 80;
  r.run(2);
  r.command(PACKLINK_DISABLE);
  r.run(0.19);
  EXPECT_TRUE(r.actuators.main);
  EXPECT_EQ(r.status.charge_limit_mA, 0);
  r.run(0.03);
  EXPECT_FALSE(r.actuators.main);
}

TEST(BmsState, ResetOpensEverythingAndKeepsTheCount) {
  Rig r;
  r.ready();
  r.load_A = 50;
  r.run(5);
  const auto soc = r.status.soc_pctpct;
  r.command(PACKLINK_RESET);
  EXPECT_EQ(r.ident.boot_count, 2u);
  EXPECT_EQ(r.ident.reset_reason, 1);
  r.run(1);
  EXPECT_EQ(r.state(), BmsState::standby);
  EXPECT_FALSE(r.actuators.main);
  EXPECT_NEAR(r.status.soc_pctpct, soc, 1);  // kept at each hundredth of a percent
  EXPECT_LE(r.status.uptime_us, 1'000'000u);
}

TEST(BmsState, WeldedMainIsFoundAndForbidsClosing) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.run(1);
  r.main_welded = true;
  r.command(PACKLINK_DISABLE);
  const double took_s = r.seconds_until([&] { return r.latched(Fault::contactor_weld); }, 2);
  EXPECT_GE(took_s, 0.2);  // feedback delay and two frames
  EXPECT_LE(took_s, 0.5);
  EXPECT_FALSE(r.actuators.charger);
  r.command(PACKLINK_CLEAR_LATCHED);
  r.run(0.2);
  EXPECT_TRUE(r.latched(Fault::contactor_weld)) << "cleared although the cause is still there";
  EXPECT_THAT(r.refusals, testing::Contains(testing::HasSubstr("still has its cause")));
  r.command(PACKLINK_ENABLE);
  r.run(2);
  EXPECT_FALSE(r.actuators.main || r.actuators.charger);
  r.main_welded = false;
  r.run(0.2);
  r.command(PACKLINK_CLEAR_LATCHED);
  r.run(1);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(BmsState, MainThatNeverClosesIsTriedThreeTimesThenLatched) {
  Rig r;
  r.main_never_closes = true;
  r.ready();
  EXPECT_GE(r.seconds_until([&] { return r.faulty(Fault::contactor_fail_close); }, 2), 0);
  EXPECT_EQ(r.state(), BmsState::fault);
  EXPECT_FALSE(r.actuators.main);
  EXPECT_GE(r.seconds_until([&] { return r.latched(Fault::contactor_fail_close); }, 20), 6);
}

TEST(BmsState, EveryCellCountFrom1To24ReachesIdle) {
  for (int cells = 1; cells <= 24; ++cells) {
    Rig r(cells);
    r.ready();
    EXPECT_EQ(r.state(), BmsState::idle) << cells << " cells";
    EXPECT_EQ(r.status.cells, cells);
    r.set_cell(cells - 1, 3.66);
    r.run(2.5);
    EXPECT_TRUE(r.faulty(Fault::cell_ov)) << cells << " cells";
  }
}

}  // namespace
