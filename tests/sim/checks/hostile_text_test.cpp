// No text can crash, hang or exhaust the parser; every refusal has a column inside the text and a sentence.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/sim/checks/random_formula.h"

namespace packbench::sim::test {
namespace {

void expect_formula_or_errors(const std::string& text) {
  const auto result = parse_formula(text, small_symbols());
  const auto* errors = std::get_if<std::vector<ExpressionError>>(&result);
  if (errors == nullptr) return;
  RC_ASSERT(!errors->empty());
  for (const ExpressionError& e : *errors) {
    RC_ASSERT(!e.what.empty());
    RC_ASSERT(e.column >= 1);
    RC_ASSERT(static_cast<std::size_t>(e.column) <= text.size() + 1);
  }
}

RC_GTEST_PROP(HostileText, RandomBytesNeverCrash, (const std::string& text)) { expect_formula_or_errors(text); }

RC_GTEST_PROP(HostileText, RandomTokensNeverCrash, ()) {
  const auto tokens = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "truth.soc", "truth.cell_voltage", "device.state", "device.faults", "3", "3 V", "1e", "1e999 V", "20 degC", "for",
      "and", "or", "not", "contains", "open", "cell_ov", "(", ")", "[", "]", ",", "+", "-", "*", "/", "<", "<=", "==",
      "!=", "=", "!", "max", "delta", "rate", "opens", "changes", ".", "..", "\xC2\xB5", std::string(1, '\0')));
  std::string text;
  for (const std::string& token : tokens) text += token + " ";
  expect_formula_or_errors(text);
}

RC_GTEST_PROP(HostileText, AFormulaWithOneDamagedByteNeverCrashes, ()) {
  std::string text = random_formula(2);
  text[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())))] = *rc::gen::arbitrary<char>();
  expect_formula_or_errors(text);
}

std::vector<ExpressionError> errors_of(const std::string& text) {
  return std::get<std::vector<ExpressionError>>(parse_formula(text, small_symbols()));
}

TEST(HostileText, DeepNestingIsRefusedInEveryForm) {
  for (const std::string opening : {"(", "not ", "-", "abs(", "min(1,"}) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += opening;
    EXPECT_EQ(errors_of(text + "1").front().what, "the formula is nested more than 64 levels deep") << opening;
  }
}

TEST(HostileText, NestingUpToTheLimitIsAccepted) {
  EXPECT_NO_THROW(parsed(std::string(63, '(') + "truth.soc > 3" + std::string(63, ')')));
}

TEST(HostileText, ALongTextIsRefusedByItsLength) {
  EXPECT_EQ(errors_of(std::string(4001, ' ')).front().what, "the formula has 4001 characters");
}

TEST(HostileText, TheLongestChainsAreParsedEvaluatedAndDestroyed) {
  std::string sum = "0 < truth.soc";
  while (sum.size() < 3900) sum += "+truth.soc";
  std::string any = "1<truth.soc";
  while (any.size() < 3900) any += " or 1<truth.soc";
  const auto one = trace_of(Signal::truth_soc, {1});
  EXPECT_EQ(truths(sum, one), "y");
  EXPECT_EQ(truths(any, one), "n");
}

}  // namespace
}  // namespace packbench::sim::test
