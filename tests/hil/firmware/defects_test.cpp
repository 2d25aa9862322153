// Each defect changes what it says and is seen from outside; each test passes without its defect by the tests next
// door.
#include <gmock/gmock.h>

#include <set>

#include "hil/firmware/core/defects.h"
#include "rig.h"

namespace {

using rig::BmsState;
using rig::Fault;
using rig::Rig;

struct Broken : Rig {
  explicit Broken(const char* name) {
    hello();
    defect(name);
    EXPECT_TRUE(refusals.empty()) << name;
    ready();
    readings.charger_present = true;
    run(0.5);
  }
};

TEST(Defects, NamesAreUniqueAndExplained) {
  using namespace packbench::firmware;
  std::set<std::string> names;
  for (std::size_t i = 0; i < kDefectCount; ++i) {
    names.insert(kDefects[i].name);
    EXPECT_GT(std::string(kDefects[i].description).size(), 10u);
    EXPECT_LT(std::string(kDefects[i].name).size(), sizeof packlink_defect_t::name);
    EXPECT_EQ(find_defect(kDefects[i].name, 32), i);
  }
  EXPECT_EQ(names.size(), kDefectCount);
  EXPECT_GE(kDefectCount, 16u);
}

double seconds_to_ov(const char* defect, double volt) {
  Broken r(defect);
  r.set_cell(8, volt);
  return r.seconds_until([&] { return r.faulty(Fault::cell_ov); }, 20);
}

TEST(Defects, OverVoltageNeverEarlyLateOrTooHigh) {
  EXPECT_EQ(seconds_to_ov("no_cell_ov_trip", 3.70), -1);
  EXPECT_LT(seconds_to_ov("cell_ov_early", 3.66), 0.2);
  EXPECT_GE(seconds_to_ov("cell_ov_late", 3.66), 6);
  EXPECT_EQ(seconds_to_ov("ov_threshold_high", 3.74), -1);
  EXPECT_GT(seconds_to_ov("ov_threshold_high", 3.76), 0);
  EXPECT_GT(seconds_to_ov("ov_threshold_low", 3.64), 0);
}

TEST(Defects, MainOpensOnOverVoltage) {
  Broken r("main_opens_on_ov");
  r.set_cell(8, 3.66);
  r.run(3);
  EXPECT_FALSE(r.actuators.main);
  EXPECT_TRUE(r.actuators.charger);
}

TEST(Defects, UnderVoltageNeverOrNotInTheLastCell) {
  Broken none("no_cell_uv_trip");
  none.set_cell(8, 2.7);
  none.run(10);
  EXPECT_FALSE(none.faulty(Fault::cell_uv));

  Broken last("cell_under_voltage_ignores_cell");
  last.set_cell(14, 2.4);
  last.run(10);
  EXPECT_EQ(last.status.faults, 0u);
  last.set_cell(13, 2.7);
  last.run(3);
  EXPECT_TRUE(last.faulty(Fault::cell_uv));
}

TEST(Defects, OverCurrentAndHotChargeNeverTrip) {
  Broken current("no_overcurrent_trip");
  current.load_A = 400;
  current.run(20);
  EXPECT_EQ(current.status.faults, 0u);

  Broken hot("no_charge_overtemperature_trip");
  hot.set_temperatures(57);
  hot.run(10);
  EXPECT_EQ(hot.status.faults, 0u);
  EXPECT_TRUE(hot.actuators.charger);
}

TEST(Defects, ReleaseHasNoHysteresis) {
  Broken r("no_release_hysteresis");
  r.set_cell(8, 3.66);
  r.run(3);
  r.set_cell(8, 3.64);
  r.run(0.2);
  EXPECT_FALSE(r.faulty(Fault::cell_ov));
}

TEST(Defects, SilenceIsIgnoredOrTakenTooSeriously) {
  Broken ignored("comm_loss_ignored");
  ignored.send_measurements = false;
  ignored.run(5);
  EXPECT_TRUE(ignored.actuators.main);
  Broken hasty("comm_loss_hasty");
  hasty.send_measurements = false;
  hasty.run(0.3);
  EXPECT_TRUE(hasty.faulty(Fault::comm_loss));
}

TEST(Defects, SkippedPrechargeClosesOntoAnEmptyBus) {
  Rig r;
  r.hello();
  r.defect("skip_precharge");
  r.bus_follows = false;
  r.ready();
  EXPECT_TRUE(r.actuators.main);
}

TEST(Defects, StatusLiesAboutTheChargerButActuatorsDoNot) {
  Broken r("status_lies_about_charger");
  r.set_cell(8, 3.66);
  r.run(5);
  EXPECT_FALSE(r.status.charger_contactor) << "what the application says";
  EXPECT_TRUE(r.actuators.charger) << "what the board drives";
  EXPECT_FALSE(r.latched(Fault::contactor_weld)) << "the lie covers its feedback";
}

TEST(Defects, ChargeIsCountedBackwardsOrTooMuch) {
  Broken backwards("soc_sign_reversed");
  backwards.load_A = 100;
  backwards.run(360);
  EXPECT_NEAR(backwards.status.soc_pctpct, 6000, 100);  // held, then let up: it rises while discharging
  Broken more("soc_gain_high");
  more.load_A = 100;
  more.run(360);
  EXPECT_NEAR(more.status.soc_pctpct, 3900, 1);
}

TEST(Defects, FullAnchorIsMissing) {
  Broken r("no_full_anchor");
  r.charge_A = 4;
  r.set_cells(3.51);
  r.run(120);
  EXPECT_LT(r.status.soc_pctpct, 6000);
}

TEST(Defects, ReportsAreFalse) {
  Broken order("cell_order_reversed");
  order.set_cell(0, 3.31);
  order.step();
  EXPECT_EQ(order.status.cell_dmV[14], 33'100);

  Broken stuck("temperature_stuck");
  stuck.set_temperatures(40);
  stuck.step();
  EXPECT_EQ(stuck.status.temperature_mdegC[0], 25'000);

  Broken unit("pack_voltage_wrong_unit");
  EXPECT_EQ(unit.status.pack_dmV, 49'500u);

  Broken sign("current_sign_reversed_in_status");
  sign.load_A = 30;
  sign.run(0.2);
  EXPECT_EQ(sign.status.current_mA, 30'000);
}

TEST(Defects, StateIsFrozenOnceIdle) {
  Broken r("state_frozen");
  r.load_A = 50;
  r.run(5);
  EXPECT_EQ(r.state(), BmsState::idle);
}

TEST(Defects, HangFloodAndCrashWaitFiveSeconds) {
  Broken hang("hang");
  hang.run(6);
  const auto sends = hang.sends;
  hang.run(1);
  EXPECT_EQ(hang.sends, sends);

  Rig flood;
  flood.hello();
  flood.defect("flood");
  flood.run(5);
  const auto before = flood.received.size();
  flood.step();
  EXPECT_GE(flood.received.size() - before, 1'000'000u);
}

TEST(Defects, CrashIsRefusedWhereItWouldEndTheBench) {
  Rig r;
  r.hello();
  r.defect("crash");
  EXPECT_THAT(r.refusals, testing::ElementsAre(testing::HasSubstr("process of its own")));
}

TEST(DefectsDeathTest, CrashEndsAProcessOfItsOwn) {
  using packbench::firmware::Firmware;
  const auto crash = [] {
    Firmware firmware({[](void*, const std::uint8_t*, std::size_t) {}, nullptr, true});
    firmware.power_on(0, 1);
    Rig r;
    const auto feed = [&](const rig::Bytes& bytes) {
      for (const auto byte : bytes) firmware.receive(byte);
    };
    packlink_defect_t defect{"crash", true};
    rig::Bytes bytes(PACKLINK_MAX_FRAME);
    bytes.resize(packlink_encode_defect(bytes.data(), bytes.size(), 1, &defect));
    feed(bytes);
    for (std::uint16_t i = 1; i < 100; ++i) feed(r.tick_frame(i, i * 100'000u));
  };
  EXPECT_DEATH(crash(), "");
}

}  // namespace
