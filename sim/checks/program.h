// A formula as a flat list of instructions in postorder: no pointers to chase and no recursion in the step.
//
// Numbers live in one block of doubles (constants first set, never overwritten); operands read from it or directly from
// the frame. Truths live in a second block, one register per truth.
#pragma once

#include <string>
#include <vector>

#include "sim/checks/expression_node.h"
#include "sim/checks/margin_scale.h"

namespace packbench::sim {

enum class Code {
  add,
  subtract,
  multiply,
  divide,
  negate,
  absolute,
  lowest,  // of an array
  highest,
  total,
  average,
  lower,  // of two numbers
  higher,
  delta,
  rate,
  order,
  equality,
  word_equality,
  membership,
  opened,
  closed,
  changed,
  conjunction,
  disjunction,
  negation,
  held,
};

struct Operand {
  bool from_frame = false;
  int offset = 0;
  int stride = 0;  // 1: an array, 0: one number for all elements
};

struct Instruction {
  Code code{};
  Operand a{}, b{};  // numbers
  int count = 1;     // elements
  int target = 0;    // number or truth register
  int left = 0;      // truth registers
  int right = 0;
  int state = 0;  // index of a history, held window or last value
  int atom = 0;
  double factor = 1;     // multiply, divide; order: +1 for a > b, -1 for a < b; equality: +1 for ==, -1 for !=
  bool strict = false;   // order: without its limit
  bool swapped = false;  // order, equality: the measured value is b
};

// One comparison, for reports.
struct Atom {
  Dimension dimension = Dimension::one;
  bool has_number = false;  // compares numbers
  MarginScale scale;
  std::string text;
};

struct HistorySpec {
  TimeNs window = 0;
  int count = 1;
};

struct Program {
  std::vector<Instruction> instructions;
  std::vector<double> numbers;  // initial contents: constants in place
  int truths = 0;
  std::vector<Atom> atoms;
  std::vector<Operand> signals;  // what it reads of the frame; stride: elements
  std::vector<HistorySpec> histories;
  std::vector<TimeNs> held_windows;
  int last_values = 0;
  int result = 0;  // truth register
};

// `step` sets the scale of slack in time. A non-empty formula is required (std::logic_error).
Program compile(const Expression& formula, const SignalLayout& layout, TimeNs step);

}  // namespace packbench::sim
