// Line faults as an exchange sees them: they touch what the application says and never the machinery of the bench.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "fake_device.h"

namespace packbench::hil {
namespace {

const char* const kKinds[]{"drop", "corrupt", "delay", "duplicate", "truncate", "garbage", "silence"};

struct LineFaultsOnALine : testing::Test, Pair {
  LineFaultsOnALine() { EXPECT_FALSE(connect()); }
  void steps(int count) {
    for (int i = 0; i < count; ++i) ASSERT_FALSE(step());
  }
};

TEST_F(LineFaultsOnALine, SilenceToTheDeviceLosesMeasurementsAndCommandsButNoTick) {
  bench->line_fault(line_fault("to_device", "silence"), true);
  bench->command(PACKLINK_ENABLE, 0);
  steps(5);
  EXPECT_TRUE(log.ticks(PACKLINK_MEASUREMENTS).empty());
  EXPECT_TRUE(log.ticks(PACKLINK_COMMAND).empty());
  EXPECT_EQ(log.ticks().size(), 5u);
  EXPECT_EQ(bench->counters().lost, 6u);
}

TEST_F(LineFaultsOnALine, SilenceFromTheDeviceLosesStatusButNeitherActuatorsNorTickDone) {
  steps(1);
  bench->line_fault(line_fault("from_device", "silence"), true);
  report = {};
  steps(5);
  EXPECT_FALSE(report.has_status || report.answered);
  EXPECT_TRUE(report.actuators.main);
  EXPECT_EQ(bench->counters().repeated, 0u);
  EXPECT_EQ(bench->counters().lost, 5u);
}

TEST_F(LineFaultsOnALine, AStatusThatLosesItsEndSwallowsNothingBehindIt) {
  bench->line_fault(line_fault("from_device", "truncate"), true);
  int whole = 0;  // it lost its delimiter only, and the next frame's own one completes it: one in about 110
  for (int i = 0; i < 200; ++i) {
    report = {};
    steps(1);
    EXPECT_TRUE(report.actuators.main);
    whole += report.answered;
  }
  EXPECT_LT(whole, 10);
  EXPECT_EQ(bench->counters().repeated, 0u);
  EXPECT_GT(bench->counters().crc_errors, 150u) << "all but those that were cut before their first byte";
}

// A held frame comes before the next answer, whose first frame has no delimiter of its own on the line.
TEST_F(LineFaultsOnALine, AHeldStatusThatLosesItsEndSwallowsNoActuators) {
  bench->line_fault(line_fault("from_device", "delay", 0.1), true);
  bench->line_fault(line_fault("from_device", "truncate"), true);
  for (int i = 0; i < 50; ++i) {
    report.actuators.main = false;
    steps(1);
    ASSERT_TRUE(report.actuators.main) << "step " << i;
  }
}

TEST_F(LineFaultsOnALine, ADelayedStatusIsReportedSoMuchLater) {
  bench->line_fault(line_fault("from_device", "delay", 0.3), true);
  steps(10);
  // The newest of steps 0.0 .. 0.9 s that is due at 0.9 s was sent in the step from 0.6 s and speaks of 0.7 s.
  EXPECT_EQ(report.status.uptime_us, 700'000u);
  EXPECT_EQ(bench->counters().delayed, 10u);
}

TEST_F(LineFaultsOnALine, AFaultOfOneDirectionLeavesTheOtherAlone) {
  bench->line_fault(line_fault("from_device", "silence"), true);
  steps(3);
  EXPECT_EQ(log.ticks(PACKLINK_MEASUREMENTS).size(), 3u);
}

TEST_F(LineFaultsOnALine, AnEndedFaultActsNoMore) {
  bench->line_fault(line_fault("to_device", "silence"), true);
  steps(2);
  bench->line_fault(line_fault("to_device", "silence"), false);
  steps(2);
  EXPECT_EQ(log.ticks(PACKLINK_MEASUREMENTS).size(), 2u);
}

TEST_F(LineFaultsOnALine, SeveralFaultsStack) {
  bench->line_fault(line_fault("to_device", "duplicate"), true);
  bench->line_fault(line_fault("to_device", "drop", 0, {1, 1}), true);
  steps(6);
  EXPECT_EQ(log.ticks(PACKLINK_MEASUREMENTS).size(), 6u) << "twelve, every second one lost";
}

TEST_F(LineFaultsOnALine, DamagedFramesToTheDeviceAreSeenByItAsDamaged) {
  bench->line_fault(line_fault("to_device", "corrupt", 0), true);
  steps(50);
  EXPECT_EQ(log.ticks().size(), 50u);
  EXPECT_TRUE(log.ticks(PACKLINK_MEASUREMENTS).empty()) << "CRC-32 finds every single flipped bit";
  EXPECT_GE(log.crc_errors, 50u);
}

// Whatever faults there are: every step ends, no tick is repeated, each reaches the device once, and ACTUATORS comes.
RC_GTEST_PROP(LineFaultsLaw, NoFaultCanHangTheBench, ()) {
  Pair pair(*rc::gen::arbitrary<std::uint64_t>());
  RC_ASSERT(!pair.connect());
  const int count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    const std::string kind = *rc::gen::elementOf(std::vector<std::string>(std::begin(kKinds), std::end(kKinds)));
    const std::string channel = *rc::gen::element<std::string>("to_device", "from_device");
    const double value = kind == "delay" ? *rc::gen::inRange(0, 8) * 0.1 : *rc::gen::inRange(0, 20) * 0.005;
    pair.bench->line_fault(line_fault(channel, kind, value, {}, *rc::gen::inRange(0, 11) * 0.1), true);
  }
  for (int i = 0; i < 50; ++i) {
    pair.report.actuators.main = false;
    if (i % 7 == 0) pair.bench->command(PACKLINK_ENABLE, 0);
    const auto error = pair.step();
    RC_ASSERT(!error);
    RC_ASSERT(pair.report.actuators.main);
  }
  RC_ASSERT(pair.bench->counters().repeated == 0u);
  RC_ASSERT(pair.log.ticks().size() == 50u);
}

}  // namespace
}  // namespace packbench::hil
