#include "hil/link/line_budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace packbench::hil {
namespace {

using testing::HasSubstr;

TEST(LineBudget, AStepOf15CellsCostsWhatTheProtocolSays) {
  const StepBytes bytes = bytes_of_step(15, 4);
  const double fast_ms = 10e3 * static_cast<double>(bytes.to_device + bytes.from_device) / 921600;
  EXPECT_GT(fast_ms, 2.0);
  EXPECT_LT(fast_ms, 4.0);
}

TEST(LineBudget, AStepThatFitsIsAcceptedAndOneThatDoesNotIsExplained) {
  EXPECT_EQ(line_too_slow(921600, 15, 4, 10 * sim::kMillisecond), "");
  EXPECT_EQ(line_too_slow(115200, 15, 4, 100 * sim::kMillisecond), "");
  EXPECT_THAT(line_too_slow(115200, 15, 4, 10 * sim::kMillisecond),
              HasSubstr("a step of 10 ms cannot be carried at 115200 baud"));
}

TEST(LineBudget, TheLimitIsExactlyTheLineTime) {
  const StepBytes bytes = bytes_of_step(15, 4);
  const auto line_ns =
      static_cast<sim::TimeNs>(10 * (bytes.to_device + bytes.from_device) * 100'000);  // at 10 000 baud
  EXPECT_EQ(line_too_slow(10'000, 15, 4, line_ns), "");
  EXPECT_NE(line_too_slow(10'000, 15, 4, line_ns - 1000), "");
}

TEST(LineBudget, MoreCellsCostMore) { EXPECT_GT(bytes_of_step(24, 8).to_device, bytes_of_step(15, 4).to_device); }

TEST(LineBudget, ALineThatNothingPacesCarriesEverything) { EXPECT_EQ(line_too_slow(0, 24, 8, 1), ""); }

}  // namespace
}  // namespace packbench::hil
