// Readings that are not there, and counters at their ends.
#include <gtest/gtest.h>

#include <cstring>

#include "core_bench.h"

namespace {

using namespace core_bench;

TEST(MissingReadings, OfPackOrBusKeepMainOpen) {
  for (const bool pack : {false, true}) {
    CoreBench bench;
    bench.bms.boot(0);
    bench.bms.configure(bench.profile);
    bench.run_ms(500);
    bench.bms.enable();
    if (!pack) bench.bus_dmV = kNoReading;
    for (int i = 0; i < 150; ++i) {
      bench.step();
      if (pack) bench.cells_frozen = true;
      if (pack) bench.readings.pack_dmV = i % 2 == 0 ? kNoReading : 0;
      ASSERT_FALSE(bench.main()) << pack;
    }
    EXPECT_TRUE(pack || bench.latched(Fault::precharge_timeout)) << "a pack voltage of 0 is no try";
  }
}

TEST(MissingReadings, OfTheCurrentKeepMainOpenAndAreNoWeld) {
  CoreBench bench;
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.current_frozen = true;
  bench.readings.current_mA = kNoReading;
  bench.bms.enable();
  bench.run_ms(3'000);
  EXPECT_FALSE(bench.main());
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
  bench.current_frozen = false;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.main());
}

TEST(MissingReadings, OfTheCurrentDuringPrechargeAreNoShort) {
  CoreBench bench;
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.run_ms(500);
  bench.bus_dmV = 0;
  bench.bms.enable();
  bench.step();
  bench.current_frozen = true;
  bench.readings.current_mA = kNoReading;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.bms.outputs().precharge);
  bench.bus_dmV = CoreBench::kFollows;
  bench.run_ms(500);
  EXPECT_TRUE(bench.main()) << "the bus is charged";
  bench.bms.disable();
  bench.run_ms(100);
  EXPECT_TRUE(bench.main()) << "a current that is not known is not small";
  bench.run_ms(300);
  EXPECT_FALSE(bench.main());
}

TEST(MissingReadings, OfNeighboursLeaveAnOpenWireOpen) {
  CoreBench bench;
  bench.start();
  bench.cells_frozen = true;
  bench.readings.cell_dmV[4] = 0;
  bench.readings.cell_dmV[5] = kNoReading;
  bench.run_ms(500);
  bench.readings.cell_dmV[5] = 33'000;
  bench.readings.cell_dmV[4] = kNoReading;
  bench.run_ms(200);
  bench.readings.cell_dmV[4] = 0;
  bench.run_ms(200);
  EXPECT_EQ(bench.bms.protections().faults(), bit(Fault::open_wire));
}

