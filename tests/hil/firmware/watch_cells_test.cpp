// What is believed of a cell's reading: open wires, dead cells, stuck readings, imbalance, the sum against the pack.
// Each rule has its defect beside it: the same stimulus does the opposite.
#include <gtest/gtest.h>

#include "core_bench.h"

namespace {

using namespace core_bench;

struct Broken : CoreBench {
  explicit Broken(Defect defect) { bms.defects.set(defect, true); }
};

// Wire at the upper end of `cell` breaks: it reads nothing, the cell above reads both, clamped by the front end.
void break_wire(CoreBench& bench, int cell) {
  bench.cells_frozen = true;
  std::int32_t* reads = bench.readings.cell_dmV;
  if (cell + 1 < bench.readings.cells) reads[cell + 1] = 50'000;
  reads[cell] = 0;
}

TEST(OpenWire, IsNamedWithinItsDelayAndNothingElseIs) {
  for (const int cell : {0, 6, 13, 14}) {
    CoreBench bench;
    bench.start();
    break_wire(bench, cell);
    const std::int64_t took_ms = bench.ms_until([&] { return bench.faulty(Fault::open_wire); }, 1'000);
    EXPECT_GE(took_ms, 300) << cell;
    EXPECT_LE(took_ms, 500) << cell;
    bench.run_ms(3'000);
    EXPECT_EQ(bench.bms.protections().faults(), bit(Fault::open_wire)) << cell;
    EXPECT_FALSE(bench.main()) << cell;
  }
}

TEST(OpenWire, NeighbourThatReadsBothIsNoOverVoltageEvenWithinItsRange) {
  CoreBench bench;
  bench.set_cells(22'000);  // both together: 4.4 V, which a cell may read
  bench.profile.row(Fault::cell_uv).present = bench.profile.row(Fault::cell_uv_hard).present = false;
  bench.profile.row(Fault::pack_uv).present = false;
  bench.start();
  bench.cells_frozen = true;
  bench.readings.cell_dmV[4] = 0;
  bench.readings.cell_dmV[5] = 44'000;
  bench.run_ms(1'000);
  EXPECT_EQ(bench.bms.protections().faults(), bit(Fault::open_wire));
}

// 4.0 V is below the level of a suspicious neighbour, and the readings still add up: only the jump tells.
void jump(CoreBench& bench) {
  bench.set_cells(20'500);
  for (const Fault fault : {Fault::cell_uv, Fault::cell_uv_hard, Fault::pack_uv}) {
    bench.profile.row(fault).present = false;
  }
  bench.start();
  bench.cells_frozen = true;
  bench.readings.cell_dmV[4] = 0;
  bench.readings.cell_dmV[5] = 41'000;
  bench.run_ms(2'000);
}

TEST(OpenWire, IsToldByTheJumpInOneStepWhereTheSumFits) {
  CoreBench bench;
  jump(bench);
  EXPECT_TRUE(bench.faulty(Fault::open_wire));
  EXPECT_FALSE(bench.faulty(Fault::deep_discharge));
}

TEST(OpenWire, DefectTakesItForACell) {
  Broken bench(Defect::open_wire_taken_for_cell);
  bench.start();
  break_wire(bench, 6);
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.faulty(Fault::deep_discharge));
  EXPECT_FALSE(bench.faulty(Fault::open_wire) && bench.bms.protections().first_fault() == Fault::open_wire);
}

TEST(OpenWire, EndsAfterASecondOfGoodReadings) {
  CoreBench bench;
  bench.start();
  break_wire(bench, 6);
  bench.run_ms(1'000);
  bench.cells_frozen = false;
  const std::int64_t took_ms = bench.ms_until([&] { return !bench.faulty(Fault::open_wire); }, 5'000);
  EXPECT_GE(took_ms, 1'000);
  EXPECT_LE(took_ms, 1'210);
}

TEST(DeadCell, IsADeepDischargeBecauseTheSumFits) {
  CoreBench bench;
  bench.start();
  bench.cell_rest_dmV[6] = 100;  // the pack voltage falls with it
  const std::int64_t took_ms = bench.ms_until([&] { return bench.faulty(Fault::deep_discharge); }, 1'000);
  EXPECT_GE(took_ms, 100);
  EXPECT_LE(took_ms, 310);
  bench.run_ms(1'000);
  EXPECT_FALSE(bench.faulty(Fault::open_wire));
}

TEST(DeadCell, WithoutAPackVoltageItCannotBeTold) {
  CoreBench bench;
  bench.start();
  bench.cells_frozen = true;
  bench.readings.cell_dmV[6] = 100;
  bench.readings.pack_dmV = kNoReading;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.faulty(Fault::open_wire));
}

TEST(DeadCell, DefectTakesItForAnOpenWire) {
  Broken bench(Defect::dead_cell_taken_for_open_wire);
  bench.start();
  bench.cell_rest_dmV[6] = 100;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.faulty(Fault::open_wire));
  EXPECT_FALSE(bench.faulty(Fault::deep_discharge));
}

// Load steps of 20 A every 3 s.
void run_under_steps(CoreBench& bench, int steps) {
  for (int i = 0; i < steps; ++i) {
    bench.load_mA = i % 2 == 0 ? 40'000 : 20'000;
    bench.run_ms(3'000);
  }
}

void freeze_a_cell(CoreBench& bench) {
  bench.cells_frozen = true;  // all the same for the rule, which looks at each cell alone
}

TEST(StuckCell, IsAWarningAfterItsSamplesAndAFaultAfterItsDelay) {
  CoreBench bench;
  bench.load_mA = 20'000;
  bench.start();
  freeze_a_cell(bench);
  run_under_steps(bench, 1);
  EXPECT_FALSE(bench.warned(Fault::v_stuck)) << "fifty samples have not passed";
  run_under_steps(bench, 2);
  EXPECT_TRUE(bench.warned(Fault::v_stuck));
  EXPECT_FALSE(bench.faulty(Fault::v_stuck));
  run_under_steps(bench, 2);
  EXPECT_FALSE(bench.faulty(Fault::v_stuck)) << "ten seconds from the second movement at 6 s";
  bench.run_ms(1'500);
  EXPECT_TRUE(bench.faulty(Fault::v_stuck));
  EXPECT_FALSE(bench.main());
}

TEST(StuckCell, OneMovementOfTheCurrentIsAWarningOnly) {
  CoreBench bench;
  bench.start();
  freeze_a_cell(bench);
  bench.run_ms(6'000);
  EXPECT_FALSE(bench.warned(Fault::v_stuck)) << "at rest every reading stands still";
  bench.load_mA = 11'000;
  bench.run_ms(30'000);
  EXPECT_TRUE(bench.warned(Fault::v_stuck));
  EXPECT_FALSE(bench.faulty(Fault::v_stuck));
}

TEST(StuckCell, MovementsOfTenAmpereOrLessSayNothing) {
  CoreBench bench;
  bench.start();
  freeze_a_cell(bench);
  for (int i = 0; i < 20; ++i) {
    bench.load_mA = i % 2 == 0 ? 10'000 : 0;
    bench.run_ms(1'000);
  }
  EXPECT_FALSE(bench.warned(Fault::v_stuck));
}

TEST(StuckCell, ReadingsThatMoveByTheLastBitAcquit) {
  CoreBench bench;
  bench.start();
  bench.cells_frozen = true;
  for (int i = 0; i < 40; ++i) {
    bench.load_mA = i % 2 == 0 ? 40'000 : 0;
    for (int k = 0; k < 15; ++k) bench.readings.cell_dmV[k] ^= 1;
    bench.run_ms(1'000);
  }
  EXPECT_FALSE(bench.warned(Fault::v_stuck) || bench.faulty(Fault::v_stuck));
}

TEST(StuckCell, DefectIgnoresIt) {
  Broken bench(Defect::stuck_cell_ignored);
  bench.bms.defects.set(Defect::stuck_current_ignored, true);
  bench.start();
  freeze_a_cell(bench);
  run_under_steps(bench, 10);
  EXPECT_FALSE(bench.warned(Fault::v_stuck) || bench.faulty(Fault::v_stuck));
}

TEST(StuckCell, SuspicionHalvesTheLimits) {
  CoreBench bench;
  bench.start();
  const std::int32_t before_mA = bench.bms.discharge_limit_mA();
  bench.pack_error_dmV = 4'000;
  bench.run_ms(2'500);
  EXPECT_TRUE(bench.warned(Fault::sum_mismatch));
  EXPECT_EQ(bench.bms.discharge_limit_mA(), before_mA / 2);
  bench.bms.defects.set(Defect::suspicion_keeps_limits, true);
  bench.run_ms(100);
  EXPECT_EQ(bench.bms.discharge_limit_mA(), before_mA);
}

TEST(SumMismatch, SensorErrorsAreSilentAndTenPercentTrips) {
  CoreBench bench;
  bench.start();
  bench.pack_error_dmV = 2'700;  // divider, noise, channels and bleeding at their worst
  bench.run_ms(30'000);
  EXPECT_FALSE(bench.warned(Fault::sum_mismatch));
  bench.pack_error_dmV = -49'500;
  const std::int64_t took_ms = bench.ms_until([&] { return bench.faulty(Fault::sum_mismatch); }, 5'000);
  EXPECT_GE(took_ms, 2'000);
  EXPECT_LE(took_ms, 2'210);
}

TEST(SumMismatch, IsNotJudgedWithAMissingCell) {
  CoreBench bench;
  bench.start();
  bench.cells_frozen = true;
  bench.readings.cell_dmV[3] = kNoReading;
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.warned(Fault::sum_mismatch) || bench.faulty(Fault::sum_mismatch));
}

bool warns_of_imbalance(CoreBench& bench, std::int32_t spread_dmV, std::int32_t load_mA, std::int32_t rest_dmV) {
  bench.set_cells(rest_dmV);
  bench.start();
  bench.load_mA = load_mA;
  bench.cell_rest_dmV[2] += spread_dmV;
  bench.run_ms(9'900);
  EXPECT_FALSE(bench.warned(Fault::imbalance)) << "before its delay";
  bench.run_ms(400);
  return bench.warned(Fault::imbalance);
}

TEST(Imbalance, WarnsAt100mVOnThePlateauWithoutCurrent) {
  CoreBench at, beyond, loaded, steep_high, steep_low;
  EXPECT_FALSE(warns_of_imbalance(at, 1'000, 0, 32'500));
  EXPECT_TRUE(warns_of_imbalance(beyond, 1'001, 0, 32'500));
  EXPECT_FALSE(warns_of_imbalance(loaded, 1'001, 10'001, 32'500 + 101));
  EXPECT_FALSE(warns_of_imbalance(steep_high, 1'001, 0, 32'600));
  EXPECT_FALSE(warns_of_imbalance(steep_low, 1'001, 0, 31'999));
}

TEST(Imbalance, WarnsAt300mVUnderLoadAndAtTheKnees) {
  CoreBench at, beyond;
  EXPECT_FALSE(warns_of_imbalance(at, 3'000, 20'000, 32'700));
  EXPECT_TRUE(warns_of_imbalance(beyond, 3'001, 20'000, 32'700));
}

TEST(Imbalance, DefectsWarnAtTheKneesOrAtOnceOrNeverTrip) {
  Broken knees(Defect::imbalance_ignores_knees);
  EXPECT_TRUE(warns_of_imbalance(knees, 1'001, 20'000, 32'700));
  Broken at_once(Defect::imbalance_warns_at_once);
  at_once.set_cells(32'500);
  at_once.start();
  at_once.cell_rest_dmV[2] += 1'001;
  at_once.run_ms(200);
  EXPECT_TRUE(at_once.warned(Fault::imbalance));
  Broken never(Defect::no_imbalance_trip);
  never.start();
  never.cell_rest_dmV[2] -= 10'001;
  never.run_ms(5'000);
  EXPECT_FALSE(never.faulty(Fault::imbalance));
}

TEST(UnderVoltage, SagAboveOneCHasFiveSecondsAndAtOneCTwo) {
  for (const std::int32_t load_mA : {100'000, 100'001}) {
    CoreBench bench;
    bench.start();
    bench.load_mA = load_mA;
    bench.run_ms(300);
    bench.cell_rest_dmV[5] = 28'500;  // 2.75 V under this load
    const std::int64_t took_ms = bench.ms_until([&] { return bench.faulty(Fault::cell_uv); }, 9'000);
    EXPECT_GE(took_ms, load_mA > 100'000 ? 5'000 : 2'000);
    EXPECT_LE(took_ms, load_mA > 100'000 ? 5'210 : 2'210);
  }
}

TEST(UnderVoltage, DefectGivesNoMoreTime) {
  Broken bench(Defect::uv_delay_ignores_current);
  bench.start();
  bench.load_mA = 105'000;
  bench.run_ms(300);
  bench.cell_rest_dmV[5] = 28'500;
  EXPECT_LE(bench.ms_until([&] { return bench.faulty(Fault::cell_uv); }, 9'000), 2'210);
}

}  // namespace
