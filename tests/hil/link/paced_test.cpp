// A device without lockstep: the wall clock paces the exchange.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_device.h"

namespace packbench::hil {
namespace {

struct Paced : testing::Test, Pair {
  Paced() {
    manner.ident.capabilities = 0;
    EXPECT_FALSE(connect());
    log.frames.clear();
  }
  std::optional<DeviceError> step_of(sim::TimeNs length) {
    const sim::TimeNs next = now + length;
    auto error = bench->exchange(readings(now), now, next, report);
    now = next;
    return error;
  }
};

TEST_F(Paced, NoTickIsSent) {
  ASSERT_FALSE(step_of(5 * sim::kMillisecond));
  EXPECT_FALSE(bench->lockstep());
  EXPECT_TRUE(log.ticks().empty());
  EXPECT_EQ(log.ticks(PACKLINK_MEASUREMENTS).size(), 1u);
}

TEST_F(Paced, AStepThatEndsLateIsTheBenchesTrouble) {
  ASSERT_FALSE(step_of(sim::kMillisecond));
  now = -10 * sim::kSecond;  // its time by the wall clock was ten seconds ago
  const auto error = step_of(sim::kMillisecond);
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::bench);
  EXPECT_THAT(error->what,
              testing::HasSubstr("the bench missed its deadline in real time: the step to -9.999 s ended"));
}

TEST_F(Paced, TheBenchSaysSoInItsHello) {
  Pair pair;
  pair.manner.ident.capabilities = 0;
  ASSERT_FALSE(pair.connect());
  ASSERT_EQ(pair.log.frames.size(), 2u);
  EXPECT_EQ(pair.log.frames[0].payload[2], PACKLINK_LOCKSTEP);
  EXPECT_EQ(pair.log.frames[1].payload[2], PACKLINK_FREE_RUNNING);
}

}  // namespace
}  // namespace packbench::hil
