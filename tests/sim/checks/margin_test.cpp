// What a check reports: margin, unit, measured value, limit, place.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/checks/margin_scale.h"
#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

using testing::HasSubstr;

TEST(Always, ReportsTheClosestSampleOfAPass) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 1.5, 1});
  const CheckResult result = judged(spec(CheckKind::always, "truth.pack_current <= 2 A"), trace);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 0.5);
  EXPECT_EQ(result.unit, "A");
  EXPECT_EQ(result.measured, 1.5);
  EXPECT_EQ(result.limit, 2.0);
  EXPECT_EQ(result.worst_at_s, 0.1);
  EXPECT_FALSE(result.marginal);
  EXPECT_EQ(result.detail,
            "held at all of 3 samples, closest at 0.1 s: 1.5 A against 2 A in `truth.pack_current <= 2 A`");
}

TEST(Always, ReportsTheWorstSampleOfAFailureAndTheFirst) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 2.5, 3, 2});
  const CheckResult result = judged(spec(CheckKind::always, "truth.pack_current <= 2 A"), trace);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.margin, -1.0);
  EXPECT_EQ(result.worst_at_s, 0.2);
  EXPECT_EQ(result.detail,
            "failed at 2 of 4 samples, first at 0.1 s; worst at 0.2 s: 3 A against 2 A in `truth.pack_current <= 2 A`");
}

TEST(Always, OfEquallyBadSamplesTheFirstIsReported) {
  const auto trace = trace_of(Signal::truth_pack_current, {0, 3, 3});
  EXPECT_EQ(judged(spec(CheckKind::always, "truth.pack_current <= 2 A"), trace).worst_at_s, 0.1);
}

TEST(Always, MeasuredIsTheValueAlsoWhenItStandsOnTheRight) {
  const CheckResult result =
      judged(spec(CheckKind::always, "2 A >= truth.pack_current"), trace_of(Signal::truth_pack_current, {1}));
  EXPECT_EQ(result.measured, 1.0);
  EXPECT_EQ(result.limit, 2.0);
}

TEST(Always, SittingOnAnIncludedLimitPassesWithMarginZero) {
  const CheckResult result =
      judged(spec(CheckKind::always, "truth.pack_current <= 2 A"), trace_of(Signal::truth_pack_current, {2}));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 0.0);
  EXPECT_TRUE(result.marginal);
}

TEST(Always, SittingOnAnExcludedLimitFailsWithTheLeastMargin) {
  const CheckResult result =
      judged(spec(CheckKind::always, "truth.pack_current < 2 A"), trace_of(Signal::truth_pack_current, {2}));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_EQ(result.margin, -1e-9);
}

TEST(Never, HasTheMarginOfTheNegation) {
  const CheckResult result =
      judged(spec(CheckKind::never, "truth.pack_current > 2 A"), trace_of(Signal::truth_pack_current, {1, 2}));
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 0.0);
  EXPECT_EQ(result.measured, 2.0);
}

TEST(Margin, OfAHeldValueBelongsToTheSampleThatDecided) {
  const auto trace = trace_of(Signal::truth_pack_current, {3, 1, 3, 4, 4});
  const CheckResult result = judged(spec(CheckKind::eventually, "truth.pack_current > 2 A for 200 ms"), trace);
  EXPECT_EQ(result.verdict, Verdict::pass);
  EXPECT_EQ(result.margin, 1.0);
  EXPECT_EQ(result.worst_at_s, 0.2);
}

TEST(Margin, OfWordsIsNullAndAFailureStillHasAPlace) {
  const auto trace = trace_of(Signal::device_state, {3, 3, 8, 3});
  const CheckResult fail = judged(spec(CheckKind::always, "device.state == IDLE"), trace);
  EXPECT_EQ(fail.verdict, Verdict::fail);
  EXPECT_FALSE(fail.margin || fail.measured || fail.limit);
  EXPECT_EQ(fail.unit, "");
  EXPECT_EQ(fail.worst_at_s, 0.2);
  EXPECT_EQ(fail.detail, "failed at 1 of 4 samples, first at 0.2 s; worst at 0.2 s: `device.state == IDLE`");
  const CheckResult pass = judged(spec(CheckKind::never, "device.state == INIT"), trace);
  EXPECT_EQ(pass.verdict, Verdict::pass);
  EXPECT_FALSE(pass.margin || pass.marginal);
}

