// Laws that every formula obeys on every trace.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "tests/sim/checks/random_formula.h"
#include "tests/sim/checks/reference_evaluator.h"

namespace packbench::sim::test {
namespace {

RC_GTEST_PROP(FormulaLaw, OnlineAndWholeTraceEvaluationAgree, ()) {
  const Expression formula = parsed(random_formula(*rc::gen::inRange(0, 4)));
  RC_LOG() << formula.text() << "\n";
  const auto trace = random_trace(static_cast<std::size_t>(*rc::gen::inRange(1, 25)));
  const ReferenceEvaluator reference(small_layout(), trace, kStep);
  const auto online = scores(formula, trace);
  for (std::size_t k = 0; k < trace.size(); ++k) {
    const double expected = reference.score(formula.root(), k);
    if (std::isnan(expected)) {
      RC_ASSERT(!online[k].known());
    } else {
      RC_ASSERT(online[k].score == expected);
    }
  }
}

RC_GTEST_PROP(FormulaLaw, TheSlackOfTheDecidingComparisonCarriesTheScore, ()) {
  const Expression formula = parsed(random_formula(3));
  Evaluator evaluator(formula, small_layout(), kStep);
  for (const Sample& sample : random_trace(15)) {
    const Scored& value = evaluator.step(sample.at, sample.frame);
    if (!value.known()) continue;
    RC_ASSERT(value.atom >= 0);
    RC_ASSERT(value.at <= sample.at);
    RC_ASSERT(value.score != 0);
    if (!std::isfinite(value.slack) || value.slack == 0) continue;
    RC_ASSERT(value.score == value.slack / evaluator.atom(value.atom).scale.scale);
    RC_ASSERT(std::abs(value.slack) == std::abs(value.measured - value.limit));
  }
}

RC_GTEST_PROP(FormulaLaw, AlwaysPassesExactlyWhenItsMarginIsNotNegative, ()) {
  const CheckKind kind = *rc::gen::element(CheckKind::always, CheckKind::never, CheckKind::eventually);
  const CheckSpec check = spec(kind, random_formula(2));
  const CheckResult result = judged(check, random_trace(12));
  if (result.verdict == Verdict::inconclusive) {
    RC_ASSERT(!result.margin);
  } else if (result.margin) {
    RC_ASSERT((*result.margin >= 0) == (result.verdict == Verdict::pass));
  }
}

RC_GTEST_PROP(FormulaLaw, AlwaysFailsExactlyWhereNeverOfTheNegationFails, ()) {
  const std::string formula = random_formula(2);
  const auto trace = random_trace(12);
  const CheckResult always = judged(spec(CheckKind::always, formula), trace);
  const CheckResult never = judged(spec(CheckKind::never, "not " + formula), trace);
  RC_ASSERT(always.verdict == never.verdict);
  RC_ASSERT(always.margin == never.margin);
  RC_ASSERT(always.worst_at_s == never.worst_at_s);
}

RC_GTEST_PROP(FormulaLaw, DeMorgan, ()) {
  const std::string a = random_formula(1);
  const std::string b = random_formula(1);
  const auto trace = random_trace(10);
  RC_ASSERT(truths("not (" + a + " and " + b + ")", trace) == truths("not " + a + " or not " + b, trace));
}

RC_GTEST_PROP(FormulaLaw, AWiderLimitNeverHasASmallerMargin, ()) {
  const auto trace = random_trace(10);
  const int tight = *rc::gen::inRange(-30, 30);
  const int wide = tight + *rc::gen::inRange(0, 20);
  const auto limited = [&](int tenths) {
    return judged(spec(CheckKind::always, "truth.pack_current <= " + std::to_string(tenths) + " A / 10"), trace).margin;
  };
  const auto tight_margin = limited(tight);
  RC_PRE(tight_margin.has_value());
  RC_ASSERT(*limited(wide) >= *tight_margin);
}

RC_GTEST_PROP(FormulaLaw, ALongerForNeverHasALargerScore, ()) {
  const std::string inner = random_formula(1);
  const auto trace = random_trace(15);
  const auto shorter = scores(parsed(inner + " for 200 ms"), trace);
  const auto longer = scores(parsed(inner + " for 400 ms"), trace);
  for (std::size_t k = 0; k < trace.size(); ++k) {
    if (shorter[k].known() && longer[k].known()) RC_ASSERT(longer[k].score <= shorter[k].score);
  }
}

}  // namespace
}  // namespace packbench::sim::test
