#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "count_allocations.h"
#include "fake_device.h"

namespace packbench::hil {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<int> types(const FakeDevice::Log& log) {
  std::vector<int> types;
  for (const SeenFrame& frame : log.frames) types.push_back(frame.type);
  return types;
}

struct Exchange : testing::Test, Pair {
  Exchange() {
    EXPECT_FALSE(connect());
    log.frames.clear();
    log.writes.clear();
  }
};

TEST_F(Exchange, MeasurementsCommandsAndTickLeaveInOneWriteInThisOrder) {
  bench->command(PACKLINK_SET_SOC, 5000);
  bench->command(PACKLINK_ENABLE, 0);
  ASSERT_FALSE(step());
  EXPECT_EQ(log.writes.size(), 1u);
  EXPECT_THAT(types(log), ElementsAre(PACKLINK_MEASUREMENTS, PACKLINK_COMMAND, PACKLINK_COMMAND, PACKLINK_TICK));
}

TEST_F(Exchange, ACommandLeavesOnce) {
  bench->command(PACKLINK_ENABLE, 0);
  ASSERT_FALSE(step());
  ASSERT_FALSE(step());
  EXPECT_EQ(log.ticks(PACKLINK_COMMAND).size(), 1u);
}

TEST_F(Exchange, TheAnswerIsReported) {
  ASSERT_FALSE(step());
  EXPECT_TRUE(report.answered && report.has_status);
  EXPECT_TRUE(report.actuators.main);
  EXPECT_EQ(report.status.uptime_us, 100'000u);
  EXPECT_EQ(report.status.measurement_sequence, log.ticks(PACKLINK_MEASUREMENTS).back());
}

TEST_F(Exchange, FramesAreCounted) {
  bench->command(PACKLINK_ENABLE, 0);
  ASSERT_FALSE(step());
  ASSERT_FALSE(step());
  const LinkCounters counters = bench->counters();
  EXPECT_EQ(counters.frames_sent, 5u);      // 2 x (MEASUREMENTS, TICK) and the command
  EXPECT_EQ(counters.frames_received, 6u);  // 2 x (ACTUATORS, STATUS, TICK_DONE)
  EXPECT_EQ(counters.crc_errors + counters.lost + counters.repeated + counters.delayed, 0u);
}

TEST_F(Exchange, ALostTickDoneIsAskedForAgainWithTheSameSequence) {
  manner.deaf_ticks = 2;
  ASSERT_FALSE(step());
  const auto ticks = log.ticks();
  ASSERT_EQ(ticks.size(), 3u);
  EXPECT_TRUE(ticks[0] == ticks[1] && ticks[1] == ticks[2]);
  EXPECT_EQ(bench->counters().repeated, 2u);
  EXPECT_EQ(log.ticks(PACKLINK_MEASUREMENTS).size(), 1u) << "only the tick is repeated";
  ASSERT_FALSE(step());
  EXPECT_NE(log.ticks().back(), ticks[0]);
}

TEST_F(Exchange, ADeviceThatNeverAnswersIsStalledAfterBoundedTries) {
  manner.deaf_ticks = 1000;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::stalled);
  EXPECT_EQ(error->what,
            "the device stalled: it did not finish its step to 0.100 s within 0.2 s of wall time, although the tick "
            "was sent 4 times.");
  EXPECT_EQ(log.ticks().size(), 4u);
}

TEST_F(Exchange, OnALineThatLosesNothingNoTickIsRepeated) {
  manner.lossless = true;
  manner.deaf_ticks = 1;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->what, "the device stalled: it did not finish its step to 0.100 s within 0.2 s of wall time.");
  EXPECT_EQ(log.ticks().size(), 1u);
  EXPECT_EQ(bench->counters().repeated, 0u);
}

// Pair's watchdog is 0.2 s: four slices of silence, and up to 48 that are excused.
TEST_F(Exchange, AProcessThatTheComputerLetWaitIsNotStalled) {
  manner.lossless = true;
  manner.process = {.doing = ProcessActivity::Doing::able, .ran = std::chrono::seconds(1), .waited = {}, .timed = true};
  manner.silences = 40;
  EXPECT_FALSE(step());
}

TEST_F(Exchange, AProcessThatIsStarvedBeyondTheBoundIsTheComputersTrouble) {
  manner.lossless = true;
  manner.process = {.doing = ProcessActivity::Doing::able, .ran = std::chrono::seconds(1), .waited = {}, .timed = true};
  manner.silences = 1000;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::bench);
  EXPECT_EQ(error->what,
            "the computer was too busy to run the device: its process waited 2.45 s for a processor or the disk while "
            "one answer was due, at last it was waiting for a processor.");
}