TEST(Margin, OfEqualNumbersIsNullAndOfUnequalOnesTheirDistance) {
  const auto zero = trace_of(Signal::link_crc_errors, {0, 0});
  const auto two = trace_of(Signal::link_crc_errors, {0, 2});
  const CheckResult pass = judged(spec(CheckKind::always, "link.crc_errors == 0"), zero);
  EXPECT_EQ(pass.verdict, Verdict::pass);
  EXPECT_FALSE(pass.margin || pass.marginal);
  EXPECT_EQ(pass.measured, 0.0);
  const CheckResult fail = judged(spec(CheckKind::always, "link.crc_errors == 0"), two);
  EXPECT_EQ(fail.margin, -2.0);
}

TEST(Margin, CountsAreExactSoNoPassIsMarginal) {
  const CheckResult result = judged(spec(CheckKind::always, "link.lost <= 3"), trace_of(Signal::link_lost, {3}));
  EXPECT_EQ(result.margin, 0.0);
  EXPECT_FALSE(result.marginal);
}

struct Mixed {
  double current_A;
  double voltage_V;
  double margin;
  std::string unit;
};

// Slack 0.5 A is 0.5 scales; 0.02 V is 2 scales, 0.004 V is 0.4.
TEST(Margin, WhereUnitsMixTheComparisonWithTheLeastScaledSlackDecidesAnd) {
  for (const Mixed& c :
       {Mixed{1.5, 2.98, 0.5, "A"}, Mixed{1.5, 2.996, 0.004, "V"}, Mixed{3, 2, -1, "A"}, Mixed{1, 3.5, -0.5, "V"}}) {
    const std::vector<Sample> trace{
        {0, frame_with({{Signal::truth_pack_current, c.current_A}, {Signal::truth_pack_voltage, c.voltage_V}})}};
    const CheckResult result =
        judged(spec(CheckKind::always, "truth.pack_current <= 2 A and truth.pack_voltage <= 3 V"), trace);
    EXPECT_DOUBLE_EQ(*result.margin, c.voltage_V == 2.996 ? 3 - 2.996 : c.margin);
    EXPECT_EQ(result.unit, c.unit);
  }
}

TEST(Margin, WhereUnitsMixTheComparisonWithTheMostScaledSlackDecidesOr) {
  const std::vector<Sample> trace{
      {0, frame_with({{Signal::truth_pack_current, 1.5}, {Signal::truth_pack_voltage, 2.75}})}};
  const CheckResult result =
      judged(spec(CheckKind::always, "truth.pack_current <= 2 A or truth.pack_voltage <= 3 V"), trace);
  EXPECT_EQ(result.margin, 0.25);
  EXPECT_EQ(result.unit, "V");
}

TEST(Margin, AWordThatHoldsLeavesTheNumberToDecideAnd) {
  const std::vector<Sample> trace{{0, frame_with({{Signal::truth_pack_current, 1.5}, {Signal::device_state, 3}})}};
  EXPECT_EQ(judged(spec(CheckKind::always, "device.state == IDLE and truth.pack_current <= 2 A"), trace).margin, 0.5);
  EXPECT_FALSE(judged(spec(CheckKind::always, "device.state == IDLE or truth.pack_current <= 2 A"), trace).margin);
}

TEST(Margin, OfAgesIsScaledByTheStep) {
  EXPECT_EQ(margin_scale(Dimension::time, false, kStep).scale, 0.1);
  EXPECT_EQ(margin_scale(Dimension::time, false, kStep).resolution, 0.1);
}

TEST(Marginal, StartsBelowTheResolutionOfTheQuantity) {
  const auto margin_is_marginal = [](double voltage_V) {
    return judged(spec(CheckKind::always, "truth.pack_voltage <= 3 V"),
                  trace_of(Signal::truth_pack_voltage, {voltage_V}))
        .marginal;
  };
  EXPECT_TRUE(margin_is_marginal(2.9999));
  EXPECT_FALSE(margin_is_marginal(2.9997));
}

TEST(Always, SamplesWithoutAValueAreCountedAndNotJudged) {
  const CheckResult result = judged(spec(CheckKind::always, "truth.pack_current <= 2 A"),
                                    trace_of(Signal::truth_pack_current, {kNaN, 3, kNaN}));
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, HasSubstr("; 2 samples had no value"));
}

}  // namespace
}  // namespace packbench::sim::test
