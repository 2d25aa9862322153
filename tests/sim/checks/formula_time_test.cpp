// Three-valued truth, edges and windows.
#include <gtest/gtest.h>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

constexpr double kYes = 1;
constexpr double kNo = -1;

// Truth of a binary formula for every pair of operands, rows: left no, yes, unknown; columns: right no, yes, unknown.
std::string table(const std::string& op) {
  std::string out;
  for (const double left : {kNo, kYes, kNaN}) {
    for (const double right : {kNo, kYes, kNaN}) {
      const std::vector<Sample> one{{0, frame_with({{Signal::truth_soc, left}, {Signal::device_soc, right}})}};
      out += truths("truth.soc > 0 " + op + " device.soc > 0", one);
    }
    out += ' ';
  }
  return out;
}

TEST(ThreeValuedTruth, AndFollowsKleene) { EXPECT_EQ(table("and"), "nnn ny? n?? "); }
TEST(ThreeValuedTruth, OrFollowsKleene) { EXPECT_EQ(table("or"), "ny? yyy ?y? "); }
TEST(ThreeValuedTruth, NotKeepsTheUnknown) {
  EXPECT_EQ(truths("not truth.soc > 0", trace_of(Signal::truth_soc, {kNo, kYes, kNaN})), "yn?");
}

TEST(ThreeValuedTruth, OneMissingElementMakesAReductionUnknown) {
  Frame frame(small_layout());
  frame.array(Signal::truth_cell_voltage)[0] = 4;
  frame.array(Signal::truth_cell_voltage)[2] = 5;
  const std::vector<Sample> trace{{0, {frame.values().begin(), frame.values().end()}}};
  for (const std::string f : {"max", "min", "sum", "mean"})
    EXPECT_EQ(truths(f + "(truth.cell_voltage) > 0 V", trace), "?") << f;
}

TEST(Edges, AreTrueAtOneSampleAndUnknownAtTheFirst) {
  const auto trace = trace_of(Signal::truth_main_contactor, {0, 1, 1, 0, 0});
  EXPECT_EQ(truths("closes(truth.main_contactor)", trace), "?ynnn");
  EXPECT_EQ(truths("opens(truth.main_contactor)", trace), "?nnyn");
  EXPECT_EQ(truths("changes(truth.main_contactor)", trace), "?ynyn");
}

TEST(Edges, CompareWithTheLastKnownValue) {
  const auto trace = trace_of(Signal::truth_main_contactor, {kNaN, 0, kNaN, 1, kNaN, 1});
  EXPECT_EQ(truths("closes(truth.main_contactor)", trace), "???y?n");
}

TEST(For, IsTrueAtTheFirstSampleThatEndsAFullWindow) {
  const auto trace = trace_of(Signal::truth_soc, {0, 1, 1, 1, 1, 0, 1});
  EXPECT_EQ(truths("truth.soc > 0.5 for 300 ms", trace), "nnnnynn");
}

TEST(For, IsUnknownUntilAWindowHasBeenSeen) {
  EXPECT_EQ(truths("truth.soc > 0.5 for 200 ms", trace_of(Signal::truth_soc, {1, 1, 1, 1})), "??yy");
}

TEST(For, CountsAWindowBetweenSamplesFromTheSampleBeforeIt) {
  const auto trace = trace_of(Signal::truth_soc, {0, 1, 1, 1, 1, 1});
  EXPECT_EQ(truths("truth.soc > 0.5 for 250 ms", trace), "nnnnyy");
}

TEST(For, AnUnknownSampleHidesTheWindowAsLongAsItLasts) {
  const auto trace = trace_of(Signal::truth_soc, {1, 1, 1, kNaN, 1, 1, 1, 0});
  EXPECT_EQ(truths("truth.soc > 0.5 for 200 ms", trace), "??y???yn");
}

TEST(For, HoldsOverIrregularSamples) {
  std::vector<Sample> trace;
  for (const TimeNs ms : {0, 10, 250, 260, 520})
    trace.push_back({ms * kMillisecond, frame_with({{Signal::truth_soc, 1}})});
  EXPECT_EQ(truths("truth.soc > 0.5 for 255 ms", trace), "???yy");
}

TEST(Delta, ComparesWithTheSampleOfAWindowAgo) {
  const auto trace = trace_of(Signal::truth_soc, {1, 2, 4, 7, 11});
  EXPECT_EQ(
      truths("delta(truth.soc, 200 ms) == 3 or delta(truth.soc, 200 ms) == 5 or delta(truth.soc, 200 ms) == 7", trace),
      "??yyy");
  EXPECT_EQ(truths("delta(truth.soc) == 1 or delta(truth.soc) >= 2", trace), "?yyyy");
}

TEST(Rate, IsPerSecond) {
  const auto trace = trace_of(Signal::truth_pack_voltage, {1, 2, 3, 4});
  EXPECT_EQ(truths("abs(rate(truth.pack_voltage, 200 ms) - 10 V/s) < 0.000001 V/s", trace), "??yy");
  EXPECT_EQ(truths("abs(rate(truth.pack_voltage) - 10 V/s) < 0.000001 V/s", trace), "?yyy");
}

TEST(Rate, UsesTheTimeThatReallyPassed) {
  std::vector<Sample> trace;
  for (const TimeNs ms : {0, 300, 500})
    trace.push_back({ms * kMillisecond, frame_with({{Signal::truth_pack_voltage, static_cast<double>(ms)}})});
  EXPECT_EQ(truths("abs(rate(truth.pack_voltage, 250 ms) - 1000 V/s) < 0.001 V/s", trace), "?yy");
}

TEST(Delta, OfAnArrayIsElementwise) {
  std::vector<Sample> trace;
  for (int k = 0; k < 3; ++k) {
    Frame frame(small_layout());
    for (std::size_t i = 0; i < 3; ++i)
      frame.array(Signal::truth_cell_voltage)[i] = static_cast<double>(k) * static_cast<double>(i);
    trace.push_back({k * kStep, {frame.values().begin(), frame.values().end()}});
  }
  EXPECT_EQ(truths("max(delta(truth.cell_voltage)) == 2 V and min(delta(truth.cell_voltage)) == 0 V", trace), "?yy");
}

TEST(Windows, SurviveSamplesFasterThanAnnounced) {
  FormulaState state(parsed("truth.soc > 0.5 for 1 s"), small_layout(), kSecond);
  const auto yes = frame_with({{Signal::truth_soc, 1}});
  for (int k = 0; k < 1000; ++k) EXPECT_EQ(state.step(k * kMillisecond, yes), Truth::unknown);
  EXPECT_EQ(state.step(kSecond, yes), Truth::yes);
}

}  // namespace
}  // namespace packbench::sim::test
