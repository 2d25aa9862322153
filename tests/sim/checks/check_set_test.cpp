// Eventually, the span of time in which checks are judged, and the verdict over all.
#include <gtest/gtest.h>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

TEST(Eventually, PassesWithTheBestMarginAndFailsWithTheNearest) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 3, 5, 1});
  const CheckResult pass = judged(spec(CheckKind::eventually, "truth.pack_current >= 2 A"), trace);
  EXPECT_EQ(pass.verdict, Verdict::pass);
  EXPECT_EQ(pass.margin, 3.0);
  EXPECT_EQ(pass.detail, "true first at 0.1 s");
  const CheckResult fail = judged(spec(CheckKind::eventually, "truth.pack_current >= 7 A"), trace);
  EXPECT_EQ(fail.verdict, Verdict::fail);
  EXPECT_EQ(fail.margin, -2.0);
  EXPECT_EQ(fail.detail,
            "never true at any of 4 samples; nearest at 0.2 s: 5 A against 7 A in `truth.pack_current >= 7 A`");
}

CheckSpec eventually_within(TimeNs ms) {
  CheckSpec out = spec(CheckKind::eventually, "truth.pack_current >= 2 A");
  out.latest = ms * kMillisecond;
  return out;
}

TEST(Eventually, WithATimeLimitHasTheTimeLeftAsItsMargin) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 0, 0, 3, 0, 0});
  const CheckResult on_it = judged(eventually_within(300), trace);
  EXPECT_EQ(on_it.verdict, Verdict::pass);
  EXPECT_EQ(on_it.margin, 0.0);
  EXPECT_EQ(on_it.measured, 300.0);
  EXPECT_EQ(on_it.limit, 300.0);
  EXPECT_EQ(judged(eventually_within(200), trace).margin, -100.0);
  EXPECT_EQ(judged(eventually_within(200), trace).verdict, Verdict::fail);
}

TEST(Eventually, WithATimeLimitBehindTheEndIsInconclusive) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 0, 0});
  EXPECT_EQ(judged(eventually_within(300), trace).verdict, Verdict::inconclusive);
  const CheckResult at_the_end = judged(eventually_within(200), trace);
  EXPECT_EQ(at_the_end.verdict, Verdict::fail);
  EXPECT_EQ(at_the_end.margin, -100.0);
  EXPECT_FALSE(at_the_end.measured);
}

TEST(CheckSet, SamplesBeforeThePhasesAndOutsideAfterAndUntilAreNotJudged) {
  CheckSpec check = spec(CheckKind::always, "truth.pack_current <= 2 A");
  check.after = 2 * kStep;
  check.until_time = 3 * kStep;
  const auto trace = trace_of(Signal::truth_pack_current, {9, 9, 9, 9, 1, 1, 9});
  EXPECT_EQ(judged(check, trace, 2 * kStep).verdict, Verdict::pass);
  EXPECT_EQ(judged(check, trace, 1 * kStep).verdict, Verdict::fail);
  EXPECT_EQ(judged(check, trace, 3 * kStep).verdict, Verdict::fail);
}

TEST(CheckSet, EdgesAtTheFirstJudgedSampleSeeTheSampleBefore) {
  const auto trace = trace_of(Signal::truth_main_contactor, {1, 1, 0, 0});
  EXPECT_EQ(judged(spec(CheckKind::never, "opens(truth.main_contactor)"), trace, 2 * kStep).verdict, Verdict::fail);
}

TEST(CheckSet, NothingJudgedIsInconclusiveWithTheReason) {
  const auto trace = trace_of(Signal::truth_pack_current, {1, 1});
  CheckSpec late = spec(CheckKind::always, "truth.pack_current <= 2 A");
  late.after = kSecond;
  const CheckResult never_began = judged(late, trace);
  EXPECT_EQ(never_began.verdict, Verdict::inconclusive);
  EXPECT_EQ(never_began.detail, "no sample was judged, since the run ended before the check began");
  const CheckResult no_value = judged(spec(CheckKind::always, "device.pack_current <= 2 A"), trace);
  EXPECT_EQ(no_value.verdict, Verdict::inconclusive);
  EXPECT_EQ(no_value.detail, "`device.pack_current <= 2 A` had no value at any judged sample");
}

TEST(CheckSet, LeavesTelemetryToOthersAndKeepsTheOrder) {
  CheckSpec telemetry;
  telemetry.kind = CheckKind::telemetry_consistent;
  CheckSpec first = spec(CheckKind::always, "truth.soc > 0");
  first.name = "first";
  first.requirement = {"R-1"};
  CheckSpec second = spec(CheckKind::never, "truth.soc > 0");
  second.name = "second";
  const auto results = CheckSet({first, telemetry, second}, small_layout(), kStep).finish(0);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].name, "first");
  EXPECT_EQ(results[0].requirement, std::vector<std::string>{"R-1"});
  EXPECT_EQ(results[1].name, "second");
  EXPECT_EQ(results[1].kind, CheckKind::never);
}

TEST(CheckSet, RefusesAStepOfZeroAndACheckWithoutAFormula) {
  EXPECT_THROW(CheckSet({}, small_layout(), 0), std::invalid_argument);
  EXPECT_THROW(CheckSet({CheckSpec{}}, small_layout(), kStep), std::invalid_argument);
}

TEST(CheckSet, SoFarFailsAtOnceAndPassesOnceSomethingIsJudged) {
  CheckSet checks({spec(CheckKind::always, "truth.pack_current <= 2 A")}, small_layout(), kStep);
  checks.start_phases(0);
  std::string verdicts;
  for (const Sample& sample : trace_of(Signal::truth_pack_current, {kNaN, 1, 3, 1})) {
    checks.step(sample.at, sample.frame);
    verdicts += verdict_name(checks.so_far()).front();
  }
  EXPECT_EQ(verdicts, "ipff");
}

Verdict combined(std::initializer_list<Verdict> verdicts) {
  std::vector<CheckResult> results;
  for (const Verdict v : verdicts) results.emplace_back().verdict = v;
  return combine(results);
}

TEST(Combine, FailBeforeInconclusiveBeforePassBeforeSkipped) {
  using enum Verdict;
  EXPECT_EQ(combined({pass, inconclusive, fail, skipped}), fail);
  EXPECT_EQ(combined({pass, inconclusive, skipped}), inconclusive);
  EXPECT_EQ(combined({skipped, pass}), pass);
  EXPECT_EQ(combined({skipped, skipped}), skipped);
  EXPECT_EQ(combined({}), inconclusive);
}

}  // namespace
}  // namespace packbench::sim::test
