// Any text as a formula: refused with places inside the text, or evaluated on a trace with numbers, nothing and
// extremes, where it agrees with its definition (tests/sim/checks/reference_evaluator.h).
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "tests/fuzz/require.h"
#include "tests/sim/checks/reference_evaluator.h"

namespace {

using namespace packbench::sim;
using packbench::fuzz::require;

void check_errors(const std::vector<ExpressionError>& errors, std::size_t text_size) {
  require(!errors.empty());
  for (const ExpressionError& error : errors) {
    require(!error.what.empty());
    require(error.column >= 1);
    require(static_cast<std::size_t>(error.column) <= text_size + 1);
  }
}

const std::vector<test::Sample>& trace() {
  static const std::vector<test::Sample> samples = [] {
    constexpr double kMax = std::numeric_limits<double>::max();
    std::vector<test::Sample> out;
    for (const double value : {0.0, 1.0, test::kNaN, 3.65, -50.0, kMax, -kMax, 0.0, 1.0, 0.5, test::kNaN, 2.0}) {
      const std::size_t width = Frame(test::small_layout()).values().size();
      out.push_back({static_cast<TimeNs>(out.size()) * test::kStep, std::vector<double>(width, value)});
    }
    return out;
  }();
  return samples;
}

void check_truths(const Expression& formula) {
  const test::ReferenceEvaluator definition(test::small_layout(), trace(), test::kStep);
  const auto online = test::scores(formula, trace());
  for (std::size_t k = 0; k < trace().size(); ++k) {
    const double score = definition.score(formula.root(), k);
    require(online[k].known() == !std::isnan(score));
    if (online[k].known()) require(online[k].score == score);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static const SymbolTable symbols = test::small_symbols();
  const auto result = parse_formula(text, symbols);
  if (const auto* errors = std::get_if<std::vector<ExpressionError>>(&result)) {
    check_errors(*errors, size);
  } else {
    check_truths(std::get<Expression>(result));
  }
  return 0;
}
