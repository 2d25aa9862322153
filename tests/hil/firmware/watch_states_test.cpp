// States of the BMS beyond running: start, full, balancing, sleep, service charge, a damaged profile, the watchdog.
#include <gtest/gtest.h>

#include "core_bench.h"

namespace {

using namespace core_bench;

void break_it(CoreBench& bench, Defect defect) { bench.bms.defects.set(defect, true); }

void boot(CoreBench& bench, ResetReason reason = ResetReason::power_on) {
  bench.bms.boot(bench.now_us, reason);
  bench.bms.configure(bench.profile);
}

TEST(Start, NeedsThreeMeasurementsWithEveryCell) {
  for (const bool broken : {false, true}) {
    CoreBench bench;
    if (broken) break_it(bench, Defect::starts_with_invalid_cells);
    break_it(bench, Defect::no_open_wire_trip);
    bench.cells_frozen = true;
    for (int i = 0; i < 15; ++i) bench.readings.cell_dmV[i] = 33'000;
    bench.readings.pack_dmV = 15 * 33'000;
    bench.readings.cell_dmV[7] = kNoReading;
    boot(bench);
    bench.run_ms(1'000);
    EXPECT_EQ(bench.bms.state(), broken ? BmsState::standby : BmsState::init);
    bench.readings.cell_dmV[7] = 33'000;
    bench.run_ms(300);
    EXPECT_EQ(bench.bms.state(), BmsState::standby);
  }
}

TEST(Start, WithoutMeasurementsIsAFaultAfterTwoSeconds) {
  CoreBench bench;
  bench.silent = true;
  boot(bench);
  EXPECT_EQ(bench.ms_until([&] { return bench.faulty(Fault::comm_loss); }, 5'000), 2'000);
  bench.silent = false;
  bench.run_ms(2'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
  CoreBench broken;
  break_it(broken, Defect::no_start_timeout);
  broken.silent = true;
  boot(broken);
  broken.run_ms(10'000);
  EXPECT_EQ(broken.bms.state(), BmsState::init);
}

TEST(Start, AfterAResetNothingClosesUntilItIsEnabledAgain) {
  CoreBench bench;
  bench.start();
  bench.bms.boot(bench.now_us, ResetReason::brown_out);
  bench.run_ms(10'000);
  EXPECT_EQ(bench.bms.state(), BmsState::standby);
  EXPECT_FALSE(bench.main());
}

TEST(Watchdog, ItsResetIsAWarningUntilACommandClearsIt) {
  for (const ResetReason reason : {ResetReason::power_on, ResetReason::software, ResetReason::watchdog}) {
    CoreBench bench;
    boot(bench, reason);
    bench.bms.enable();
    bench.run_ms(3'000);
    EXPECT_EQ(bench.warned(Fault::watchdog), reason == ResetReason::watchdog);
    EXPECT_EQ(bench.bms.state(), BmsState::idle) << "a warning only";
    bench.bms.clear_latched();
    bench.run_ms(100);
    EXPECT_FALSE(bench.warned(Fault::watchdog));
  }
  CoreBench broken;
  break_it(broken, Defect::watchdog_reset_not_reported);
  boot(broken, ResetReason::watchdog);
  broken.run_ms(500);
  EXPECT_FALSE(broken.warned(Fault::watchdog));
}

void charge_to_full(CoreBench& bench) {
  bench.start();
  bench.readings.charger_present = true;
  bench.charge_mA = 4'000;
  bench.set_cells(35'000 - 40);
  bench.run_ms(61'000);
}

TEST(Full, IsTheAnchorHeldForItsTimeAndEndsTheCharge) {
  CoreBench bench;
  bench.start();
  bench.readings.charger_present = true;
  bench.charge_mA = 4'000;
  bench.set_cells(35'000 - 40);
  bench.run_ms(59'000);
  EXPECT_EQ(bench.bms.state(), BmsState::charging);
  bench.run_ms(2'000);
  EXPECT_EQ(bench.bms.state(), BmsState::full);
  EXPECT_FALSE(bench.charger());
  EXPECT_TRUE(bench.main());
  EXPECT_EQ(bench.bms.charge_limit_mA(), 0);
}

TEST(Full, StaysWithTheChargerUntilDischarged) {
  CoreBench bench;
  charge_to_full(bench);
  bench.set_cells(33'400);
  bench.run_ms(600'000);
  EXPECT_EQ(bench.bms.state(), BmsState::full);
  bench.readings.charger_present = false;
  bench.load_mA = 5'000;
  bench.run_ms(1'200);
  EXPECT_EQ(bench.bms.state(), BmsState::discharging);
  bench.load_mA = 0;
  bench.readings.charger_present = true;
  bench.run_ms(7'000);
  EXPECT_TRUE(bench.charger());
}

TEST(Full, TooMuchCurrentOrTooLowACellIsNotFull) {
  for (const bool current : {false, true}) {
    CoreBench bench;
    bench.start();
    bench.readings.charger_present = true;
    bench.charge_mA = current ? 5'000 : 4'000;
    bench.set_cells(current ? 35'000 : 34'959);
    bench.run_ms(120'000);
    EXPECT_EQ(bench.bms.state(), BmsState::charging);
  }
}

TEST(Full, DefectChargesOn) {
  CoreBench bench;
  break_it(bench, Defect::full_pack_charged_on);
  charge_to_full(bench);
  EXPECT_TRUE(bench.charger());
}

TEST(BalancingState, IsIdleWithBleedingAfterTwoSecondsOfIdle) {
  CoreBench bench;
  bench.set_cells(34'200);
  bench.cell_rest_dmV[4] = 34'500;
  bench.start();
  EXPECT_EQ(bench.bms.state(), BmsState::idle) << "first";
  bench.run_ms(1'800);
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
  bench.run_ms(400);
  EXPECT_EQ(bench.bms.state(), BmsState::balancing);
  for (int i = 0; i < 100; ++i) {
    bench.step();
    ASSERT_EQ(bench.bms.state(), BmsState::balancing) << "also while the voltages are read";
  }
  bench.load_mA = 10'000;
  bench.run_ms(1'300);
  EXPECT_EQ(bench.bms.state(), BmsState::discharging);
  EXPECT_EQ(bench.bms.bleed(), 0u);
}

CoreBench& with_sleep_after(CoreBench& bench, std::uint32_t ms) {
  bench.profile.watch.sleep_after_ms = ms;
  return bench;
}

TEST(Sleep, ComesAfterItsTimeWithoutCurrentAndCommandAndOpensEverything) {
  CoreBench bench;
  with_sleep_after(bench, 60'000).start();
  bench.run_ms(40'000);
  bench.load_mA = 10'000;
  bench.run_ms(5'000);
  bench.load_mA = 0;
  bench.run_ms(64'500);  // flow ends five seconds after the current
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
  bench.run_ms(1'000);
  EXPECT_EQ(bench.bms.state(), BmsState::sleep);
  EXPECT_FALSE(bench.main() || bench.charger() || bench.bms.bleed() != 0);
  EXPECT_EQ(bench.bms.discharge_limit_mA(), 0);
  EXPECT_EQ(bench.bms.charge_limit_mA(), 0);
}

TEST(Sleep, EndsWithAChargerOrAnyCommandAndTheRulesGoOn) {
  for (const bool by_charger : {false, true}) {
    CoreBench bench;
    with_sleep_after(bench, 30'000).start();
    bench.run_ms(60'000);
    EXPECT_EQ(bench.bms.state(), BmsState::sleep);
    bench.readings.charger_present = by_charger;
    if (!by_charger) bench.bms.enable();
    bench.run_ms(1'500);
    EXPECT_EQ(bench.bms.state(), BmsState::idle);
    EXPECT_EQ(bench.charger(), by_charger);
  }
}

TEST(Sleep, ACommandKeepsAwakeForTheWholeTimeAgain) {
  CoreBench bench;
  with_sleep_after(bench, 30'000).start();
  bench.run_ms(20'000);
  bench.bms.clear_latched();
  bench.run_ms(29'500);
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
  bench.run_ms(1'000);
  EXPECT_EQ(bench.bms.state(), BmsState::sleep);
}

TEST(Sleep, UnderVoltageForHalfAMinuteSleepsAndTheChargerWakesAndCharges) {
  CoreBench bench;
  bench.start();
  bench.set_cells(27'500);
  bench.run_ms(3'000);
  EXPECT_EQ(bench.bms.state(), BmsState::fault);
  bench.run_ms(28'000);
  EXPECT_EQ(bench.bms.state(), BmsState::fault);
  bench.run_ms(2'000);
  EXPECT_EQ(bench.bms.state(), BmsState::sleep);
  EXPECT_TRUE(bench.faulty(Fault::cell_uv)) << "still reported";
  bench.readings.charger_present = true;
  bench.charge_mA = 5'000;
  bench.run_ms(500);
  EXPECT_TRUE(bench.charger());
  EXPECT_EQ(bench.bms.state(), BmsState::fault);
}

TEST(Sleep, LatchedFaultsKeepTheirState) {
  CoreBench bench;
  with_sleep_after(bench, 30'000).start();
  bench.bms.emergency_stop();
  bench.run_ms(120'000);
  EXPECT_EQ(bench.bms.state(), BmsState::fault_latched);
}

TEST(Sleep, DefectsNeverSleepOrNeverWake) {
  CoreBench never;
  break_it(never, Defect::never_sleeps);
  with_sleep_after(never, 30'000).start();
  never.run_ms(120'000);
  EXPECT_EQ(never.bms.state(), BmsState::idle);
  CoreBench deep;
  break_it(deep, Defect::never_wakes);
  with_sleep_after(deep, 30'000).start();
  deep.run_ms(60'000);
  deep.readings.charger_present = true;
  deep.run_ms(10'000);
  EXPECT_EQ(deep.bms.state(), BmsState::sleep);
}

void fall_below_hard_under_voltage(CoreBench& bench) {
  bench.start();
  bench.set_cells(24'000);
  bench.readings.charger_present = true;
  bench.charge_mA = 5'000;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.latched(Fault::cell_uv_hard));
  EXPECT_FALSE(bench.main() || bench.charger());
}

TEST(ServiceCharge, IsAskedForByACommandToClearAndChargesWithASmallLimit) {
  CoreBench bench;
  fall_below_hard_under_voltage(bench);
  bench.run_ms(10'000);
  EXPECT_FALSE(bench.charger());
  EXPECT_EQ(bench.bms.clear_latched(), bit(Fault::cell_uv_hard)) << "the fault itself stays";
  bench.run_ms(500);
  EXPECT_TRUE(bench.charger());
  EXPECT_FALSE(bench.main());
  EXPECT_EQ(bench.bms.charge_limit_mA(), 5'000);
  bench.set_cells(31'000);
  bench.run_ms(3'000);
  EXPECT_EQ(bench.bms.clear_latched(), 0u);
  bench.run_ms(5'000);
  EXPECT_EQ(bench.bms.state(), BmsState::charging);
}

TEST(ServiceCharge, EndsWithAnyOtherFault) {
  CoreBench bench;
  fall_below_hard_under_voltage(bench);
  bench.bms.clear_latched();
  bench.run_ms(500);
  EXPECT_TRUE(bench.charger());
  bench.set_temperatures(-5'000);
  bench.run_ms(6'000);
  EXPECT_FALSE(bench.charger());
}

TEST(ServiceCharge, IsForbiddenAfterADeepDischarge) {
  CoreBench bench;
  bench.start();
  bench.set_cells(19'000);
  bench.readings.charger_present = true;
  bench.run_ms(2'000);
  bench.bms.clear_latched();
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.charger());
  bench.set_cells(24'000);  // recovers a little by itself
  bench.run_ms(1'000);
  bench.bms.clear_latched();
  bench.run_ms(1'000);
  EXPECT_FALSE(bench.latched(Fault::deep_discharge));
  EXPECT_TRUE(bench.charger()) << "asked for again, now above the level of deep discharge";
}

TEST(ServiceCharge, DefectLetsNoneIn) {
  CoreBench bench;
  break_it(bench, Defect::no_service_charge);
  fall_below_hard_under_voltage(bench);
  bench.bms.clear_latched();
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.charger());
}

// One bit of the over-voltage trip in the profile that the BMS keeps.
void flip_a_bit(Bms& bms) {
  auto* const bytes = reinterpret_cast<std::uint8_t*>(&bms);
  const std::int32_t wanted[2] = {35'500, 36'500};  // warning and trip stand side by side, once
  for (std::size_t i = 0; i + sizeof wanted <= sizeof bms; ++i) {
    std::size_t k = 0;
    while (k < sizeof wanted && bytes[i + k] == reinterpret_cast<const std::uint8_t*>(wanted)[k]) ++k;
    if (k < sizeof wanted) continue;
    bytes[i + 5] ^= 0x10;
    return;
  }
  ADD_FAILURE() << "the profile was not found in memory";
}

TEST(DamagedProfile, IsFoundWithinTwoSecondsOpensEverythingAndIsNotCleared) {
  CoreBench bench;
  bench.start();
  bench.readings.charger_present = true;
  bench.run_ms(5'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u) << "a whole profile is never suspected";
  flip_a_bit(bench.bms);
  const std::int64_t took_ms = bench.ms_until([&] { return bench.latched(Fault::config); }, 5'000);
  EXPECT_GE(took_ms, 0);
  EXPECT_LE(took_ms, 2'000);
  EXPECT_EQ(bench.bms.state(), BmsState::fault_latched);
  EXPECT_FALSE(bench.main() || bench.charger());
  EXPECT_EQ(bench.bms.clear_latched(), bit(Fault::config));
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.main() || bench.charger());
}

TEST(DamagedProfile, IsFoundAtBootBeforeAnythingCloses) {
  CoreBench bench;
  bench.start();
  flip_a_bit(bench.bms);
  bench.bms.boot(bench.now_us);
  bench.bms.enable();
  bench.step();
  EXPECT_TRUE(bench.latched(Fault::config));
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.main() || bench.bms.outputs().precharge);
}

TEST(DamagedProfile, ANewOneEndsIt) {
  CoreBench bench;
  bench.start();
  flip_a_bit(bench.bms);
  bench.run_ms(2'500);
  EXPECT_TRUE(bench.latched(Fault::config));
  EXPECT_EQ(bench.bms.configure(bench.profile), nullptr);
  bench.run_ms(3'000);
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
}

TEST(DamagedProfile, DefectNeverLooks) {
  CoreBench bench;
  break_it(bench, Defect::config_never_checked);
  bench.start();
  flip_a_bit(bench.bms);
  bench.run_ms(10'000);
  EXPECT_TRUE(bench.main());
}

TEST(DamagedFrames, OnePercentIsAWarningAndTenAFault) {
  for (const int damaged : {1, 2, 10, 11}) {
    CoreBench bench;
    bench.start();
    for (int i = 0; i < damaged; ++i) bench.bms.note_frame(true);
    bench.run_ms(100);
    EXPECT_EQ(bench.warned(Fault::frame_errors), damaged > 1) << damaged;
    EXPECT_EQ(bench.faulty(Fault::frame_errors), damaged > 10) << damaged;
    EXPECT_EQ(bench.main(), damaged <= 10) << damaged;
  }
}

TEST(DamagedFrames, AreForgottenAfterAHundredFrames) {
  CoreBench bench;
  bench.start();
  for (int i = 0; i < 20; ++i) bench.bms.note_frame(true);
  for (int i = 0; i < 79; ++i) bench.bms.note_frame(false);
  bench.run_ms(6'000);
  EXPECT_TRUE(bench.faulty(Fault::frame_errors));
  for (int i = 0; i < 21; ++i) bench.bms.note_frame(false);
  bench.run_ms(6'000);
  EXPECT_FALSE(bench.faulty(Fault::frame_errors) || bench.warned(Fault::frame_errors));
  CoreBench broken;
  break_it(broken, Defect::frame_errors_ignored);
  broken.start();
  for (int i = 0; i < 50; ++i) broken.bms.note_frame(true);
  broken.run_ms(1'000);
  EXPECT_EQ(broken.bms.protections().faults() | broken.bms.protections().warnings(), 0u);
}

}  // namespace
