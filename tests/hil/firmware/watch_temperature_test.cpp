// Temperatures: runaway, spread, the board's own sensor, lost sensors.
#include <gtest/gtest.h>

#include "core_bench.h"

namespace {

using namespace core_bench;

// One sensor rises from `from` by `rate` until ot_hard trips; its temperature then, or 0.
std::int32_t tripped_at(CoreBench& bench, std::int32_t from_mdegC, std::int32_t rate_mK_per_s, std::int64_t limit_ms) {
  bench.profile.row(Fault::t_spread).present = false;
  bench.profile.row(Fault::otd).present = false;
  bench.start();
  std::int32_t& sensor = bench.readings.temperature_mdegC[2];
  sensor = from_mdegC;
  bench.run_ms(5'000);
  const std::int64_t took_ms = bench.ms_until(
      [&] {
        sensor += rate_mK_per_s / 10;
        return bench.faulty(Fault::ot_hard);
      },
      limit_ms);
  return took_ms < 0 ? 0 : sensor;
}

TEST(ThermalRunaway, TripsBelowSeventyDegreesWhenItRisesFaster) {
  CoreBench bench;
  const std::int32_t at_mdegC = tripped_at(bench, 45'000, 3'000, 20'000);
  EXPECT_GT(at_mdegC, 50'000 + 3 * 3'000);        // the past of three seconds was already above 50 degC
  EXPECT_LT(at_mdegC, 50'000 + 3'000 * 45 / 10);  // three seconds, a sample of the past, the delay of half a second
  EXPECT_TRUE(bench.latched(Fault::ot_hard));
  EXPECT_FALSE(bench.main());
}

TEST(ThermalRunaway, OneKelvinPerSecondIsNotFasterThanOneKelvinPerSecond) {
  CoreBench bench;
  EXPECT_GT(tripped_at(bench, 51'000, 1'000, 60'000), 70'000) << "only the level itself trips";
}

TEST(ThermalRunaway, ElevenTenthsOfAKelvinPerSecondTrip) {
  CoreBench bench;
  const std::int32_t at_mdegC = tripped_at(bench, 51'000, 1'100, 60'000);
  EXPECT_GT(at_mdegC, 51'000 + 3 * 1'100);
  EXPECT_LT(at_mdegC, 51'000 + 5 * 1'100);
}

TEST(ThermalRunaway, BelowFiftyDegreesAnyRiseIsWarming) {
  CoreBench bench;
  bench.start();
  for (int i = 0; i < 200; ++i) {
    bench.set_temperatures(-30'000 + i * 400);  // 4 K/s up to 50 degC
    bench.step();
    ASSERT_FALSE(bench.faulty(Fault::ot_hard));
  }
}

TEST(ThermalRunaway, NoiseOfHalfAKelvinIsNoRise) {
  CoreBench bench;
  bench.profile.row(Fault::otc).present = bench.profile.row(Fault::otd).present = false;
  bench.start();
  for (int i = 0; i < 2'000; ++i) {
    bench.set_temperatures(60'000 + (i * 7919 % 2'000) - 1'000);
    bench.step();
  }
  EXPECT_FALSE(bench.faulty(Fault::ot_hard));
}

TEST(ThermalRunaway, JumpInOneSampleIsNoRise) {
  CoreBench bench;
  for (const Fault fault : {Fault::t_spread, Fault::otd, Fault::otc}) bench.profile.row(fault).present = false;
  bench.start();
  for (const std::int32_t mdegC : {51'000, 61'000, 52'000, 69'000}) {
    bench.set_temperatures(mdegC);
    bench.run_ms(6'000);
    EXPECT_FALSE(bench.faulty(Fault::ot_hard)) << mdegC;
  }
}

TEST(ThermalRunaway, IsSeenWithMeasurementsASecondApartToo) {
  CoreBench bench;
  for (const Fault fault : {Fault::t_spread, Fault::otd, Fault::otc}) bench.profile.row(fault).present = false;
  bench.start();
  bench.step_us = 1'000'000;
  bench.bms.set_period(1'000'000);
  for (int i = 0; i < 8; ++i) {
    bench.readings.temperature_mdegC[1] = 51'000 + i * 2'000;
    bench.step();
  }
  EXPECT_TRUE(bench.faulty(Fault::ot_hard));
}

TEST(ThermalRunaway, SensorThatComesBackHotIsNoRise) {
  CoreBench bench;
  bench.profile.row(Fault::t_spread).present = false;
  bench.start();
  bench.set_temperatures(52'000);
  bench.readings.temperature_mdegC[1] = -55'000;
  bench.run_ms(5'000);
  bench.readings.temperature_mdegC[1] = 58'000;
  bench.run_ms(5'000);
  EXPECT_FALSE(bench.faulty(Fault::ot_hard));
}

TEST(ThermalRunaway, DefectWaitsForSeventyDegrees) {
  CoreBench bench;
  bench.bms.defects.set(Defect::runaway_ignored, true);
  EXPECT_GT(tripped_at(bench, 51'000, 3'000, 60'000), 70'000);
}

TEST(BoardSensor, TakesNoPartInTheCells) {
  CoreBench bench;
  bench.start();
  bench.readings.temperature_mdegC[4] = 84'000;
  bench.run_ms(20'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
  EXPECT_EQ(bench.bms.protections().warnings(), 0u);
  bench.readings.temperature_mdegC[4] = 101'000;
  bench.run_ms(2'300);
  EXPECT_EQ(bench.bms.protections().faults(), bit(Fault::pcb_ot));
  EXPECT_FALSE(bench.main());
}

TEST(BoardSensor, DefectTakesItForACell) {
  CoreBench bench;
  bench.bms.defects.set(Defect::board_taken_for_cell, true);
  bench.start();
  bench.readings.temperature_mdegC[4] = 84'000;
  bench.run_ms(2'000);
  EXPECT_TRUE(bench.faulty(Fault::ot_hard));
}

TEST(BoardSensor, ThatIsNotThereIsNotWatched) {
  CoreBench bench;
  bench.profile.watch.board_sensor = 0;
  bench.start();
  bench.set_temperatures(45'000);
  bench.readings.temperature_mdegC[4] = 49'000;
  bench.run_ms(5'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
}

TEST(BoardSensor, DefectIgnoresItsHeat) {
  CoreBench bench;
  bench.bms.defects.set(Defect::no_board_temperature_trip, true);
  bench.start();
  bench.readings.temperature_mdegC[4] = 110'000;
  bench.run_ms(5'000);
  EXPECT_EQ(bench.bms.protections().faults(), 0u);
}

TEST(TemperatureSpread, DefectIgnoresIt) {
  for (const bool broken : {false, true}) {
    CoreBench bench;
    bench.bms.defects.set(Defect::no_temperature_spread_trip, broken);
    bench.start();
    bench.readings.temperature_mdegC[0] = 45'100;
    bench.run_ms(10'300);
    EXPECT_EQ(bench.faulty(Fault::t_spread), !broken);
  }
}

// Open and shorted sensors read below -40 and above 120 degC.
void lose_sensors(CoreBench& bench, int count) {
  for (int i = 0; i < count; ++i) bench.readings.temperature_mdegC[i] = i % 2 == 0 ? -41'000 : 121'000;
}

TEST(LostSensors, OneOrTwoOfFourAreAWarningAndWithLessThanTwoLeftAFault) {
  for (int lost = 0; lost <= 4; ++lost) {
    CoreBench bench;
    bench.start();
    lose_sensors(bench, lost);
    bench.run_ms(1'300);
    EXPECT_EQ(bench.warned(Fault::ntc), lost > 0) << lost;
    EXPECT_EQ(bench.faulty(Fault::ntc), lost > 2) << lost;
    EXPECT_EQ(bench.bms.protections().faults() & ~bit(Fault::ntc), 0u) << lost;
  }
}

TEST(LostSensors, DefectGoesOnWithASingleOne) {
  CoreBench bench;
  bench.bms.defects.set(Defect::ntc_trips_only_with_none_left, true);
  bench.start();
  lose_sensors(bench, 3);
  bench.run_ms(2'000);
  EXPECT_FALSE(bench.faulty(Fault::ntc));
  lose_sensors(bench, 4);
  bench.run_ms(2'000);
  EXPECT_TRUE(bench.faulty(Fault::ntc));
}

}  // namespace
