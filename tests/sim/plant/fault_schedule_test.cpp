#include "sim/plant/fault_schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "rig.h"
#include "sim/plant/fault_label.h"

namespace packbench::sim {
namespace {

constexpr TimeNs kStep = 100 * kMillisecond;

FaultSpec fault(FaultTarget target, std::string channel, std::string kind, double value = 0) {
  FaultSpec spec;
  spec.target = target;
  spec.channel = std::move(channel);
  spec.kind = std::move(kind);
  spec.value = value;
  return spec;
}

// Plant, sensing and schedule in the bench's order; faults count from 5 s.
struct Walk {
  explicit Walk(std::vector<FaultSpec> faults)
      : rig(with(std::move(faults))), sensing(rig.scenario, 1), schedule(rig.scenario, rig.frame.layout()) {
    rig.advance_by(5 * kSecond);
    schedule.start(rig.plant.now());
  }
  static Scenario with(std::vector<FaultSpec> faults) {
    Scenario scenario = test::scenario();
    scenario.faults = std::move(faults);
    return scenario;
  }
  void sample() {
    rig.plant.sample(rig.frame);
    schedule.step(rig.plant.now(), rig.frame, sensing, rig.plant, [this](const FaultSpec& spec, bool active) {
      elsewhere.push_back(spec.channel + " " + spec.kind + (active ? " on" : " off"));
    });
    sensing.sample(rig.plant.now(), rig.plant.feedback(), rig.frame);
  }
  // Samples from `begin` on, and the times (since the start) of those where `holds`.
  template <typename Predicate>
  std::vector<double> when(int samples, Predicate holds) {
    std::vector<double> times_s;
    for (int i = 0; i < samples; ++i) {
      sample();
      if (holds()) times_s.push_back(0.1 * i);
      rig.advance_by(kStep);
    }
    return times_s;
  }
  bool no_current() { return std::isnan(rig.frame[Signal::sensed_pack_current]); }

