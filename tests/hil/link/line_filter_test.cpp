#include "hil/link/line_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "fake_device.h"

namespace packbench::hil {
namespace {

using Bytes = std::vector<std::uint8_t>;
using testing::ElementsAre;

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

// Passes `frames` through the filter one by one, a step apart; what came out in each step.
std::vector<std::vector<Bytes>> pass(LineFilter& filter, const std::vector<Bytes>& frames, LinkCounters& counters) {
  std::vector<std::vector<Bytes>> steps;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    FrameBatch in, out;
    if (!frames[i].empty()) in.add(frames[i]);
    filter.pass(in, out, static_cast<sim::TimeNs>(i) * kStep, counters);
    auto& step = steps.emplace_back();
    for (std::size_t k = 0; k < out.size(); ++k) step.emplace_back(out[k].begin(), out[k].end());
  }
  return steps;
}

std::vector<std::vector<Bytes>> pass(const sim::FaultSpec& fault, const std::vector<Bytes>& frames,
                                     std::uint64_t seed = 1, LinkCounters* counters = nullptr) {
  LineFilter filter(fault, seed, 0);
  filter.set_active(true);
  LinkCounters own;
  return pass(filter, frames, counters ? *counters : own);
}

std::vector<Bytes> numbered(int count, std::size_t size = 80) {
  std::vector<Bytes> frames;
  for (int i = 1; i <= count; ++i) frames.emplace_back(size, static_cast<std::uint8_t>(i));
  return frames;
}

std::vector<int> survivors(const std::vector<std::vector<Bytes>>& steps) {
  std::vector<int> numbers;
  for (const auto& step : steps) {
    for (const Bytes& frame : step) numbers.push_back(frame.empty() ? 0 : frame[0]);
  }
  return numbers;
}

int flipped_bits(const Bytes& a, const Bytes& b) {
  int count = 0;
  for (std::size_t i = 0; i < a.size(); ++i) count += std::popcount(static_cast<unsigned>(a[i] ^ b[i]));
  return count;
}

TEST(LineFilter, APatternKeepsAndDropsInTurnAndStartsWithKeeping) {
  LinkCounters counters;
  const auto steps = pass(line_fault("to_device", "drop", 0, {3, 2}), numbered(12), 1, &counters);
  EXPECT_THAT(survivors(steps), ElementsAre(1, 2, 3, 6, 7, 8, 11, 12));
  EXPECT_EQ(counters.lost, 4u);
  EXPECT_THAT(survivors(pass(line_fault("to_device", "drop", 0, {0, 1, 1, 2}), numbered(6))), ElementsAre(2, 6));
}

TEST(LineFilter, AFaultThatStartsAgainStartsItsPatternAgain) {
  LineFilter filter(line_fault("to_device", "drop", 0, {1, 3}), 1, 0);
  LinkCounters counters;
  filter.set_active(true);
  EXPECT_THAT(survivors(pass(filter, numbered(2), counters)), ElementsAre(1));
  filter.set_active(false);
  EXPECT_THAT(survivors(pass(filter, numbered(3), counters)), ElementsAre(1, 2, 3));
  filter.set_active(true);
  EXPECT_THAT(survivors(pass(filter, numbered(2), counters)), ElementsAre(1));
}

// 4000 draws of p = 0.25: sigma = sqrt(n p q) = 27.4, and 5 sigma either side.
TEST(LineFilter, AProbabilityIsMetWithinFiveSigma) {
  LinkCounters counters;
  pass(line_fault("to_device", "drop", 0, {}, 0.25), std::vector<Bytes>(4000, Bytes(10, 1)), 7, &counters);
  EXPECT_NEAR(static_cast<double>(counters.lost), 1000, 5 * 27.4);
}

TEST(LineFilter, SilenceLosesEveryFrame) {
  LinkCounters counters;
  EXPECT_TRUE(survivors(pass(line_fault("to_device", "silence"), numbered(20), 1, &counters)).empty());
  EXPECT_EQ(counters.lost, 20u);
}

TEST(LineFilter, CorruptWithoutARateFlipsOneBitOfEachFrame) {
  const auto frames = numbered(50);
  const auto steps = pass(line_fault("to_device", "corrupt", 0), frames);
  for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(flipped_bits(steps[i][0], frames[i]), 1);
}

// 500 frames of 80 bytes at 1 %: 320 000 bits, 3200 flips expected, sigma = sqrt(n p q) = 56.3.
TEST(LineFilter, CorruptFlipsBitsAtItsRate) {
  const std::vector<Bytes> frames(500, Bytes(80, 0x5A));
  const auto steps = pass(line_fault("to_device", "corrupt", 0.01), frames);
  int flips = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) flips += flipped_bits(steps[i][0], frames[i]);
  EXPECT_NEAR(flips, 3200, 5 * 56.3);
}

