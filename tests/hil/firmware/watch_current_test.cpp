// The cells as witnesses of the current sensor. Load steps of 50 A are 50 mV a cell here.
#include <gtest/gtest.h>

#include "core_bench.h"

namespace {

using namespace core_bench;

void step_load(CoreBench& bench, int steps, std::int32_t from_mA = 0, std::int32_t to_mA = 50'000) {
  for (int i = 0; i < steps; ++i) {
    bench.load_mA = i % 2 == 0 ? to_mA : from_mA;
    bench.run_ms(2'000);
  }
}

TEST(CurrentWitness, TrueCurrentIsNeverSuspected) {
  CoreBench bench;
  bench.start();
  for (const std::int32_t to_mA : {5'000, 20'000, 50'000, 100'000}) {
    step_load(bench, 10, 0, to_mA);
    step_load(bench, 10, 2'000, to_mA);
    EXPECT_FALSE(bench.warned(Fault::i_stuck)) << to_mA;
  }
}

TEST(CurrentWitness, CurrentThatFallsToZeroWhileTheCellsStandStillIsAWarning) {
  CoreBench bench;
  bench.load_mA = 50'000;
  bench.start();
  bench.run_ms(3'000);
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
  bench.current_error_mA = 50'000;  // reads zero from now on
  bench.run_ms(400);
  EXPECT_TRUE(bench.warned(Fault::i_stuck));
  EXPECT_FALSE(bench.faulty(Fault::i_stuck)) << "one contradiction is no proof";
  bench.run_ms(60'000);
  EXPECT_FALSE(bench.faulty(Fault::i_stuck));
}

TEST(CurrentWitness, StuckAndReversedSensorsAreFaultsAfterThreeContradictionsAndTheDelay) {
  for (const bool reversed : {false, true}) {
    CoreBench bench;
    bench.start();
    bench.current_frozen = !reversed;
    bench.current_reversed = reversed;
    step_load(bench, 2);
    EXPECT_TRUE(bench.warned(Fault::i_stuck));
    EXPECT_FALSE(bench.faulty(Fault::i_stuck));
    step_load(bench, 1);
    bench.run_ms(7'000);
    EXPECT_FALSE(bench.faulty(Fault::i_stuck)) << "before its delay";
    bench.run_ms(2'000);
    EXPECT_TRUE(bench.latched(Fault::i_stuck));
    EXPECT_FALSE(bench.main());
  }
}

TEST(CurrentWitness, AStepWithItsAnswerAcquits) {
  CoreBench bench;
  bench.start();
  bench.current_frozen = true;
  step_load(bench, 2);
  bench.current_frozen = false;
  step_load(bench, 2);
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, SmallStepsRampsAndSingleCellsSayNothing) {
  CoreBench bench;
  bench.start();
  bench.current_frozen = true;
  step_load(bench, 10, 0, 14'000);  // 14 mV, at most the level
  for (int i = 0; i < 30; ++i) {    // 2 A, 2 mV each sample
    bench.load_mA += 2'000;
    bench.step();
  }
  bench.cell_rest_dmV[3] += 500;
  bench.run_ms(1'000);
  for (int i = 0; i < 7; ++i) bench.cell_rest_dmV[i] -= 300;  // not most of them
  bench.run_ms(1'000);
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, StepsOfMostCellsCount) {
  CoreBench bench;
  bench.start();
  for (int i = 0; i < 8; ++i) bench.cell_rest_dmV[i] -= 300;
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, ContradictionsAreForgottenAfterTenMinutesOrByCommand) {
  CoreBench bench;
  bench.start();
  bench.set_cells(32'500);
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.warned(Fault::i_stuck));
  bench.run_ms(598'000);
  EXPECT_TRUE(bench.warned(Fault::i_stuck));
  bench.run_ms(3'000);
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
  bench.set_cells(33'000);
  bench.run_ms(1'000);
  EXPECT_TRUE(bench.warned(Fault::i_stuck));
  bench.bms.clear_latched();
  bench.run_ms(100);
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, SamplesFarApartAreNotCompared) {
  CoreBench bench;
  bench.start();
  bench.step_us = 2'000'000;
  bench.bms.set_period(2'000'000);
  bench.current_frozen = true;
  for (int i = 0; i < 20; ++i) {
    bench.load_mA = i % 4 < 2 ? 50'000 : 0;
    bench.step();
  }
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, MissingReadingsBreakTheRowOfSamples) {
  CoreBench bench;
  bench.start();
  bench.current_frozen = true;
  for (int i = 0; i < 40; ++i) {
    bench.load_mA = i % 6 < 3 ? 50'000 : 0;
    bench.readings.current_mA = i % 3 == 0 ? kNoReading : 0;
    bench.step();
  }
  EXPECT_FALSE(bench.warned(Fault::i_stuck));
}

TEST(CurrentWitness, DefectIgnoresEverything) {
  CoreBench bench;
  bench.bms.defects.set(Defect::stuck_current_ignored, true);
  bench.start();
  bench.current_frozen = true;
  step_load(bench, 10);
  bench.run_ms(12'000);
  EXPECT_FALSE(bench.warned(Fault::i_stuck) || bench.faulty(Fault::i_stuck));
}

}  // namespace
