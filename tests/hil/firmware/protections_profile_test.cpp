// Profiles that do not hold together are refused by the device too, each with its sentence.
#include <gtest/gtest.h>

#include <string>

#include "core_bench.h"

namespace {

using namespace core_bench;

template <typename Spoil>
std::string refusal(Spoil spoil) {
  Profile profile = reference_profile();
  for (ProtectionRow& row : profile.rows) row.present = row.present && row.trip != kNoReading;
  spoil(profile);
  const char* why = complete_profile(profile);
  return why == nullptr ? "taken" : why;
}

TEST(InconsistentProfile, IsRefusedWithItsReason) {
  EXPECT_EQ(refusal([](Profile&) {}), "taken");
  EXPECT_EQ(refusal([](Profile& p) { p.cells = 0; }), "The profile's cell count is outside 1 to 24.");
  EXPECT_EQ(refusal([](Profile& p) { p.cells = 25; }), "The profile's cell count is outside 1 to 24.");
  EXPECT_EQ(refusal([](Profile& p) { p.capacity_mAh = 0; }), "The profile's capacity is not positive.");
  EXPECT_EQ(refusal([](Profile& p) { p.comm_loss_ms = 0; }), "The profile's time for a lost line is zero.");
  EXPECT_EQ(refusal([](Profile& p) { p.precharge_tries = 0; }), "The profile allows no precharge.");
  EXPECT_EQ(refusal([](Profile& p) { p.precharge_timeout_ms = 0; }), "The profile allows no precharge.");
  EXPECT_EQ(refusal([](Profile& p) { p.charge_limit_mA = -1; }), "The profile has a negative current limit.");
  EXPECT_EQ(refusal([](Profile& p) { p.discharge_limit_mA = -1; }), "The profile has a negative current limit.");
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::otd).trip = kNoReading; }), "A protection has no trip level.");
}

TEST(InconsistentProfile, WatchRulesAreRefusedWithTheirReason) {
  const std::string board = "The profile's board sensor is outside 0 to 8.";
  EXPECT_EQ(refusal([](Profile& p) { p.watch.board_sensor = -1; }), board);
  EXPECT_EQ(refusal([](Profile& p) { p.watch.board_sensor = 9; }), board);
  EXPECT_EQ(refusal([](Profile& p) { p.watch.plateau_high_dmV = 32'000; }), "The profile's plateau is empty.");
  const std::string still = "What is still is not smaller than a step in the profile.";
  EXPECT_EQ(refusal([](Profile& p) { p.watch.still_current_mA = 20'000; }), still);
  EXPECT_EQ(refusal([](Profile& p) { p.watch.still_dmV = 150; }), still);
  const std::string zero = "A time or current to watch is not positive.";
  EXPECT_EQ(refusal([](Profile& p) { p.watch.runaway_time_ms = 0; }), zero);
  EXPECT_EQ(refusal([](Profile& p) { p.watch.weld_current_mA = 0; }), zero);
}

TEST(InconsistentProfile, EveryRowNeedsWarningAndReleaseOnTheSafeSideOfItsTrip) {
  const std::string order = "A protection's warning or release is not on the safe side of its trip.";
  const Profile reference = reference_profile();
  for (int i = 0; i < kFaultCount; ++i) {
    if (kProtectionTable[i].system) continue;
    EXPECT_EQ(refusal([i](Profile& p) { p.rows[i].warn = p.rows[i].trip; }), order) << i;
    EXPECT_EQ(refusal([i](Profile& p) { p.rows[i].release = p.rows[i].trip; }), order) << i;
    EXPECT_EQ(refusal([i](Profile& p) { p.rows[i].warn = p.rows[i].release = kNoReading; }), "taken") << i;
  }
  EXPECT_EQ(reference.row(Fault::comm_loss).warn, 300) << "three frames of five";
}

TEST(InconsistentProfile, HardLevelsLieBeyondTheSoftOnesWhereBothAreThere) {
  const std::string order = "A hard level of the profile is not beyond its soft level.";
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::cell_ov_hard).trip = 36'500; }), order);
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::deep_discharge).trip = 25'000; }), order);
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::short_circuit).trip = 150'000; }), order);
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::utc).trip = -20'000; }), order);
  EXPECT_EQ(refusal([](Profile& p) {
              p.row(Fault::cell_ov_hard).trip = 36'000;
              p.row(Fault::cell_ov_hard).present = false;
            }),
            "taken");
  EXPECT_EQ(refusal([](Profile& p) { p.row(Fault::cell_uv_hard).present = false; }), "taken");
}

TEST(InconsistentProfile, OpenCircuitVoltageRises) {
  const auto points = [](OcvPoint second) {
    return [second](Profile& p) {
      p.ocv_points = 2;
      p.ocv[0] = {0, 30'000};
      p.ocv[1] = second;
    };
  };
  const std::string rises = "The profile's open-circuit voltage table does not rise.";
  EXPECT_EQ(refusal(points({10'000, 34'000})), "taken");
  EXPECT_EQ(refusal(points({0, 34'000})), rises);
  EXPECT_EQ(refusal(points({10'000, 29'999})), rises);
}

TEST(Profile, RowsOfTheBmsItselfAreAlwaysThereWithTheProfilesChoiceOfActionAndLatch) {
  Profile profile = reference_profile();
  for (ProtectionRow& row : profile.rows) row = ProtectionRow{};
  ProtectionRow& wire = profile.row(Fault::open_wire);
  wire.present = wire.latched = true;
  wire.action = kOpenMain;
  EXPECT_EQ(complete_profile(profile), nullptr);
  EXPECT_TRUE(wire.latched);
  EXPECT_EQ(wire.action, kOpenMain);
  EXPECT_TRUE(profile.row(Fault::comm_loss).present);
  EXPECT_EQ(profile.row(Fault::comm_loss).action, kOpenBoth);
  EXPECT_FALSE(profile.row(Fault::cell_ov).present);
}

TEST(Profile, IsNotTakenWithAnyContactorClosed) {
  CoreBench bench;
  bench.start();
  EXPECT_NE(bench.bms.configure(bench.profile), nullptr);
  CoreBench precharging;
  precharging.bms.boot(0);
  precharging.bms.configure(precharging.profile);
  precharging.bus_dmV = 0;
  precharging.bms.enable();
  precharging.ms_until([&] { return precharging.bms.outputs().precharge; }, 1'000);
  EXPECT_NE(precharging.bms.configure(precharging.profile), nullptr);
  CoreBench charging;
  charging.start();
  charging.readings.charger_present = true;
  charging.set_cells(27'500);
  charging.run_ms(3'000);
  EXPECT_TRUE(charging.charger() && !charging.main());
  EXPECT_NE(charging.bms.configure(charging.profile), nullptr);
}

TEST(Profile, StateOfChargeOutlastsANewOne) {
  CoreBench bench;
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.bms.set_soc(4'200);
  EXPECT_EQ(bench.bms.configure(bench.profile), nullptr);
  EXPECT_EQ(bench.bms.soc_pctpct(), 4'200);
}

TEST(Profile, WithoutOneACommandToClearChangesNothing) {
  CoreBench bench;
  bench.bms.boot(0);
  bench.bms.enable();
  EXPECT_EQ(bench.bms.clear_latched(), 0u);
  bench.run_ms(1'000);
  EXPECT_EQ(bench.bms.state(), BmsState::init);
}

}  // namespace
