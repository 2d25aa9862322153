// when ... then ... within: triggers, bounds, several occurrences, ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

using testing::HasSubstr;

// Text to trace, one character per step: '.' nothing, 'w' the trigger holds, 't' the reaction holds, 'b' both,
// '?' no value of the reaction, '!' neither has one.
std::vector<Sample> story(const std::string& text) {
  std::vector<Sample> trace;
  for (const char c : text) {
    const double when = c == '!' ? kNaN : (c == 'w' || c == 'b') ? 1 : 0;
    const double then = c == '!' || c == '?' ? kNaN : (c == 't' || c == 'b') ? 0 : 10;
    const auto frame = frame_with({{Signal::truth_soc, when}, {Signal::truth_pack_current, then}});
    trace.push_back({static_cast<TimeNs>(trace.size()) * kStep, frame});
  }
  return trace;
}

CheckSpec reaction(TimeNs earliest_ms, TimeNs latest_ms) {
  CheckSpec out = spec(CheckKind::when_then, "truth.soc > 0.5");
  out.then = parsed("truth.pack_current <= 0.25 A");
  out.earliest = earliest_ms * kMillisecond;
  out.latest = latest_ms * kMillisecond;
  return out;
}

TEST(WhenThen, PassesWithTheTimeLeft) {
  const CheckResult result = judged(reaction(0, 500), story("..wwwt.."));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 200.0);
  EXPECT_EQ(result.unit, "ms");
  EXPECT_EQ(result.measured, 300.0);
  EXPECT_EQ(result.limit, 500.0);
  EXPECT_EQ(result.worst_at_s, 0.5);
  EXPECT_EQ(result.detail,
            "1 trigger: 1 in time; worst: triggered at 0.2 s, reaction after 0.3 s (latest 0.5 s, resolution 0.1 s); "
            "then 0 A "
            "against 0.25 A in `truth.pack_current <= 0.25 A`");
  ASSERT_EQ(result.windows.size(), 1U);
  EXPECT_EQ(result.windows[0].from_s, 0.2);
  EXPECT_DOUBLE_EQ(result.windows[0].to_s, 0.7);
  EXPECT_EQ(result.formula, "when truth.soc > 0.5 then truth.pack_current <= 0.25 A within 0.5 s");
}

TEST(WhenThen, AReactionExactlyAtTheDeadlinePassesWithMarginZero) {
  const CheckResult result = judged(reaction(0, 300), story(".w..t."));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 0.0);
  EXPECT_TRUE(result.marginal);
}

TEST(WhenThen, AReactionOneStepBehindTheDeadlineFailsByThatStep) {
  const CheckResult result = judged(reaction(0, 300), story(".w...t"));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.margin, -100.0);
  EXPECT_EQ(result.measured, 400.0);
}

TEST(WhenThen, AReactionThatHeldBeforeItsTriggerPassesAndSaysSo) {
  const CheckResult before = judged(reaction(0, 500), story(".tttb..."));
  EXPECT_EQ(before.verdict, Verdict::pass);
  EXPECT_THAT(before.detail, HasSubstr("1 trigger: 1 in time, at 1 the reaction held already before; worst"));
  EXPECT_THAT(before.detail, HasSubstr("`truth.pack_current <= 0.25 A` held already before it (latest 0.5 s"));
  EXPECT_THAT(judged(reaction(0, 500), story("....b...")).detail, HasSubstr("reaction after 0 s (latest"));
}

TEST(WhenThen, ATriggerOrAnObligationThatNobodySawLeavesAPassOpen) {
  EXPECT_EQ(judged(reaction(0, 300), story(".wt..!...")).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(reaction(0, 200), story(".wt..w???.")).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(reaction(0, 200), story(".w.....!..")).verdict, Verdict::fail);
}

TEST(WhenThen, ABoundBetweenSamplesIsJudgedExactly) {
  EXPECT_EQ(judged(reaction(0, 250), story(".w.t")).margin, 50.0);
  EXPECT_EQ(judged(reaction(0, 250), story(".w..t")).margin, -50.0);
}

TEST(WhenThen, AReactionExactlyAtTheEarliestPassesAndOneStepBeforeFails) {
  const CheckResult on_it = judged(reaction(200, 600), story(".w.t...."));
  EXPECT_EQ(on_it.verdict, Verdict::pass);
  EXPECT_EQ(on_it.margin, 0.0);
  EXPECT_EQ(on_it.limit, 200.0);
  const CheckResult early = judged(reaction(200, 600), story(".wt....."));
  EXPECT_EQ(early.verdict, Verdict::fail);
  EXPECT_EQ(early.margin, -100.0);
  EXPECT_THAT(early.detail, HasSubstr("reaction after 0.1 s, too early (earliest 0.2 s"));
}

TEST(WhenThen, TheNearerBoundDecides) {
  EXPECT_EQ(judged(reaction(100, 600), story(".w..t...")).limit, 100.0);
  EXPECT_EQ(judged(reaction(100, 600), story(".w....t.")).limit, 600.0);
}

TEST(WhenThen, AReactionAtTheTriggerTakesNoTime) {
  EXPECT_EQ(judged(reaction(0, 300), story(".b")).margin, 300.0);
  EXPECT_EQ(judged(reaction(100, 300), story("tb")).verdict, Verdict::fail);
}

