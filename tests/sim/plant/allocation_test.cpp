// The step of plant, sensing, phases and faults allocates nothing: operator new counts.
#include <gtest/gtest.h>

#include "rig.h"
#include "sim/plant/fault_schedule.h"
#include "sim/plant/phase_runner.h"
#include "tests/count_allocations.h"

namespace packbench::sim {
namespace {

Phase phase(PhaseKind kind, double current_A) {
  Phase made;
  made.kind = kind;
  made.current_A = current_A;
  made.duration = 2 * kSecond;
  made.label = "a label that is too long to be kept inside a string object";
  return made;
}

FaultSpec fault(FaultTarget target, const char* channel, const char* kind, TimeNs at) {
  FaultSpec spec;
  spec.target = target;
  spec.channel = channel;
  spec.kind = kind;
  spec.value = 0.02;
  spec.at = at;
  spec.duration = kSecond;
  return spec;
}

Scenario eventful() {
  Scenario scenario = test::scenario();
  Phase driven = phase(PhaseKind::drive, 0), cycle = phase(PhaseKind::profile, 0),
        charge = phase(PhaseKind::charge, 50);
  DriveTarget target;
  target.values = {3.4};
  target.ramp = kSecond;
  driven.drive = {target};
  cycle.profile.time_s = {0, 1, 2};
  cycle.profile.current_A = {0, -50, 20};
  charge.voltage_V = 13.35;
  charge.until = test::formula("max(truth.cell_voltage) > 4 V for 1 s", test::layout_of(scenario));
  charge.limit = 2 * kSecond;
  scenario.phases = {phase(PhaseKind::rest, 0), phase(PhaseKind::discharge, 80), charge, cycle, driven};
  scenario.faults = {fault(FaultTarget::sensor, "cell_voltage", "noise", kSecond),
                     fault(FaultTarget::sensor, "cell_voltage", "frozen", 2 * kSecond),
                     fault(FaultTarget::sensor, "temperature", "ntc_open", 2 * kSecond),
                     fault(FaultTarget::actuator, "main", "weld", 3 * kSecond),
                     fault(FaultTarget::plant, "pack", "ambient", 3 * kSecond)};
  return scenario;
}

TEST(Allocation, StepAllocatesNothing) {
  test::Rig rig(eventful());
  Sensing sensing(rig.scenario, 1);
  FaultSchedule faults(rig.scenario, rig.frame.layout());
  PhaseRunner phases(rig.scenario, rig.frame.layout());
  const FaultSchedule::Elsewhere elsewhere = [](const FaultSpec&, bool) {};
  rig.close(true, true, true);
  phases.start(rig.plant.now());
  faults.start(rig.plant.now());
  const long before = allocations();
  int steps = 0;
  for (bool more = true; more; ++steps) {
    rig.plant.sample(rig.frame);
    faults.step(rig.plant.now(), rig.frame, sensing, rig.plant, elsewhere);
    sensing.sample(rig.plant.now(), rig.plant.feedback(), rig.frame);
    more = phases.step(rig.plant.now(), rig.frame, rig.plant);
    rig.plant.set_actuators({steps % 30 < 20, true, true, 0b0101});
    rig.advance_by(100 * kMillisecond);
  }
  EXPECT_EQ(allocations() - before, 0);
  EXPECT_GT(steps, 99);
  EXPECT_EQ(faults.events().size(), 10u);
  EXPECT_EQ(phases.records().size(), 5u);
}

}  // namespace
}  // namespace packbench::sim
