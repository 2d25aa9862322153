// Formulas over the recorded signals, as written in scenarios and the only language of checks, `until` and fault
// triggers. Grammar (lowest binding first):
//
//   formula    := disjunct [ 'for' duration ]          held without interruption over the last duration
//   disjunct   := conjunct { 'or' conjunct }
//   conjunct   := negation { 'and' negation }
//   negation   := 'not' negation | comparison
//   comparison := sum [ ( < <= > >= == != ) sum ]  |  set 'contains' word
//   sum        := product { (+|-) product }        product := unary { (*|/) unary }
//   unary      := '-' unary | primary
//   primary    := quantity | word of a vocabulary | signal [ '[' cell ']' ] | constant | function '(' ... ')' | '('
//   formula ')' duration   := a sum of constants that is a time    "2 s", "bms.cell_ov.delay + 100 ms"
//
// Functions:
//   min max (a, ...)        least and greatest of all arguments and all their elements; of on/off arrays: all on, any
//   on sum mean (array)        sum of an on/off array counts the elements that are on abs(x)                  of a
//   temperature only as a difference delta(x, d)  rate(x, d) change, and change per second, against the sample of d
//   ago; without d: against the sample before opens(c) closes(c)      a contactor's edge, true at the one sample where
//   it shows changes(x)              any signal: its value differs from the last known one
//
// Cells and sensors are numbered 1..n. `signal` is a full name ("truth.pack_current"). `constant` is a name given by
// the scenario ("bms.cell_ov.trip").
//
// Types. Units are checked: comparing V with A is an error at its column. A temperature in degC is a point: the
// difference of two is in K, and only K may be added to it. A state of charge has no unit and may be written in %. "0.5
// C" is a current when the capacity is known. An array has to be reduced (max, min, ...) or indexed before it is
// compared; arithmetic between arrays of one length, and with a number, is elementwise. A coded signal (state,
// contactor, on/off) is compared by == and != with words of its vocabulary or a signal of the same; a set only by
// `contains`. device.first_fault has one word more, `none`: it is that while the device reports no fault.
//
// Truth has three values: NaN ("no value yet") makes a comparison unknown, `and`, `or`, `not` follow Kleene (unknown
// and no = no, unknown or yes = yes). An edge needs a known earlier value, `delta`, `rate` and `for` need a full
// window; until then they are unknown (`for` is already `no` when it was `no` inside the window).
//
// Time. A signal holds its value from a sample until the next one. A window of length d ending at t therefore starts
// with the latest sample at or before t - d: with samples every 100 ms, "for 2 s" is true at the 21st true sample in a
// row.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
  double capacity_Ah = 0;                                   // makes "0.5 C" a current; 0: C-rates are an error
};

struct ExpressionNode;  // defined in expression_node.h, for the parser and evaluator only

// An immutable, parsed, unit-checked formula. Cheap to copy.
class Expression {
 public:
  Expression() = default;
  Expression(std::string text, std::shared_ptr<const ExpressionNode> root)
      : text_(std::move(text)), root_(std::move(root)) {}
  bool empty() const { return root_ == nullptr; }
  const std::string& text() const { return text_; }
  const ExpressionNode& root() const { return *root_; }
  // Without one, as in `1 < 2`, the formula says nothing about a run.
  bool names_a_signal() const;
  // Whether it reads a signal of the device under test, of the line to it or of its API: device.*, link.*, api.*.
  bool needs_a_device() const;

 private:
  std::string text_;
  std::shared_ptr<const ExpressionNode> root_;
};

struct ExpressionError {
  int column = 1;  // 1-based within the text
  std::string what;
  std::string expected;
};

// A formula with a truth value. On failure every error that could be found, by column: all errors of names, units and
// shapes up to the first syntax error. Texts over 4000 characters or nested over 64 levels are refused.
std::variant<Expression, std::vector<ExpressionError>> parse_formula(std::string_view text, const SymbolTable& symbols);

enum class Truth { no, yes, unknown };

// Evaluates one formula sample by sample, keeping what `for`, `delta`, `rate` and edges need; memory is bounded by
// window / step samples and reserved at construction, so that a step does not allocate. `step` is the time between
// samples; faster samples than that make the windows grow once. Times must increase.
class FormulaState {
 public:
  FormulaState(const Expression& formula, const SignalLayout& layout, TimeNs step = 100 * kMillisecond);
  ~FormulaState();
  FormulaState(const FormulaState& other);  // with what it remembers
  FormulaState(FormulaState&&) noexcept;
  FormulaState& operator=(FormulaState&&) noexcept;
  Truth step(TimeNs now, std::span<const double> frame);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
