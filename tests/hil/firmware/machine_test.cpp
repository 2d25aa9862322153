// What a fault of the machine finds in the firmware: its own clock, and names for what lies in its memory.
#include <gtest/gtest.h>

#include <set>

#include "hil/firmware/app/device_clock.h"
#include "hil/firmware/host/variables.h"
#include "rig.h"

namespace packbench::firmware {
namespace {

TEST(DeviceClock, AgreesUntilItDriftsAndKeepsItsLeadAfterwards) {
  DeviceClock clock;
  clock.start(5'000'000);
  EXPECT_EQ(clock.own_us(6'000'000), 6'000'000u);
  clock.set_drift(10'000, 6'000'000);
  EXPECT_EQ(clock.own_us(6'000'000), 6'000'000u);
  EXPECT_EQ(clock.own_us(8'000'000), 8'020'000u);
  clock.set_drift(-10'000, 8'000'000);
  EXPECT_EQ(clock.own_us(9'000'000), 9'010'000u);
  clock.set_drift(0, 9'000'000);
  EXPECT_EQ(clock.own_us(20'000'000), 20'010'000u);
}

TEST(DeviceClock, NeverGoesBackWhateverItsDrift) {
  DeviceClock clock;
  std::uint64_t last_us = 0;
  const std::int32_t drifts[]{0, kMostDrift_ppm, -kMostDrift_ppm, 7, -1};
  for (std::uint64_t t = 0; t < 100'000; ++t) {
    if (t % 10'000 == 0) clock.set_drift(drifts[t / 10'000 % 5], t);
    EXPECT_GE(clock.own_us(t), last_us);
    last_us = clock.own_us(t);
  }
}

TEST(Clock, AFastOneShortensEveryDelayByItsShare) {
  rig::Rig straight, fast;
  double seconds[2];
  int i = 0;
  for (rig::Rig* r : {&straight, &fast}) {
    r->step_us = 10'000;
    r->ready();
    if (r == &fast) {
      const packlink_inject_t inject{PACKLINK_INJECT_DRIFT, 100'000};
      rig::Bytes frame(PACKLINK_MAX_FRAME);
      frame.resize(packlink_encode_inject(frame.data(), frame.size(), 1, &inject));
      r->send(frame);
    }
    r->set_cells(3.70);
    seconds[i++] = r->seconds_until([r] { return r->faulty(Fault::cell_ov); }, 20);
  }
  ASSERT_GT(seconds[0], 1.0);
  EXPECT_NEAR(seconds[1], seconds[0] / 1.1, 0.03);  // three steps of 10 ms: both trips and the first sample
}

TEST(Clock, ADriftThatNoOscillatorHasIsRefused) {
  rig::Rig r;
  r.hello();
  const packlink_inject_t inject{PACKLINK_INJECT_DRIFT, 100'001};
  rig::Bytes frame(PACKLINK_MAX_FRAME);
  frame.resize(packlink_encode_inject(frame.data(), frame.size(), 1, &inject));
  r.send(frame);
  EXPECT_EQ(r.refusals, std::vector<std::string>{"No clock drifts by over 10 %."});
}

TEST(Variables, HaveNamesOfTheirOwnAndAllFitTheTable) {
  std::set<std::string> names;
  for (const VariableKind& kind : variable_kinds()) {
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_TRUE(kind.bits == 1 || kind.bits % 8 == 0) << kind.name;
  }
  EXPECT_GT(names.size(), 15u);
  EXPECT_LT(names.size(), kMaxVariables - 1);
}

TEST(Variables, FlippedTwiceAreAsBefore) {
  rig::Rig once, twice;
  Variable rows[kMaxVariables];
  twice.firmware.variables(rows);
  for (const VariableKind& kind : variable_kinds()) {
    for (unsigned bit = 0; bit < kind.bits; ++bit) {
      ASSERT_EQ(flip_bit(rows, kind.name, bit), "");
      ASSERT_EQ(flip_bit(rows, kind.name, bit), "");
    }
    EXPECT_NE(flip_bit(rows, kind.name, kind.bits), "");
  }
  once.ready();
  twice.ready();
  EXPECT_EQ(once.received, twice.received);
}

}  // namespace
}  // namespace packbench::firmware
