#include "sim/plant/sensing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "rig.h"

namespace packbench::sim {
namespace {

using test::Rig;

// Sensing alone, on a frame whose truth the test writes.
struct Bench {
  explicit Bench(std::uint64_t seed = 1, Scenario the_scenario = test::scenario())
      : scenario(std::move(the_scenario)), sensing(scenario, seed), frame(test::layout_of(scenario)) {
    for (double& value : frame.array(Signal::truth_cell_voltage)) value = 3.3;
    for (double& value : frame.array(Signal::truth_cell_temperature)) value = 25.0;
    frame[Signal::truth_pack_voltage] = 13.2;
    frame[Signal::truth_bus_voltage] = 13.2;
    frame[Signal::truth_pack_current] = -50.0;
  }
  void step(TimeNs dt = 100 * kMillisecond) {
    sensing.sample(now, feedback, frame);
    now += dt;
  }

  Scenario scenario;
  Sensing sensing;
  Frame frame;
  Plant::Feedback feedback;
  TimeNs now = 0;
};

Scenario without_errors() {
  Scenario scenario = test::scenario();
  SensingParameters& p = scenario.pack_profile.sensing;
  p.cell_gain_sigma = p.cell_offset_sigma_V = p.cell_noise_V = 0;
  p.pack_gain_max = p.pack_noise_V = 0;
  p.current_gain_max = p.current_offset_max_A = p.current_noise_A = 0;
  p.temperature_tolerance_K = p.temperature_noise_K = 0;
  return scenario;
}

TEST(Sensing, WritesEverySensedSignal) {
  Bench bench;
  bench.step();
  for (const SignalSpec& spec : signal_table()) {
    if (spec.group != Group::sensed) continue;
    for (const double value : bench.frame.array(spec.id)) EXPECT_FALSE(std::isnan(value)) << spec.full_name();
  }
}

TEST(Sensing, CellReadingsLieOnTheConvertersGridBeforeTheWireRoundsThem) {
  Bench bench(1, without_errors());
  for (double truth_V = 0.0; truth_V < 5.0; truth_V += 0.00937) {
    bench.frame.array(Signal::truth_cell_voltage)[0] = truth_V;
    bench.step();
    const double grid_V = std::nearbyint(truth_V / 154e-6) * 154e-6;
    EXPECT_EQ(bench.frame.array(Signal::sensed_cell_voltage)[0], std::nearbyint(grid_V * 1e4) / 1e4);
  }
}

TEST(Sensing, CellErrorStaysInsideTheBudget) {
  // Gain 0.05 % of 3.3 V, offset 2 mV, noise 6 sigma, half a step of the converter and of the wire.
  const double budget_V = 0.0005 * 3.3 + 2e-3 + 6 * 0.3e-3 + 77e-6 + 50e-6;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Bench bench(seed);
    for (int i = 0; i < 20; ++i) {
      bench.step();
      for (const double reading : bench.frame.array(Signal::sensed_cell_voltage)) EXPECT_NEAR(reading, 3.3, budget_V);
    }
  }
}

TEST(Sensing, CurrentErrorStaysInsideTheBudget) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Bench bench(seed);
    for (int i = 0; i < 20; ++i) {
      bench.step();
      EXPECT_NEAR(bench.frame[Signal::sensed_pack_current], -50.0, 0.002 * 50 + 0.010 + 6 * 0.050 + 0.001);
    }
  }
}

TEST(Sensing, ShuntClipsAtItsRange) {
  Bench bench;
  bench.frame[Signal::truth_pack_current] = -700;
  bench.step();
  EXPECT_EQ(bench.frame[Signal::sensed_pack_current], -500.0);
}

TEST(Sensing, CellReadingsAreClampedToZeroAndFiveVolts) {
  Bench bench;
  bench.frame.array(Signal::truth_cell_voltage)[0] = -1.0;
  bench.frame.array(Signal::truth_cell_voltage)[1] = 6.0;
  bench.step();
  EXPECT_EQ(bench.frame.array(Signal::sensed_cell_voltage)[0], 0.0);
  EXPECT_EQ(bench.frame.array(Signal::sensed_cell_voltage)[1], 5.0);
}

TEST(Sensing, PackAndBusHaveDividersOfTheirOwn) {
  Bench bench;
  double pack_V = 0, bus_V = 0;
  for (int i = 0; i < 1000; ++i) {
    bench.step();
    pack_V += bench.frame[Signal::sensed_pack_voltage] / 1000;
    bus_V += bench.frame[Signal::sensed_bus_voltage] / 1000;
  }
  EXPECT_NEAR(pack_V, 13.2, 0.003 * 13.2 + 0.001);
  EXPECT_NEAR(bus_V, 13.2, 0.003 * 13.2 + 0.001);
  EXPECT_GT(std::abs(pack_V - bus_V), 0.001);
}

