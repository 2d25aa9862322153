#include "sim/language/window.h"

#include <gtest/gtest.h>

#include "sim/language/scenario_reader.h"

namespace packbench::sim {
namespace {

CheckSpec with(const std::string& within, const std::string& step = "100 ms") {
  const std::string text = "scenario: w\nstep: " + step +
                           "\nphases:\n  - rest: 1 s\nexpect:\n  - name: a\n    when: device.soc > 1 %\n    then: "
                           "device.soc > 2 %\n    within: " +
                           within + "\n";
  auto read = read_scenario_text(text, "w.yaml", {}, SCENARIOS_DIR);
  if (auto* problems = std::get_if<Problems>(&read)) throw std::runtime_error(problems->front().text());
  return std::get<Scenario>(read).expect[0];
}

void expect(const CheckSpec& spec, int earliest_ms, int latest_ms) {
  EXPECT_EQ(spec.earliest, earliest_ms * kMillisecond);
  EXPECT_EQ(spec.latest, latest_ms * kMillisecond);
}

TEST(Window, IsATimeOrAPairOfTimes) {
  expect(with("0.5 s"), 0, 500);
  expect(with("[1.9 s, 2.5 s]"), 1900, 2500);
}

// cell_ov: delay 2 s, not latched: 2 - 0.1 .. 2 + 2*0.1 + 0.01 + 0.05 + 0.2
TEST(Window, OfATripFollowsFromDelayStepAndBudget) {
  expect(with("trip(cell_ov)"), 1900, 2460);
  expect(with("trip(cell_ov)", "10 ms"), 1990, 2280);
  expect(with("trip(cell_ov, from protection delay)"), 0, 460);
  EXPECT_EQ(
      with("trip(cell_ov)").window_source,
      "trip(cell_ov): not before delay 2 s - step 0.1 s = 1.9 s, not after delay 2 s + two steps 0.2 s + task 0.01 s + "
      "contactor 0.05 s + zero-current wait 0.2 s = 2.46 s");
}

TEST(Window, OfALatchedTripHasNoZeroCurrentWait) {
  expect(with("trip(cell_ov_hard)"), 100, 460);
  expect(with("trip(short)"), 0, 260);
}

TEST(Window, OfCommunicationLossAndRelease) {
  expect(with("trip(comm_loss)"), 400, 760);
  expect(with("release(cell_ov)"), 1900, 2260);
}

// Five periods when measurements come slower than every 100 ms: 2.5 - 0.5 .. 2.5 + 2*0.5 + 0.01 + 0.05 + 0.2
TEST(Window, OfCommunicationLossGrowsWithAStepAbove100Milliseconds) {
  expect(with("trip(comm_loss)", "500 ms"), 2000, 3560);
  expect(with("trip(comm_loss)", "50 ms"), 450, 660);
}

}  // namespace
}  // namespace packbench::sim
