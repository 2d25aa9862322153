#include <gmock/gmock.h>

#include "hil/firmware/host/profile_bytes.h"
#include "rig.h"

namespace {

using rig::Bytes;
using rig::Fault;
using rig::Rig;
using testing::HasSubstr;

TEST(Device, HelloIsAnsweredByIdent) {
  Rig r;
  r.hello();
  EXPECT_EQ(r.ident.version_major, PACKLINK_VERSION_MAJOR);
  EXPECT_EQ(r.ident.control_period_ms, 10);
  EXPECT_EQ(r.ident.max_cells, 24);
  EXPECT_EQ(r.ident.boot_count, 1u);
  EXPECT_STREQ(r.ident.device_id, "packbench-reference-bms");
}

TEST(Device, AnotherMajorVersionIsRefusedInWords) {
  Rig r;
  const packlink_hello_t hello{2, 0, PACKLINK_LOCKSTEP, 15, 4};
  Bytes bytes(PACKLINK_MAX_FRAME);
  bytes.resize(packlink_encode_hello(bytes.data(), bytes.size(), 1, &hello));
  r.send(bytes);
  EXPECT_THAT(r.refusals, testing::ElementsAre(HasSubstr("another major version")));
  EXPECT_EQ(r.ident.max_cells, 0);
}

TEST(Device, ProfileIsAcknowledgedByTheChecksumOfItsBytes) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  const Bytes bytes = packbench::firmware::encode_profile(rig::default_profile());
  EXPECT_TRUE(r.config_ack.complete);
  EXPECT_EQ(r.config_ack.crc32, packlink_crc32(0, bytes.data(), bytes.size()));
  EXPECT_TRUE(r.refusals.empty());
}

TEST(Device, InconsistentProfilesAreRefusedWithTheirReason) {
  const auto refused = [](auto spoil) {
    Rig r;
    auto profile = rig::default_profile();
    spoil(profile);
    r.hello();
    r.configure(profile);
    EXPECT_FALSE(r.config_ack.complete);
    return r.refusals.empty() ? std::string("accepted") : r.refusals.back();
  };
  EXPECT_THAT(refused([](auto& p) { p.protections[0].release = 3.70; }), HasSubstr("safe side"));
  EXPECT_THAT(refused([](auto& p) { p.protections[2].warn = 2.70; }), HasSubstr("safe side"));
  EXPECT_THAT(refused([](auto& p) { p.protections.push_back(p.protections[0]); }), HasSubstr("twice"));
  EXPECT_THAT(refused([](auto& p) { p.protections[1].trip = 3.60; }), HasSubstr("not beyond its soft level"));
  EXPECT_THAT(refused([](auto& p) { p.protections[0].trip = packbench::sim::kNoThreshold; }), HasSubstr("no trip"));
  EXPECT_THAT(refused([](auto& p) { p.watch.board_sensor = 9; }), HasSubstr("board sensor"));
  EXPECT_THAT(refused([](auto& p) { p.watch.plateau_low_V = 3.4; }), HasSubstr("plateau is empty"));
  EXPECT_THAT(refused([](auto& p) { p.watch.still_voltage_V = 0.02; }), HasSubstr("not smaller than a step"));
  EXPECT_THAT(refused([](auto& p) { p.watch.weld_current_A = 0; }), HasSubstr("not positive"));
  EXPECT_THAT(refused([](auto& p) { p.cells = 16; }), HasSubstr("another cell count"));
  EXPECT_THAT(refused([](auto& p) { p.capacity_Ah = 0; }), HasSubstr("capacity"));
  EXPECT_THAT(refused([](auto& p) { std::swap(p.ocv_by_soc[1], p.ocv_by_soc[2]); }), HasSubstr("does not rise"));
}

TEST(Device, DamagedProfileBytesAreRefused) {
  Rig r;
  r.hello();
  Bytes bytes = packbench::firmware::encode_profile(rig::default_profile());
  bytes[40] ^= 1;
  bytes.resize(150);
  packlink_config_t config{0, 1, 150, {}};
  std::copy(bytes.begin(), bytes.end(), config.data);
  Bytes frame(PACKLINK_MAX_FRAME);
  frame.resize(packlink_encode_config(frame.data(), frame.size(), 1, &config));
  r.send(frame);
  EXPECT_THAT(r.refusals, testing::ElementsAre(HasSubstr("checksum is wrong")));
}

TEST(Device, NoProfileIsTakenWhileAContactorIsClosed) {
  Rig r;
  r.ready();
  r.configure(rig::default_profile());
  EXPECT_THAT(r.refusals, testing::ElementsAre(HasSubstr("all contactors are open")));
  r.run(1);
  EXPECT_EQ(r.state(), rig::BmsState::idle);
}

