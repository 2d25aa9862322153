// Samples without a value: what nobody saw cannot be a pass.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {
namespace {

using testing::HasSubstr;

std::vector<double> values(std::size_t missing, std::size_t known, double value = 1) {
  std::vector<double> out(missing, kNaN);
  out.insert(out.end(), known, value);
  return out;
}

CheckSpec always_small() { return spec(CheckKind::always, "truth.pack_current <= 2 A"); }

TEST(Gaps, OneKnownSampleAmongThousandsDecidesNothing) {
  const CheckResult result = judged(always_small(), trace_of(Signal::truth_pack_current, values(3000, 1)));
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_FALSE(result.margin);
  EXPECT_THAT(result.detail, HasSubstr("3000 samples had no value, first at 0 s"));
}

TEST(Gaps, ASingleSampleWithoutAValueInTheMiddleLeavesAlwaysAndNeverOpen) {
  const auto trace = trace_of(Signal::truth_pack_current, {1, 1, kNaN, 1, 1});
  EXPECT_EQ(judged(always_small(), trace).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(spec(CheckKind::never, "truth.pack_current > 2 A"), trace).verdict, Verdict::inconclusive);
}

TEST(Gaps, AViolationThatWasSeenStaysAFailure) {
  const auto trace = trace_of(Signal::truth_pack_current, {1, kNaN, 3, kNaN});
  EXPECT_EQ(judged(always_small(), trace).verdict, Verdict::fail);
  EXPECT_EQ(judged(spec(CheckKind::never, "truth.pack_current > 2 A"), trace).verdict, Verdict::fail);
}

TEST(Gaps, SamplesBeforeTheFirstValueAreLetPassForFiveSecondsAndUpToHalf) {
  const auto verdict = [](std::size_t missing, std::size_t known) {
    return judged(always_small(), trace_of(Signal::truth_pack_current, values(missing, known))).verdict;
  };
  EXPECT_EQ(verdict(50, 50), Verdict::pass);
  EXPECT_EQ(verdict(51, 200), Verdict::pass);  // the last of them at 5 s
  EXPECT_EQ(verdict(52, 200), Verdict::inconclusive);
  EXPECT_EQ(verdict(20, 19), Verdict::inconclusive);
}

TEST(Gaps, AWindowThatIsNotFullYetIsNone) {
  const auto trace = trace_of(Signal::truth_pack_current, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(judged(spec(CheckKind::always, "truth.pack_current <= 2 A for 1 s"), trace).verdict, Verdict::pass);
  EXPECT_EQ(judged(spec(CheckKind::never, "delta(truth.pack_current, 1 s) > 2 A"), trace).verdict, Verdict::pass);
  EXPECT_EQ(judged(spec(CheckKind::never, "changes(truth.pack_current)"), trace).verdict, Verdict::pass);
}

TEST(Gaps, WhatIsTrueWithoutTheMissingValueIsKnown) {
  auto trace = trace_of(Signal::truth_pack_current, {1, 1, 1});
  EXPECT_EQ(judged(spec(CheckKind::always, "truth.pack_current <= 2 A or device.soc > 0.5"), trace).verdict,
            Verdict::pass);
}

TEST(Gaps, EventuallyPassesOnWhatWasSeenAndFailsOnlyWhereAllWasSeen) {
  const CheckSpec wanted = spec(CheckKind::eventually, "truth.pack_current > 2 A");
  EXPECT_EQ(judged(wanted, trace_of(Signal::truth_pack_current, {1, kNaN, 3})).verdict, Verdict::pass);
  EXPECT_EQ(judged(wanted, trace_of(Signal::truth_pack_current, {1, kNaN, 1})).verdict, Verdict::inconclusive);
  EXPECT_EQ(judged(wanted, trace_of(Signal::truth_pack_current, {1, 1, 1})).verdict, Verdict::fail);
}

CheckResult first_fault(const std::string& formula, CheckKind kind, std::initializer_list<double> codes) {
  return judged(spec(kind, formula), trace_of(Signal::device_first_fault, codes));
}

TEST(FirstFault, NoneIsAWordThatCanBeCompared) {
  const double healthy = kNone, cell_ov = 0;
  EXPECT_EQ(first_fault("device.first_fault == cell_ov", CheckKind::never, {healthy, healthy}).verdict, Verdict::pass);
  EXPECT_EQ(first_fault("device.first_fault == none", CheckKind::always, {healthy, healthy}).verdict, Verdict::pass);
  EXPECT_EQ(first_fault("device.first_fault == none", CheckKind::always, {healthy, cell_ov}).verdict, Verdict::fail);
  EXPECT_EQ(first_fault("device.first_fault != none", CheckKind::eventually, {healthy, cell_ov}).verdict,
            Verdict::pass);
  EXPECT_EQ(first_fault("changes(device.first_fault)", CheckKind::eventually, {healthy, cell_ov}).verdict,
            Verdict::pass);
}

TEST(FirstFault, NoneIsNoMemberOfASetAndNoStateOfABms) {
  const SymbolTable symbols{small_layout()};
  EXPECT_EQ(parse_formula("device.faults contains none", symbols).index(), 1U);
  EXPECT_EQ(parse_formula("device.state == none", symbols).index(), 1U);
}

}  // namespace
}  // namespace packbench::sim::test