TEST_F(Exchange, AProcessThatLoopsOnABusyComputerIsStalledAndSaidToRun) {
  manner.lossless = true;
  manner.process = {.doing = ProcessActivity::Doing::able, .ran = std::chrono::seconds(1), .waited = {}, .timed = true};
  manner.runs = manner.waits = std::chrono::milliseconds(25);
  manner.silences = 1000;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::stalled);
  EXPECT_EQ(error->what,
            "the device stalled: it did not finish its step to 0.100 s within 0.2 s of wall time, besides 0.15 s for "
            "which the computer let it wait; its process was running.");
}

TEST_F(Exchange, TheAnswerToAnEarlierTickIsNotThisOnes) {
  manner.stale_tick_done = 2;
  ASSERT_FALSE(step());
  EXPECT_EQ(bench->counters().frames_received, 3u);
}

TEST_F(Exchange, ADeviceThatFloodsIsNamedSo) {
  manner.flood_bytes = 1 << 20;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::flooded);
  EXPECT_THAT(error->what, HasSubstr("floods the line: more than 65536 bytes"));
}

TEST_F(Exchange, ADeadDeviceIsGoneWithItsReason) {
  manner.dead = true;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::gone);
  EXPECT_EQ(error->what, "the device is gone: the fake died.");
}

TEST_F(Exchange, ARefusedTickEndsTheConversationWithTheDevicesWords) {
  manner.nack_of = "TICK";
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::refused);
  EXPECT_EQ(error->what, "the device refused TICK: TICK goes back in time.");
}

TEST_F(Exchange, ARefusedCommandIsALineOfTheLog) {
  manner.nack_of = "COMMAND";
  bench->command(PACKLINK_CLEAR_LATCHED, 0);
  ASSERT_FALSE(step());
  EXPECT_THAT(report.texts, ElementsAre("the device refused COMMAND: Not now."));
}

TEST_F(Exchange, LogLinesAreCollected) {
  manner.text = "precharge done";
  ASSERT_FALSE(step());
  ASSERT_FALSE(step());
  EXPECT_THAT(report.texts, ElementsAre("precharge done", "precharge done"));
}

TEST_F(Exchange, NoiseOnTheLineIsCountedAndTheTickDoneBehindItIsRead) {
  manner.before_tick_done = {0x55, 0x11, 0xFF, 0x00, 0x07, 0x09};
  ASSERT_FALSE(step());
  EXPECT_EQ(bench->counters().crc_errors, 2u);
  EXPECT_EQ(bench->counters().repeated, 0u);
}

TEST_F(Exchange, ARestartOfTheDeviceByItselfIsALineOfTheLog) {
  packlink_ident_t again = manner.ident;
  again.boot_count = 2;
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  const std::size_t size = packlink_encode_ident(frame.data(), frame.size(), 0, &again);
  manner.before_tick_done.assign(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
  ASSERT_FALSE(step());
  ASSERT_FALSE(step());
  EXPECT_THAT(report.texts, ElementsAre("the device started again by itself (boot 2)"));
}

TEST_F(Exchange, AStepThatTheLineCannotCarryIsTheBenchesTroubleAndNothingIsSent) {
  manner.baud = 9600;
  const auto error = step();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->trouble, LinkTrouble::bench);
  EXPECT_THAT(error->what, HasSubstr("a step of 100 ms cannot be carried at 9600 baud"));
  EXPECT_TRUE(log.writes.empty());
}

TEST_F(Exchange, AMachineThatTheBenchHasNoHandOnLacksEveryFaultButThatOfAClockThatIsTold) {
  for (const sim::FaultKind& kind : sim::fault_catalogue()) {
    if (kind.target != sim::FaultTarget::machine || kind.kind == "clock_drift") continue;
    EXPECT_THAT(bench->lacks(machine_fault(kind.channel, kind.kind)), HasSubstr("no hand on the machine"));
  }
  EXPECT_EQ(bench->lacks(machine_fault("device", "clock_drift", 0.01)), "");
  EXPECT_EQ(bench->evidence(), Evidence::firmware);
  bench->machine_fault(machine_fault("device", "reset"), true);
  EXPECT_EQ(step()->trouble, LinkTrouble::bench);
}

// The real firmware inside: the fake device keeps logs and allocates for them.
TEST(ExchangeMemory, NothingIsAllocatedInAStep) {
  OpenedDevice opened = open_device("inproc:", {});
  ASSERT_TRUE(opened.device) << opened.error;
  ASSERT_FALSE(opened.device->connect(15, 4));
  DeviceReport report;
  const auto step = [&](sim::TimeNs now) {
    return opened.device->exchange(readings(now), now, now + 100 * sim::kMillisecond, report);
  };
  sim::TimeNs now = 0;
  for (int i = 0; i < 10; ++i, now += 100 * sim::kMillisecond) ASSERT_FALSE(step(now));
  const long before = allocations();
  bool failed = false;
  for (int i = 0; i < 100; ++i, now += 100 * sim::kMillisecond) failed = step(now).has_value() || failed;
  EXPECT_EQ(allocations() - before, 0);
  EXPECT_FALSE(failed);
}

}  // namespace
}  // namespace packbench::hil