TEST(Device, UnknownDefectIsRefused) {
  Rig r;
  r.hello();
  r.defect("no_such_defect");
  EXPECT_THAT(r.refusals, testing::ElementsAre("This defect is unknown."));
}

TEST(Device, TickIsAnsweredByActuatorsStatusAndTickDoneInOneSend) {
  Rig r;
  r.ready();
  const int before = r.sends;
  r.step();
  EXPECT_EQ(r.sends, before + 1);
  EXPECT_EQ(r.done.tick_sequence, r.sequence);
  EXPECT_EQ(r.done.device_time_us, r.now_us);
  EXPECT_EQ(r.done.spent_us, 0u);
  EXPECT_EQ(r.status.measurement_sequence, r.sequence - 1);
}

TEST(Device, RepeatedTickIsAnsweredAgainWithoutAdvancing) {
  Rig r;
  r.ready();
  r.load_A = 50;
  r.run(1);
  const Bytes tick = r.tick_frame(++r.sequence, r.now_us + 100'000);
  r.send(tick);
  const Bytes first = r.last_answer;
  r.send(tick);
  r.send(tick);
  EXPECT_EQ(r.last_answer, first);
  EXPECT_EQ(r.done.device_time_us, r.now_us + 100'000);
}

TEST(Device, DuplicatedMeasurementsCountOnce) {
  const auto soc_after = [](int copies) {
    Rig r;
    r.ready();
    r.load_A = 100;
    for (int i = 0; i < 3000; ++i) {
      r.step();
      for (int copy = 1; copy < copies; ++copy)
        r.send(r.measurements_frame(static_cast<std::uint16_t>(r.sequence - 1)));
    }
    return r.status.soc_pctpct;
  };
  EXPECT_EQ(soc_after(1), soc_after(3));
}

TEST(Device, MeasurementsThatComeLateChangeNothing) {
  Rig r;
  r.ready();
  r.set_cell(0, 3.40);
  r.step();
  const Bytes late = r.measurements_frame(++r.sequence);
  r.set_cell(0, 3.30);
  r.run(0.5);
  r.send(late);
  r.send_measurements = false;
  r.step();
  EXPECT_EQ(r.status.cell_dmV[0], 33'000);
}

TEST(Device, SameBytesInSameBytesOut) {
  const auto run = [] {
    Rig r;
    r.ready();
    r.readings.charger_present = true;
    r.charge_A = 40;
    r.run(20);
    r.set_cell(4, 3.7);
    r.run(5);
    return r.received;
  };
  const Bytes first = run();
  EXPECT_GT(first.size(), 20'000u);
  EXPECT_EQ(run(), first);
}

TEST(Device, DamagedFramesAreCountedInTheStatus) {
  Rig r;
  r.ready();
  Bytes damaged = r.measurements_frame(9);
  damaged[5] ^= 0x40;
  r.send(damaged);
  r.step();
  EXPECT_EQ(r.status.rx_errors, 1);
}

TEST(Device, TickOfAnHourAheadOrBackInTimeIsRefused) {
  Rig r;
  r.ready();
  r.send(r.tick_frame(++r.sequence, r.now_us + 4'000'000'000));
  r.send(r.tick_frame(++r.sequence, r.now_us - 100'000));
  EXPECT_THAT(r.refusals, testing::ElementsAre(HasSubstr("more than an hour"), HasSubstr("back in time")));
}

TEST(Device, NewSessionOfTheBenchStartsTheBmsAnew) {
  Rig r;
  r.ready();
  r.now_us = 0;
  r.hello();
  r.run(0.5);
  EXPECT_EQ(r.state(), rig::BmsState::standby);
  EXPECT_FALSE(r.actuators.main);
  EXPECT_EQ(r.status.uptime_us, 500'000u);
}

TEST(Device, FreeRunningReportsEvery100msOnItsOwnClock) {
  Rig r;
  const packlink_hello_t hello{1, 0, PACKLINK_FREE_RUNNING, 15, 4};
  Bytes bytes(PACKLINK_MAX_FRAME);
  bytes.resize(packlink_encode_hello(bytes.data(), bytes.size(), 1, &hello));
  r.send(bytes);
  r.configure(rig::default_profile());
  const int before = r.sends;
  for (std::uint64_t now_us = 1'000; now_us <= 2'000'000; now_us += 1'000) {
    if (now_us % 100'000 == 0) {
      r.now_us = now_us + 77'000'000;  // the bench's clock is another one
      r.send(r.measurements_frame(++r.sequence));
    }
    r.firmware.run_until(now_us);
  }
  EXPECT_EQ(r.sends - before, 20);
  EXPECT_EQ(r.state(), rig::BmsState::standby);
  EXPECT_NEAR(static_cast<double>(r.status.uptime_us), 2e6, 1e4);
}

TEST(StateOfCharge, CountsChargeExactly) {
  Rig r;
  r.ready();
  r.load_A = 100;
  r.run(360);                                 // 100 A for 360 s of 100 Ah: 10 %
  EXPECT_NEAR(r.status.soc_pctpct, 4000, 1);  // one step of the wire
}

TEST(StateOfCharge, IsClampedAtBothEnds) {
  Rig r;
  r.ready();
  r.command(PACKLINK_SET_SOC, 10);
  r.load_A = 100;
  r.run(30);
  EXPECT_EQ(r.status.soc_pctpct, 0);
  r.command(PACKLINK_SET_SOC, 9990);
  r.load_A = 0;
  r.readings.charger_present = true;
  r.charge_A = 100;
  r.run(30);
  EXPECT_EQ(r.status.soc_pctpct, 10'000);
}

TEST(StateOfCharge, FullAnchorNeedsAMinuteOfSmallCharge) {
  Rig r;
  r.ready();
  r.readings.charger_present = true;
  r.charge_A = 4;
  r.run(1);
  r.set_cells(3.51);
  r.run(59);
  EXPECT_LT(r.status.soc_pctpct, 6000);
  r.run(2 + 50);  // reported at 1 %/s
  EXPECT_EQ(r.status.soc_pctpct, 10'000);
}

TEST(StateOfCharge, EmptyAnchorPullsDownToThreePercent) {
  Rig r;
  r.ready();
  r.load_A = 10;
  r.set_cells(2.80);
  r.run(1.5 + 50);  // reported at 1 %/s
  EXPECT_LE(r.status.soc_pctpct, 300);
}

TEST(StateOfCharge, OcvIsReadAtBootAndHeldUnderLoad) {
  Rig r;
  r.set_cells(3.29);
  r.ready();
  EXPECT_EQ(r.status.ocv_soc_pctpct, 5000);
  r.load_A = 20;
  r.run(1);
  r.set_cells(3.20);
  r.run(700);
  EXPECT_EQ(r.status.ocv_soc_pctpct, 5000);
  r.load_A = 0;
  r.run(599);
  EXPECT_EQ(r.status.ocv_soc_pctpct, 5000);
  r.run(3);
  EXPECT_EQ(r.status.ocv_soc_pctpct, 1000);
}

TEST(StateOfCharge, SohIsZeroUntilItIsKnown) {
  Rig r;
  r.ready();
  EXPECT_EQ(r.status.soh_pctpct, 0);
}

TEST(Limits, AreTheProfilesInTheMiddleAndZeroWhereNotAllowed) {
  Rig r;
  r.hello();
  r.configure(rig::default_profile());
  r.run(0.5);
  EXPECT_EQ(r.status.charge_limit_mA, 0);
  EXPECT_EQ(r.status.discharge_limit_mA, 0);
  r.command(PACKLINK_ENABLE);
  r.run(1);
  EXPECT_EQ(r.status.charge_limit_mA, 100'000);
  EXPECT_EQ(r.status.discharge_limit_mA, 100'000);
  r.set_cell(2, 3.55);  // half way from 100 mV below the warning to the trip
  r.run(0.1);
  EXPECT_EQ(r.status.charge_limit_mA, 50'000);
  r.set_cell(2, 3.66);
  r.run(3);
  EXPECT_EQ(r.status.charge_limit_mA, 0);
  EXPECT_EQ(r.status.discharge_limit_mA, 100'000);
}

TEST(Balancing, BleedsTheHighestCellsNeverNeighboursAndNeverMoreThanSeven) {
  Rig r;
  r.ready();
  r.set_cells(3.45);
  r.set_cell(0, 3.41);
  r.run(1);
  const std::uint32_t bleed = r.actuators.bleed;
  EXPECT_NE(bleed, 0u);
  EXPECT_EQ(bleed & (bleed << 1), 0u);
  EXPECT_LE(__builtin_popcount(bleed), 7);
  EXPECT_EQ(bleed & 1u, 0u) << "the lowest cell";
  EXPECT_EQ(r.status.balancing, bleed);
  r.load_A = 10;
  r.run(0.2);
  EXPECT_EQ(r.actuators.bleed, 0u);
}

TEST(Balancing, StaysOffBelowItsStart) {
  Rig r;
  r.ready();
  r.set_cells(3.39);
  r.set_cell(0, 3.30);
  r.run(5);
  EXPECT_EQ(r.actuators.bleed, 0u);
  r.set_cells(3.45);
  r.set_cell(0, 3.435);
  r.run(5);
  EXPECT_EQ(r.actuators.bleed, 0u);
}

}  // namespace
