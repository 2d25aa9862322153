// Contactors: welds that the feedback does not show, precharge into a short, opening under load, closing with current.
#include <gtest/gtest.h>

#include "core_bench.h"

namespace {

using namespace core_bench;

void break_it(CoreBench& bench, Defect defect) { bench.bms.defects.set(defect, true); }

void disabled_with_current(CoreBench& bench, std::int32_t current_mA) {
  bench.start();
  bench.bms.disable();
  bench.run_ms(500);
  EXPECT_FALSE(bench.main());
  bench.current_error_mA = current_mA;
}

TEST(Weld, CurrentThroughOpenContactorsIsOneWithinTwoFrames) {
  for (const std::int32_t current_mA : {501, -501}) {
    CoreBench bench;
    disabled_with_current(bench, current_mA);
    EXPECT_LE(bench.ms_until([&] { return bench.latched(Fault::contactor_weld); }, 1'000), 200);
  }
}

TEST(Weld, HalfAnAmpereIsTheSensorsOffset) {
  CoreBench bench;
  disabled_with_current(bench, -500);
  bench.run_ms(10'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
}

TEST(Weld, CurrentIsNotJudgedBeforeTheContactsHadTheirTimeToOpen) {
  CoreBench bench;
  bench.step_us = 10'000;
  bench.load_mA = 50'000;
  bench.start();
  bench.bms.emergency_stop();
  bench.step();
  EXPECT_FALSE(bench.main());
  bench.current_error_mA = -50'000;  // the arc of the opening contacts
  bench.run_ms(80);
  bench.current_error_mA = 0;
  bench.run_ms(500);
  EXPECT_FALSE(bench.latched(Fault::contactor_weld));
}

TEST(Weld, MainWhoseFeedbackIsStuckOpenToo) {
  CoreBench bench;
  bench.start();
  bench.main_welded = bench.main_feedback_stuck_open = true;
  bench.load_mA = 5'000;
  bench.bms.disable();
  EXPECT_GE(bench.ms_until([&] { return bench.latched(Fault::contactor_weld); }, 1'000), 0);
  bench.bms.enable();
  bench.run_ms(2'000);
  EXPECT_FALSE(bench.bms.outputs().precharge || bench.main());
}

TEST(Weld, DefectIgnoresTheCurrent) {
  CoreBench bench;
  break_it(bench, Defect::weld_by_current_ignored);
  disabled_with_current(bench, -5'000);
  bench.run_ms(2'000);
  EXPECT_FALSE(bench.latched(Fault::contactor_weld));
}

// The bus falls after main has opened, then has `percent` of the pack voltage by itself.
bool welded_by_bus(CoreBench& bench, std::int32_t fell_to_percent, std::int32_t percent) {
  bench.start();
  bench.bms.disable();
  const std::int32_t pack_dmV = 15 * 33'000;
  bench.bus_dmV = pack_dmV / 100 * fell_to_percent;
  bench.run_ms(1'000);
  bench.bus_dmV = pack_dmV / 100 * percent;
  bench.run_ms(1'000);
  return bench.latched(Fault::contactor_weld);
}

TEST(Weld, BusThatComesBackByItselfIsOne) {
  CoreBench back, half_way, never_fell, broken;
  EXPECT_TRUE(welded_by_bus(back, 89, 99));
  EXPECT_FALSE(welded_by_bus(half_way, 50, 97));
  EXPECT_FALSE(welded_by_bus(never_fell, 91, 99)) << "a capacitor keeps its voltage";
  break_it(broken, Defect::weld_by_bus_ignored);
  EXPECT_FALSE(welded_by_bus(broken, 50, 99));
}

TEST(Weld, BusWithoutAReadingSaysNothing) {
  CoreBench bench;
  EXPECT_FALSE(welded_by_bus(bench, 50, 50));
  bench.bus_dmV = kNoReading;
  bench.run_ms(1'000);
  bench.bus_dmV = 15 * 33'000;
  bench.run_ms(1'000);
  EXPECT_FALSE(bench.latched(Fault::contactor_weld));
}

// Enabled onto an empty bus with this current out of the pack; milliseconds until precharge is given up, or -1.
std::int64_t gives_up_after(CoreBench& bench, std::int32_t bus_dmV, std::int32_t current_mA) {
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.run_ms(500);
  bench.bus_dmV = bus_dmV;
  bench.bms.enable();
  bench.step();
  EXPECT_TRUE(bench.bms.outputs().precharge);
  bench.current_error_mA = current_mA;
  return bench.ms_until([&] { return bench.latched(Fault::precharge_timeout); }, 1'500);
}

TEST(Precharge, IntoAShortIsAbortedAtOnceAndNotTriedAgain) {
  CoreBench bench;
  const std::int64_t took_ms = gives_up_after(bench, 1'000, -1'600);
  EXPECT_GE(took_ms, 0);
  EXPECT_LE(took_ms, 300);
  EXPECT_FALSE(bench.bms.outputs().precharge);
  bench.current_error_mA = 0;
  bench.run_ms(20'000);
  EXPECT_FALSE(bench.bms.outputs().precharge || bench.main());
  EXPECT_EQ(bench.bms.state(), BmsState::fault_latched);
}

TEST(Precharge, EmptyBusWithoutCurrentOrHalfABusWithCurrentIsNoShort) {
  CoreBench no_current, rising, at_the_limit;
  EXPECT_EQ(gives_up_after(no_current, 0, 0), -1);
  EXPECT_EQ(gives_up_after(rising, 15 * 3'300, -1'600), -1);
  EXPECT_EQ(gives_up_after(at_the_limit, 0, -500), -1);
}

TEST(Precharge, DefectGoesOnIntoTheShort) {
  CoreBench bench;
  break_it(bench, Defect::precharges_into_short);
  EXPECT_EQ(gives_up_after(bench, 1'000, -1'600), -1);
}

TEST(Precharge, MainDoesNotCloseWhileALoadDraws) {
  CoreBench bench;
  EXPECT_EQ(gives_up_after(bench, 15 * 33'000, -600), -1);
  EXPECT_FALSE(bench.main());
  bench.current_error_mA = 0;
  bench.run_ms(5'000);
  EXPECT_TRUE(bench.main());
}

TEST(Closing, NeedsNoCurrentThroughTheOpenContactors) {
  for (const bool broken : {false, true}) {
    CoreBench bench;
    if (broken) break_it(bench, Defect::closes_with_current);
    break_it(bench, Defect::weld_by_current_ignored);
    bench.current_error_mA = 2'000;
    bench.bms.boot(0);
    bench.bms.configure(bench.profile);
    bench.bms.enable();
    bench.run_ms(3'000);
    EXPECT_EQ(bench.main(), broken);
    bench.current_error_mA = 0;
    bench.run_ms(1'000);
    EXPECT_TRUE(bench.main());
  }
}

// Milliseconds that main stays closed after a soft fault under this load.
std::int64_t stays_closed(CoreBench& bench, std::int32_t load_mA) {
  bench.step_us = 10'000;
  for (const Fault fault : {Fault::ocd1, Fault::ocd2, Fault::short_circuit}) bench.profile.row(fault).present = false;
  bench.start();
  bench.set_cells(36'000);  // keeps the cells in range under the load
  bench.profile.row(Fault::cell_ov).present = false;
  bench.load_mA = load_mA;
  bench.run_ms(500);
  bench.bms.disable();
  return bench.ms_until([&] { return !bench.main(); }, 6'000);
}

// Within the task that asks and the step that shows it.
void expect_about(std::int64_t took_ms, std::int64_t wanted_ms) {
  EXPECT_GE(took_ms, wanted_ms);
  EXPECT_LE(took_ms, wanted_ms + 20);
}

TEST(Opening, WaitsForZeroCurrentAndForTheFuseAboveTheBreakingCurrent) {
  CoreBench none, small, at, above;
  EXPECT_LE(stays_closed(none, 0), 20);
  expect_about(stays_closed(small, 80'000), 200);
  expect_about(stays_closed(at, 250'000), 200);
  expect_about(stays_closed(above, 250'001), 3'000);
}

TEST(Opening, FuseThatBlowsEndsTheWait) {
  CoreBench blown;
  blown.step_us = 10'000;
  for (const Fault fault : {Fault::ocd1, Fault::ocd2, Fault::short_circuit}) blown.profile.row(fault).present = false;
  blown.start();
  blown.load_mA = 280'000;
  blown.run_ms(100);
  blown.bms.disable();
  blown.run_ms(300);
  EXPECT_TRUE(blown.main());
  blown.load_mA = 0;
  blown.run_ms(30);
  EXPECT_FALSE(blown.main());
}

TEST(Opening, DefectBreaksAnyCurrent) {
  CoreBench bench;
  break_it(bench, Defect::breaks_any_current);
  expect_about(stays_closed(bench, 280'000), 200);
}

}  // namespace
