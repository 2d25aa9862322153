// A step of the checks takes no memory from the heap.
#include <gtest/gtest.h>

#include "tests/count_allocations.h"
#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

std::vector<CheckSpec> every_kind() {
  CheckSpec reaction = spec(CheckKind::when_then, "max(truth.cell_voltage) > 3.6 V for 2 s");
  reaction.then = parsed("truth.pack_current <= 0.2 A");
  reaction.latest = kSecond;
  CheckSpec quick = spec(CheckKind::when_then, "delta(truth.pack_current) > 0 A");
  quick.then = parsed("truth.pack_current < -9 A");
  quick.latest = 5 * kSecond;
  return {spec(CheckKind::always, "abs(device.soc - truth.soc) <= 5 % or truth.pack_current > 0 A for 10 s"),
          spec(CheckKind::never, "opens(device.charger_contactor) and max(abs(delta(truth.cell_voltage, 3 s))) > 1 V"),
          spec(CheckKind::eventually, "rate(truth.pack_voltage, 1 s) < 0 V/s for 60 s"), reaction, quick};
}

TEST(Checks, AStepDoesNotAllocate) {
  CheckSet checks(every_kind(), small_layout(), kStep);
  checks.start_phases(0);
  Frame frame(small_layout());
  long before = 0;
  for (int k = 0; k < 3000; ++k) {
    // Falling slack for long stretches fills the windows; the current alternates, so triggers pile up.
    for (double& v : frame.array(Signal::truth_cell_voltage)) v = 3.5 + 0.0001 * (k % 2000);
    frame[Signal::truth_pack_current] = k % 2 == 0 ? 1 : 0.5;
    frame[Signal::truth_soc] = frame[Signal::device_soc] = k % 7 == 0 ? kNaN : 0.5;
    frame[Signal::truth_pack_voltage] = -k;
    frame[Signal::device_charger_contactor] = k % 3 == 0 ? 0 : 1;
    before = allocations();
    checks.step(k * kStep, frame.values());
    ASSERT_EQ(allocations(), before) << "at step " << k;
  }
}

TEST(Checks, TheCounterCounts) {
  const long before = allocations();
  ::operator delete(::operator new(4));
  EXPECT_EQ(allocations(), before + 1);
}

}  // namespace
}  // namespace packbench::sim::test