TEST(Sensing, SameSeedGivesTheSameBitsAndAnotherSeedOthers) {
  Bench a(5), b(5), c(6);
  int different = 0;
  for (int i = 0; i < 100; ++i) {
    for (Bench* bench : {&a, &b, &c}) bench->step();
    const auto cells = b.frame.array(Signal::sensed_cell_voltage);
    EXPECT_TRUE(std::ranges::equal(a.frame.array(Signal::sensed_cell_voltage), cells));
    EXPECT_EQ(a.frame[Signal::sensed_pack_current], b.frame[Signal::sensed_pack_current]);
    EXPECT_TRUE(
        std::ranges::equal(a.frame.array(Signal::sensed_temperature), b.frame.array(Signal::sensed_temperature)));
    different += a.frame[Signal::sensed_pack_current] != c.frame[Signal::sensed_pack_current];
  }
  EXPECT_GT(different, 90);  // on a grid of 1 mA in 50 mA of noise, a few may meet
}

TEST(Sensing, TemperatureSensorsAreSpreadEvenlyAndTheLastSitsOnTheBoard) {
  std::vector<int> cells;
  for (int sensor = 0; sensor < 5; ++sensor) cells.push_back(cell_of_temperature_sensor(sensor, 5, 15));
  EXPECT_EQ(cells, (std::vector{1, 5, 9, 13, -1}));
  EXPECT_EQ(cell_of_temperature_sensor(0, 1, 15), 7);
  for (int count = 2; count <= kMaxTemperatures; ++count) {
    for (int sensor = 0; sensor + 1 < count; ++sensor)
      EXPECT_GE(cell_of_temperature_sensor(sensor, count, kMaxCells), 0);
    EXPECT_EQ(cell_of_temperature_sensor(count - 1, count, kMaxCells), -1);
  }
}

TEST(Sensing, TemperatureLagsByItsTimeConstantWhateverTheStep) {
  for (const TimeNs dt : {100 * kMillisecond, kSecond, 5 * kSecond}) {
    Bench bench(1, without_errors());
    bench.step(dt);
    for (double& value : bench.frame.array(Signal::truth_cell_temperature)) value = 45.0;
    while (bench.now <= 15 * kSecond) bench.step(dt);
    EXPECT_NEAR(bench.frame.array(Signal::sensed_temperature)[0], 45 - 20 * std::exp(-1.0),
                0.03);  // converter: 0.025 K
  }
}

TEST(Sensing, BoardSensorReadsTheAmbient) {
  Bench bench(1, without_errors());
  bench.feedback.ambient_degC = 40;
  bench.step();
  EXPECT_NEAR(bench.frame.array(Signal::sensed_temperature)[4], 40, 0.03);
  EXPECT_NEAR(bench.frame.array(Signal::sensed_temperature)[0], 25, 0.03);
}

TEST(Sensing, TemperatureErrorStaysInsideToleranceAndNoise) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Bench bench(seed);
    bench.step();
    for (const double reading : bench.frame.array(Signal::sensed_temperature))
      EXPECT_NEAR(reading, 25, 1.0 + 0.6 + 0.03);
  }
}

TEST(Sensing, AuxiliaryContactsAndChargerPassThrough) {
  Bench bench;
  bench.feedback.main = true;
  bench.feedback.charger_present = true;
  bench.step();
  EXPECT_EQ(bench.frame[Signal::sensed_main_feedback], 1.0);
  EXPECT_EQ(bench.frame[Signal::sensed_charger_feedback], 0.0);
  EXPECT_EQ(bench.frame[Signal::sensed_charger_present], 1.0);
}

TEST(Sensing, DrivenQuantitiesDoNotMoveTheNoiseOfTheOthers) {
  Bench free, driven;
  driven.feedback.driven.cell_voltages = 0b0001;
  driven.feedback.driven.pack_current = true;
  for (int i = 0; i < 10; ++i) {
    free.step();
    driven.step();
    EXPECT_EQ(driven.frame.array(Signal::sensed_cell_voltage)[0], 3.3);
    EXPECT_EQ(driven.frame[Signal::sensed_pack_current], -50.0);
    EXPECT_EQ(driven.frame.array(Signal::sensed_cell_voltage)[1], free.frame.array(Signal::sensed_cell_voltage)[1]);
    EXPECT_EQ(driven.frame[Signal::sensed_pack_voltage], free.frame[Signal::sensed_pack_voltage]);
  }
}

}  // namespace
}  // namespace packbench::sim
