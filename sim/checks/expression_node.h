// The parsed form of a formula: a typed tree. For the parser, the compiler and reference evaluators in tests only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sim/checks/expression.h"

namespace packbench::sim {

enum class NodeOp {
  constant,
  signal,  // leaves; signal: whole or one element
  add,
  subtract,
  multiply,
  divide,
  negate,  // numbers, elementwise
  minimum,
  maximum,
  sum,
  mean,
  absolute,
  delta,
  rate,  // functions of numbers
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  contains,  // atoms: a truth from numbers, codes, sets
  opens,
  closes,
  changes,  // edges: true at one sample
  conjunction,
  disjunction,
  negation,
  held,  // truths
  word,
  broken,  // only while parsing
};

enum class ValueKind { truth, number, code, set, word, broken };

// What a node yields. A number has a dimension; `counted` marks whole numbers of things (frames, records, bleeding
// cells), which are exact. Codes and sets have a vocabulary. `array`: `count` elements, else one.
struct ValueType {
  ValueKind kind = ValueKind::broken;
  Dimension dimension = Dimension::one;
  Vocabulary vocabulary = Vocabulary::none;
  bool array = false;
  int count = 1;
  bool counted = false;
};

struct ExpressionNode {
  NodeOp op = NodeOp::broken;
  ValueType type;
  double value = 0;          // constant; code of a word
  Signal signal = Signal{};  // signal
  int index = -1;            // signal: 0-based element, -1 for the whole
  TimeNs window = 0;         // held, delta, rate; 0 for delta and rate: since the sample before
  std::size_t begin = 0;     // where it stands in the text: [begin, end)
  std::size_t end = 0;
  std::vector<std::unique_ptr<ExpressionNode>> children;
};

}  // namespace packbench::sim