TEST(WhenThen, EveryRisingEdgeIsJudgedAndTheWorstReported) {
  const CheckResult result = judged(reaction(0, 400), story(".wt..w.t..wwwt"));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 100.0);
  EXPECT_EQ(result.windows.size(), 3U);
  EXPECT_THAT(result.detail, HasSubstr("3 triggers: 3 in time; worst: triggered at 1 s"));
}

TEST(WhenThen, OneFailedOccurrenceFailsTheCheck) {
  const CheckResult result = judged(reaction(0, 200), story(".wt..w...t.wt"));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.margin, -200.0);
  EXPECT_THAT(result.detail, HasSubstr("3 triggers: 2 in time, 1 failed"));
}

TEST(WhenThen, ATriggerWhileOneIsOpenOpensAnother) {
  const CheckResult result = judged(reaction(200, 500), story(".w.w.t"));
  EXPECT_EQ(result.windows.size(), 2U);
  EXPECT_EQ(result.margin, 0.0);  // the second one is 200 ms old, the first 100 ms before its deadline
  EXPECT_EQ(judged(reaction(200, 500), story(".w..wt")).verdict, Verdict::fail);  // the second got it too early
}

TEST(WhenThen, ATriggerThatNeverFallsIsOneTrigger) {
  EXPECT_EQ(judged(reaction(0, 200), story("wwbbbwww")).windows.size(), 1U);
}

TEST(WhenThen, AGapInTheTriggersValuesIsNoNewTrigger) {
  EXPECT_EQ(judged(reaction(0, 200), story("wb!bw")).windows.size(), 1U);
}

TEST(WhenThen, TrueAtTheFirstJudgedSampleCountsAsATrigger) {
  const CheckResult result = judged(reaction(0, 300), story("wwwwwt"), 3 * kStep);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.measured, 200.0);
}

TEST(WhenThen, WithoutAReactionTheLatenessIsAtLeastOneStepBeyondTheEnd) {
  const CheckResult result = judged(reaction(0, 300), story(".w....."));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.margin, -300.0);  // deadline 0.4 s, not there at 0.6 s, at the earliest at 0.7 s
  EXPECT_FALSE(result.measured);
  EXPECT_EQ(result.worst_at_s, 0.4);
  EXPECT_THAT(result.detail, HasSubstr("no reaction by the end of the run"));
}

TEST(WhenThen, TheRunMayEndExactlyAtTheDeadline) {
  EXPECT_EQ(judged(reaction(0, 300), story(".w...")).verdict, Verdict::fail);
  EXPECT_EQ(judged(reaction(0, 300), story(".w..")).verdict, Verdict::inconclusive);
}

TEST(WhenThen, AnObligationOpenAtTheEndIsNotJudged) {
  const CheckResult only = judged(reaction(0, 300), story(".w.."));
  EXPECT_EQ(only.detail,
            "the run ended before the time for the reaction was up (1 trigger: 0 in time, 1 still open at the end)");
  const CheckResult second = judged(reaction(0, 300), story(".wt.w."));
  EXPECT_EQ(second.verdict, Verdict::pass);
  EXPECT_THAT(second.detail, HasSubstr("1 still open at the end"));
}

TEST(WhenThen, WithoutATriggerIsInconclusive) {
  const CheckResult result = judged(reaction(0, 300), story("..t.."));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.detail, "the trigger `truth.soc > 0.5` never came");
  EXPECT_FALSE(result.margin || result.measured || result.limit || result.worst_at_s);
}

TEST(WhenThen, WithoutAValueOfTheTriggerIsInconclusive) {
  EXPECT_EQ(judged(reaction(0, 300), story("!!!")).detail,
            "the trigger `truth.soc > 0.5` had no value at any judged sample");
}

TEST(WhenThen, WithoutAValueOfTheReactionAtItsDeadlineIsInconclusive) {
  const CheckResult result = judged(reaction(0, 200), story(".w.???."));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.detail, "the reaction `truth.pack_current <= 0.25 A` had no value when its time was up");
  EXPECT_EQ(judged(reaction(0, 200), story(".w?...")).verdict, Verdict::fail);
}

TEST(WhenThen, TriggersCountFromAfterToUntilAndReactionsAlsoBehindIt) {
  CheckSpec limited = reaction(0, 300);
  limited.after = 2 * kStep;
  limited.until_time = 5 * kStep;
  const CheckResult result = judged(limited, story("w....w.tw....."));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.windows.size(), 1U);
  EXPECT_EQ(result.measured, 200.0);
}

TEST(WhenThen, KeepsAtMostFiftyWindows) {
  std::string text;
  for (int i = 0; i < 80; ++i) text += "wt";
  EXPECT_EQ(judged(reaction(0, 300), story(text)).windows.size(), 50U);
}

TEST(WhenThen, FailsAsSoonAsADeadlineHasPassed) {
  CheckSet checks({reaction(0, 200)}, small_layout(), kStep);
  checks.start_phases(0);
  std::string verdicts;
  for (const Sample& sample : story(".wt.w....")) {
    checks.step(sample.at, sample.frame);
    verdicts += verdict_name(checks.so_far()).front();
  }
  EXPECT_EQ(verdicts,
            "iippppp"
            "ff");
}

TEST(WhenThen, AWindowThatEndsBeforeItBeginsIsRefused) {
  EXPECT_THROW(CheckSet({reaction(300, 200)}, small_layout(), kStep), std::invalid_argument);
  EXPECT_THROW(CheckSet({reaction(-100, 200)}, small_layout(), kStep), std::invalid_argument);
}

}  // namespace
}  // namespace packbench::sim::test