TEST(LineFilter, ADelayedFrameLeavesInTheFirstStepAtOrAfterItsTime) {
  LinkCounters counters;
  auto frames = numbered(6);
  const auto steps = pass(line_fault("to_device", "delay", 0.25, {1, 1}), frames, 1, &counters);
  EXPECT_THAT(steps[1], ElementsAre());                      // frame 2, sent at 0.1 s, is due at 0.35 s
  EXPECT_THAT(steps[4], ElementsAre(frames[1], frames[4]));  // 0.4 s: the held frame first
  EXPECT_EQ(counters.delayed, 3u);
}

TEST(LineFilter, ADelayedFrameLeavesEvenAfterTheFaultHasEnded) {
  LineFilter filter(line_fault("to_device", "delay", 0.1), 1, 0);
  LinkCounters counters;
  filter.set_active(true);
  EXPECT_TRUE(survivors(pass(filter, numbered(1), counters)).empty());
  filter.set_active(false);
  EXPECT_TRUE(filter.busy());
  EXPECT_THAT(survivors(pass(filter, {Bytes{}, Bytes{9}}, counters)), ElementsAre(1, 9));
  EXPECT_FALSE(filter.busy());
}

TEST(LineFilter, DuplicateSendsTwice) {
  EXPECT_THAT(survivors(pass(line_fault("to_device", "duplicate", 0, {1, 1}), numbered(3))), ElementsAre(1, 2, 2, 3));
}

TEST(LineFilter, TruncateLosesTheEndAndTheDelimiterWithIt) {
  const auto frames = numbered(200);
  const auto steps = pass(line_fault("to_device", "truncate"), frames);
  std::size_t shortest = 80, longest = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Bytes& cut = steps[i][0];
    ASSERT_LT(cut.size(), frames[i].size());
    EXPECT_TRUE(std::equal(cut.begin(), cut.end(), frames[i].begin()));
    shortest = std::min(shortest, cut.size());
    longest = std::max(longest, cut.size());
  }
  EXPECT_LT(shortest, 10u);
  EXPECT_GT(longest, 70u);
}

TEST(LineFilter, GarbageGoesBetweenTheFramesAndHoldsADelimiter) {
  const auto frames = numbered(20);
  const auto steps = pass(line_fault("to_device", "garbage"), frames);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    ASSERT_EQ(steps[i].size(), 2u);
    EXPECT_THAT(steps[i][0], testing::Contains(0));
    EXPECT_EQ(steps[i][1], frames[i]);
  }
}

TEST(LineFilter, AnInactiveFilterChangesNothing) {
  LineFilter filter(line_fault("to_device", "silence"), 1, 0);
  LinkCounters counters;
  EXPECT_THAT(survivors(pass(filter, numbered(3), counters)), ElementsAre(1, 2, 3));
}

TEST(LineFilter, SameSeedSameBitsOtherSeedOtherBits) {
  for (const auto& fault : {line_fault("to_device", "drop", 0, {}, 0.5), line_fault("to_device", "corrupt", 0.01),
                            line_fault("to_device", "duplicate", 0, {}, 0.5), line_fault("to_device", "truncate"),
                            line_fault("to_device", "garbage"), line_fault("to_device", "delay", 0.2, {}, 0.5)}) {
    const auto frames = numbered(100);
    EXPECT_EQ(pass(fault, frames, 42), pass(fault, frames, 42)) << fault.kind;
    EXPECT_NE(pass(fault, frames, 42), pass(fault, frames, 43)) << fault.kind;
  }
}

TEST(LineFilter, BothDirectionsHaveStreamsOfTheirOwn) {
  EXPECT_NE(pass(line_fault("to_device", "truncate"), numbered(100)),
            pass(line_fault("from_device", "truncate"), numbered(100)));
}

TEST(LineFilter, AKindThatIsNoLineFaultIsABugOfTheCaller) {
  EXPECT_THROW(LineFilter(line_fault("to_device", "weld"), 1, 0), std::invalid_argument);
}

TEST(LineFilter, EveryLineFaultOfTheCatalogueHasAFilter) {
  int count = 0;
  for (const sim::FaultKind& kind : sim::fault_catalogue()) {
    if (kind.target != sim::FaultTarget::line) continue;
    EXPECT_NO_THROW(LineFilter(line_fault(std::string(kind.channel), std::string(kind.kind)), 1, 0)) << kind.kind;
    ++count;
  }
  EXPECT_EQ(count, 14);
}

}  // namespace
}  // namespace packbench::hil
