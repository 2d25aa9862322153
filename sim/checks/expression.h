// Formulas over the recorded signals, as written in scenarios and the only language of checks, `until` and fault
// triggers. Grammar (lowest binding first):
//
//   formula    := disjunct [ 'for' quantity ]          held without interruption over the last duration
//   disjunct   := conjunct { 'or' conjunct }
//   conjunct   := negation { 'and' negation }
//   negation   := 'not' negation | comparison
//   comparison := sum [ ( < <= > >= == != ) sum ]  |  set 'contains' word
//   sum        := product { (+|-) product }        product := unary { (*|/) unary }
//   unary      := '-' unary | primary
//   primary    := quantity | word of a vocabulary | signal [ '[' cell ']' ] | constant | function '(' ... ')' | '(' formula ')'
//   functions  := min max sum mean abs delta rate opens closes changes
//
// Cells are numbered 1..n here. `signal` is a full name ("truth.pack_current"). `constant` is a name given by the
// scenario ("bms.cell_ov.trip"). Units are checked: comparing V with A is an error at its column. An array compared with
// a number is an error that suggests min/max/any index. NaN operands make a comparison "unknown" at that sample.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/quantity.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

// What names mean while an expression is parsed.
struct SymbolTable {
  explicit SymbolTable(SignalLayout the_layout) : layout(std::move(the_layout)) {}
  SignalLayout layout;
  std::vector<std::pair<std::string, Quantity>> constants;  // "bms.cell_ov.trip" -> 3.65 V
};

struct ExpressionNode;  // defined in expression_node.h, for the parser and evaluator only

// An immutable, parsed, unit-checked formula. Cheap to copy.
class Expression {
 public:
  Expression() = default;
  explicit Expression(std::string text, std::shared_ptr<const ExpressionNode> root);
  bool empty() const { return root_ == nullptr; }
  const std::string& text() const { return text_; }
  const ExpressionNode& root() const { return *root_; }

 private:
  std::string text_;
  std::shared_ptr<const ExpressionNode> root_;
};

struct ExpressionError {
  int column = 1;  // 1-based within the text
  std::string what;
  std::string expected;
};

// A formula with a truth value. On failure every error that could be found.
std::variant<Expression, std::vector<ExpressionError>> parse_formula(std::string_view text, const SymbolTable& symbols);

enum class Truth { no, yes, unknown };

// Evaluates one formula sample by sample, keeping what `for`, `delta`, `rate` and edges need; bounded memory.
class FormulaState {
 public:
  FormulaState(const Expression& formula, const SignalLayout& layout);
  ~FormulaState();
  FormulaState(FormulaState&&) noexcept;
  FormulaState& operator=(FormulaState&&) noexcept;
  Truth step(TimeNs now, std::span<const double> frame);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