TEST(MissingReadings, OfAllCellsAreAnOpenWireAndNothingElse) {
  CoreBench bench;
  bench.start();
  bench.cells_frozen = true;
  for (std::int32_t& cell : bench.readings.cell_dmV) cell = kNoReading;
  bench.run_ms(5'000);
  EXPECT_EQ(bench.bms.protections().faults(), bit(Fault::open_wire));
  EXPECT_EQ(bench.bms.protections().warnings() & bit(Fault::imbalance), 0u);
}

TEST(Precharge, EndsAt95PercentWhereTheDifferenceIsLarger) {
  for (const std::int32_t percent : {94, 95}) {
    CoreBench bench;
    bench.bms.boot(0);
    bench.bms.configure(bench.profile);
    bench.bus_dmV = 15 * 33'000 / 100 * percent;
    bench.bms.enable();
    bench.run_ms(1'500);
    EXPECT_EQ(bench.main(), percent == 95);
  }
}

TEST(Closing, FeedbackOfTheChargerContactorMustBeOpenToo) {
  CoreBench bench;
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.bms.defects.set(Defect::weld_ignored, true);
  bench.bms.enable();
  bench.run_ms(200);
  for (int i = 0; i < 20; ++i) {
    bench.readings.charger_feedback = true;
    bench.readings.time_us = bench.now_us;
    bench.bms.measure(bench.readings);
    bench.now_us += kTask_us * 10;
    bench.bms.task(bench.now_us);
    ASSERT_FALSE(bench.bms.outputs().precharge);
  }
}

TEST(Opening, WaitsForTheFuseInBothDirections) {
  CoreBench bench;
  for (const Fault fault : {Fault::occ1, Fault::occ2, Fault::short_circuit, Fault::cell_ov, Fault::cell_ov_hard}) {
    bench.profile.row(fault).present = false;
  }
  bench.start();
  bench.readings.charger_present = true;
  bench.charge_mA = 260'000;
  bench.run_ms(500);
  bench.bms.disable();
  bench.run_ms(2'800);
  EXPECT_TRUE(bench.charger());
  bench.run_ms(400);
  EXPECT_FALSE(bench.charger());
}

TEST(Silence, OfManyMinutesIsStillALostLine) {
  CoreBench bench;
  bench.start();
  bench.silent = true;
  bench.step_us = 60'000'000;
  bench.run_ms(18 * 60'000);
  EXPECT_TRUE(bench.faulty(Fault::comm_loss));
  bench.bms.boot(bench.now_us);
  bench.run_ms(18 * 60'000);
  EXPECT_TRUE(bench.faulty(Fault::comm_loss));
}

TEST(CurrentFlow, BetweenItsThresholdsStaysAsItIs) {
  CoreBench bench;
  bench.start();
  bench.load_mA = 5'000;
  bench.run_ms(1'200);
  EXPECT_EQ(bench.bms.state(), BmsState::discharging);
  for (const std::int32_t load_mA : {400, 200}) {
    bench.load_mA = load_mA;
    bench.run_ms(10'000);
    EXPECT_EQ(bench.bms.state(), BmsState::discharging) << load_mA;
  }
  bench.load_mA = 199;
  bench.run_ms(5'200);
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
  bench.readings.charger_present = true;
  bench.charge_mA = 400;
  bench.run_ms(10'000);
  EXPECT_EQ(bench.bms.state(), BmsState::idle);
}

TEST(Adjustments, LeaveRowsAloneThatNeedNone) {
  CoreBench slow;
  slow.profile.row(Fault::cell_uv).delay_ms = 8'000;
  slow.start();
  slow.load_mA = 105'000;
  slow.run_ms(300);
  slow.cell_rest_dmV[5] = 28'500;
  EXPECT_GE(slow.ms_until([&] { return slow.faulty(Fault::cell_uv); }, 20'000), 8'000);
  CoreBench unwarned;
  unwarned.profile.row(Fault::imbalance).warn = kNoReading;
  unwarned.start();
  unwarned.cell_rest_dmV[2] += 4'000;
  unwarned.run_ms(12'000);
  EXPECT_FALSE(unwarned.warned(Fault::imbalance));
  CoreBench wide;
  wide.profile.row(Fault::imbalance).warn = 3'500;
  wide.start();
  wide.cell_rest_dmV[2] += 3'400;
  wide.run_ms(12'000);
  EXPECT_FALSE(wide.warned(Fault::imbalance));
}

TEST(Adjustments, DoNotWakeASilencedProtection) {
  CoreBench bench;
  bench.bms.defects.set(Defect::no_hard_overtemperature_trip, true);
  for (const Fault fault : {Fault::t_spread, Fault::otd, Fault::otc}) bench.profile.row(fault).present = false;
  bench.start();
  for (int i = 0; i < 150; ++i) {
    bench.readings.temperature_mdegC[0] = 51'000 + i * 300;
    bench.step();
    ASSERT_FALSE(bench.faulty(Fault::ot_hard));
  }
}

TEST(Counters, DoNotOverflowHoweverLongItLasts) {
  CoreBench bench;
  bench.profile.row(Fault::v_stuck).present = bench.profile.row(Fault::i_stuck).present = false;
  bench.start();
  bench.cells_frozen = true;
  for (int i = 0; i < 1'100; ++i) {
    bench.load_mA = i % 2 == 0 ? 50'000 : 0;
    bench.run_ms(400);
  }
  EXPECT_TRUE(bench.main());
}

TEST(Sleep, DoesNotBeginBeforeTheStart) {
  CoreBench bench;
  bench.profile.watch.sleep_after_ms = 500;
  bench.bms.boot(0);
  bench.bms.configure(bench.profile);
  bench.cells_frozen = true;  // no reading of a cell: stays in INIT
  bench.bms.defects.set(Defect::no_open_wire_trip, true);
  bench.run_ms(1'500);
  EXPECT_EQ(bench.bms.state(), BmsState::init);
  bench.cells_frozen = false;
  bench.bus_dmV = 0;
  bench.bms.enable();
  bench.run_ms(400);
  EXPECT_EQ(bench.bms.state(), BmsState::precharge);
  bench.run_ms(800);
  EXPECT_EQ(bench.bms.state(), BmsState::precharge) << "is ended first";
  bench.run_ms(1'500);
  EXPECT_EQ(bench.bms.state(), BmsState::sleep);
}

TEST(DefectNames, OfFullLengthNeedNoTerminator) {
  char padded[4] = {'h', 'a', 'n', 'g'};
  EXPECT_EQ(find_defect(padded, 4), static_cast<std::size_t>(Defect::hang));
  padded[3] = 'k';
  EXPECT_EQ(find_defect(padded, 4), kDefectCount);
  EXPECT_EQ(find_defect("hanger", 6), kDefectCount);
}

TEST(ThresholdDefects, TripTooEarlyOrTooSoon) {
  const auto faulty_after = [](Defect defect, Fault fault, std::int32_t cells_dmV, std::int32_t mdegC,
                               std::uint64_t ms) {
    CoreBench bench;
    bench.bms.defects.set(defect, true);
    bench.start();
    bench.readings.charger_present = true;
    bench.set_cells(cells_dmV);
    bench.set_temperatures(mdegC);
    bench.run_ms(ms);
    return bench.faulty(fault);
  };
  EXPECT_TRUE(faulty_after(Defect::uv_threshold_high, Fault::cell_uv, 29'900, 25'000, 3'000));
  EXPECT_FALSE(faulty_after(Defect::cell_ov_late, Fault::cell_uv, 29'900, 25'000, 3'000));
  EXPECT_TRUE(faulty_after(Defect::cell_uv_early, Fault::cell_uv, 27'900, 25'000, 200));
  EXPECT_FALSE(faulty_after(Defect::cell_ov_late, Fault::cell_uv, 27'900, 25'000, 200));
  EXPECT_TRUE(faulty_after(Defect::cold_threshold_high, Fault::utc, 33'000, 14'000, 6'000));
  EXPECT_FALSE(faulty_after(Defect::cell_ov_late, Fault::utc, 33'000, 14'000, 6'000));
}

}  // namespace