  test::Rig rig;
  Sensing sensing;
  FaultSchedule schedule;
  std::vector<std::string> elsewhere;
};

TEST(FaultSchedule, FaultIsThereFromItsTimeUpToItsEndAndNotAtIt) {
  FaultSpec spec = fault(FaultTarget::sensor, "pack_current", "dropout");
  spec.at = kSecond;
  spec.duration = 500 * kMillisecond;
  Walk walk({spec});
  const auto times_s = walk.when(30, [&] { return walk.no_current(); });
  ASSERT_EQ(times_s.size(), 5u);
  EXPECT_DOUBLE_EQ(times_s.front(), 1.0);
  EXPECT_DOUBLE_EQ(times_s.back(), 1.4);
  const auto& events = walk.schedule.events();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_DOUBLE_EQ(events[0].at_s, 6.0);
  EXPECT_TRUE(events[0].active);
  EXPECT_DOUBLE_EQ(events[1].at_s, 6.5);
  EXPECT_FALSE(events[1].active);
  EXPECT_EQ(events[0].label, "pack_current dropout");
}

TEST(FaultSchedule, TimeBetweenSamplesMeansTheNextSample) {
  FaultSpec spec = fault(FaultTarget::sensor, "pack_current", "dropout");
  spec.at = 130 * kMillisecond;
  spec.duration = kStep;
  Walk walk({spec});
  EXPECT_EQ(walk.when(10, [&] { return walk.no_current(); }), std::vector{0.2});
}

TEST(FaultSchedule, WithoutTimeTheFaultIsThereFromStartToEnd) {
  Walk walk({fault(FaultTarget::sensor, "pack_current", "dropout")});
  EXPECT_EQ(walk.when(20, [&] { return walk.no_current(); }).size(), 20u);
}

TEST(FaultSchedule, NothingHappensBeforeStart) {
  Scenario scenario = Walk::with({fault(FaultTarget::sensor, "pack_current", "dropout")});
  test::Rig rig(scenario);
  Sensing sensing(scenario, 1);
  FaultSchedule schedule(scenario, rig.frame.layout());
  schedule.step(0, rig.frame, sensing, rig.plant, {});
  EXPECT_TRUE(schedule.events().empty());
}

TEST(FaultSchedule, TriggerStartsTheFaultOnceAtTheFirstSampleWhereItHolds) {
  FaultSpec spec = fault(FaultTarget::sensor, "pack_current", "dropout");
  const SignalLayout layout = test::layout_of(test::scenario());
  spec.when = test::formula("truth.main_contactor == closed", layout);
  spec.duration = 200 * kMillisecond;
  Walk walk({spec});
  walk.when(3, [] { return false; });
  EXPECT_EQ(
      walk.schedule.never_injected(),
      std::vector<std::string>{"the fault 'pack_current dropout' was never injected: its `when` never came true"});
  walk.rig.plant.set_actuators({true, false, false, 0});
  const auto times_s = walk.when(10, [&] { return walk.no_current(); });
  EXPECT_EQ(times_s, (std::vector{0.1, 0.2}));
  EXPECT_TRUE(walk.schedule.never_injected().empty());
}

TEST(FaultSchedule, ContactorFaultsReachThePlant) {
  FaultSpec spec = fault(FaultTarget::actuator, "main", "weld");
  spec.at = 200 * kMillisecond;
  spec.duration = kSecond;
  Walk walk({spec});
  walk.rig.close(true, false);
  walk.when(3, [] { return false; });
  walk.rig.plant.set_actuators({});
  const auto closed = walk.when(20, [&] { return walk.rig(Signal::truth_main_contactor) == 1.0; });
  EXPECT_GT(closed.size(), 8u);
  EXPECT_EQ(walk.rig(Signal::truth_main_contactor), 0.0);
}

TEST(FaultSchedule, EveryActuatorAndPlantRowOfTheCatalogueBeginsAndEnds) {
  for (const FaultKind& row : fault_catalogue()) {
    if (row.target != FaultTarget::actuator && row.target != FaultTarget::plant) continue;
    FaultSpec spec =
        fault(row.target, std::string(row.channel), std::string(row.kind), std::clamp(30.0, row.least, row.most));
    spec.duration = kSecond;
    Walk walk({spec});
    walk.when(20, [] { return false; });
    EXPECT_EQ(walk.schedule.events().size(), 2u) << row.channel << " " << row.kind;
  }
}

TEST(FaultSchedule, PlantFaultsActAndEnd) {
  FaultSpec ambient = fault(FaultTarget::plant, "pack", "ambient", 60),
            open = fault(FaultTarget::plant, "precharge_resistor", "open");
  ambient.duration = open.duration = kSecond;
  Walk walk({ambient, open});
  walk.rig.close(false, false, false);
  walk.sample();
  EXPECT_EQ(walk.rig.plant.feedback().ambient_degC, 60.0);
  walk.rig.close(false, false, true);
  EXPECT_EQ(walk.rig(Signal::truth_bus_voltage), 0.0);
  walk.when(15, [] { return false; });
  EXPECT_EQ(walk.rig.plant.feedback().ambient_degC, 25.0);
  EXPECT_GT(walk.rig(Signal::truth_bus_voltage), 1.0);
}

TEST(FaultSchedule, EndOfOneOfTwoEqualFaultsLeavesTheOtherInForce) {
  FaultSpec brief = fault(FaultTarget::plant, "pack", "ambient", 60),
            lasting = fault(FaultTarget::plant, "pack", "ambient", 40);
  brief.duration = 300 * kMillisecond;
  Walk walk({lasting, brief});
  walk.when(10, [] { return false; });
  EXPECT_EQ(walk.rig.plant.feedback().ambient_degC, 40.0);
}

TEST(FaultSchedule, LineAndMachineFaultsGoToTheCallback) {
  FaultSpec drop = fault(FaultTarget::line, "to_device", "drop"),
            reset = fault(FaultTarget::machine, "device", "reset");
  drop.duration = kStep;
  reset.at = 2 * kStep;
  Walk walk({drop, reset});
  walk.when(5, [] { return false; });
  EXPECT_EQ(walk.elsewhere, (std::vector<std::string>{"to_device drop on", "to_device drop off", "device reset on"}));
}

TEST(FaultSchedule, UnknownFaultIsRefusedByName) {
  const Scenario scenario = Walk::with({fault(FaultTarget::sensor, "pack_current", "melt")});
  try {
    FaultSchedule schedule(scenario, test::layout_of(scenario));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "The fault 'pack_current melt' is not in the catalogue of faults.");
  }
}

TEST(FaultLabel, SaysChannelCellKindAndValueInUnitsOfPeople) {
  FaultSpec spec = fault(FaultTarget::sensor, "cell_voltage", "offset", 0.02);
  spec.index = 7;
  EXPECT_EQ(fault_label(spec), "cell_voltage[8] offset 20 mV");
  EXPECT_EQ(fault_label(fault(FaultTarget::sensor, "cell_voltage", "drift", 0.001 / 3600)),
            "cell_voltage drift 1 mV/h");
  EXPECT_EQ(fault_label(fault(FaultTarget::sensor, "pack_current", "stuck", 0)), "pack_current stuck 0 A");
  EXPECT_EQ(fault_label(fault(FaultTarget::sensor, "pack_voltage", "gain", -0.1)), "pack_voltage gain -10 %");
  EXPECT_EQ(fault_label(fault(FaultTarget::line, "to_device", "corrupt", 2e-5)), "to_device corrupt 2e-05");
  EXPECT_EQ(fault_label(fault(FaultTarget::plant, "bus", "short", 0.01)), "bus short 10 mohm");
  EXPECT_EQ(fault_label(fault(FaultTarget::actuator, "main", "weld")), "main weld");
}

TEST(FaultLabel, SaysPatternAndProbability) {
  FaultSpec spec = fault(FaultTarget::line, "to_device", "drop");
  spec.pattern = {3, 2};
  EXPECT_EQ(fault_label(spec), "to_device drop keep 3, drop 2");
  spec.pattern.clear();
  spec.probability = 0.25;
  EXPECT_EQ(fault_label(spec), "to_device drop with probability 0.25");
}

}  // namespace
}  // namespace packbench::sim
