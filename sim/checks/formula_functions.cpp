// min max sum mean abs delta rate opens closes changes.
#include <array>
#include <optional>
#include <utility>

#include "sim/checks/dimension_rules.h"
#include "sim/checks/formula_builder.h"

namespace packbench::sim {
namespace {

struct Function {
  std::string_view name;
  NodeOp op;
  std::size_t least;
  std::size_t most;
  std::string_view arguments;
};

constexpr std::size_t kMany = 32;
constexpr std::array kFunctions{
    Function{"min", NodeOp::minimum, 1, kMany, "one or more numbers"},
    Function{"max", NodeOp::maximum, 1, kMany, "one or more numbers"},
    Function{"sum", NodeOp::sum, 1, 1, "one array"},
    Function{"mean", NodeOp::mean, 1, 1, "one array"},
    Function{"abs", NodeOp::absolute, 1, 1, "one number"},
    Function{"delta", NodeOp::delta, 1, 2, "a number and a duration, as in delta(truth.soc, 1 s)"},
    Function{"rate", NodeOp::rate, 1, 2, "a number and a duration, as in rate(truth.pack_voltage, 1 s)"},
    Function{"opens", NodeOp::opens, 1, 1, "one contactor"},
    Function{"closes", NodeOp::closes, 1, 1, "one contactor"},
    Function{"changes", NodeOp::changes, 1, 1, "one signal"},
};

const Function* find_function(std::string_view name) {
  for (const Function& function : kFunctions) {
    if (function.name == name) return &function;
  }
  return nullptr;
}

// max of an on/off array is "any on", min is "all on", so they keep their vocabulary.
bool can_be_reduced(const ValueType& type) {
  return type.kind == ValueKind::number || (type.kind == ValueKind::code && type.array);
}

}  // namespace

bool FormulaBuilder::is_function(std::string_view name) { return find_function(name) != nullptr; }

NodePtr FormulaBuilder::call(const Token& token, std::vector<NodePtr> arguments, std::size_t end) {
  const Function& function = *find_function(token.text);
  if (arguments.size() < function.least || arguments.size() > function.most) {
    error(token.begin, std::string(token.text) + "() has " + std::to_string(arguments.size()) + " arguments",
          std::string(function.arguments));
    return broken(token.begin, end);
  }
  for (const NodePtr& argument : arguments) {
    if (argument->type.kind == ValueKind::broken) return broken(token.begin, end);
  }
  NodePtr node;
  switch (function.op) {
    case NodeOp::minimum:
    case NodeOp::maximum:
      node = extremum(function.op, token, std::move(arguments), end);
      break;
    case NodeOp::sum:
    case NodeOp::mean:
      node = total(function.op, std::move(arguments[0]));
      break;
    case NodeOp::absolute:
      node = absolute(std::move(arguments[0]));
      break;
    case NodeOp::delta:
    case NodeOp::rate:
      node = change_over_time(function.op, std::move(arguments));
      break;
    default:
      node = edge(function.op, std::move(arguments[0]));
      break;
  }
  node->begin = token.begin;
  node->end = end;
  return node;
}

NodePtr FormulaBuilder::extremum(NodeOp op, const Token& token, std::vector<NodePtr> arguments, std::size_t end) {
  auto node = broken(token.begin, end);
  const ValueType first = arguments[0]->type;
  bool counted = true;
  for (const NodePtr& argument : arguments) {
    if (!can_be_reduced(argument->type)) {
      is_number(*argument);
      if (argument->type.kind == ValueKind::number) continue;
      return node;
    }
    const ValueType& type = argument->type;
    if (type.kind != first.kind || type.dimension != first.dimension || type.vocabulary != first.vocabulary)
      return broken_error(*argument,
                          std::string(token.text) + "() mixes " + describe(first) + " with " + describe(type),
                          "arguments of the same kind");
    counted = counted && type.counted;
  }
  node->op = op;
  node->type = {.kind = first.kind, .dimension = first.dimension, .vocabulary = first.vocabulary, .counted = counted};
  node->children = std::move(arguments);
  return node;
}

NodePtr FormulaBuilder::total(NodeOp op, NodePtr argument) {
  const bool flags = argument->type.kind == ValueKind::code && argument->type.vocabulary == Vocabulary::on_off;
  if (!flags && !is_number(*argument)) return broken(argument->begin, argument->end);
  if (op == NodeOp::sum && argument->type.dimension == Dimension::temperature)
    return broken_error(*argument, "a sum of temperatures in degC has no meaning", "mean(...), min(...) or max(...)");
  const ValueType type{.kind = ValueKind::number,
                       .dimension = argument->type.dimension,
                       .counted = op == NodeOp::sum && (flags || argument->type.counted)};
  auto node = over(op, std::move(argument), nullptr);
  node->type = type;
  return node;
}

NodePtr FormulaBuilder::absolute(NodePtr argument) {
  if (!is_number(*argument)) return broken(argument->begin, argument->end);
  if (argument->type.dimension == Dimension::temperature)
    return broken_error(*argument, "the size of a temperature in degC has no meaning",
                        "a difference in K, such as abs(a - b)");
  const ValueType type = argument->type;
  auto node = over(NodeOp::absolute, std::move(argument), nullptr);
  node->type = type;
  return node;
}

NodePtr FormulaBuilder::change_over_time(NodeOp op, std::vector<NodePtr> arguments) {
  ExpressionNode& subject = *arguments[0];
  if (!is_number(subject)) return broken(subject.begin, subject.end);
  ValueType type = subject.type;
  const auto rate = rate_of(type.dimension);
  if (op == NodeOp::rate && !rate)
    return broken_error(subject, "there is no unit for the rate of " + describe(type.dimension),
                        "delta(...), or the rate of a voltage, current, temperature or plain number");
  type.dimension = op == NodeOp::rate ? *rate : delta_of(type.dimension);
  type.counted = type.counted && op == NodeOp::delta;
  TimeNs length = 0;
  if (arguments.size() == 2 && (length = window(*arguments[1])) == 0) return broken(subject.begin, subject.end);
  auto node = over(op, std::move(arguments[0]), nullptr);
  node->type = type;
  node->window = length;
  return node;
}

NodePtr FormulaBuilder::edge(NodeOp op, NodePtr argument) {
  const ValueType& type = argument->type;
  const bool contactor = type.kind == ValueKind::code && type.vocabulary == Vocabulary::contactor;
  if (op != NodeOp::changes && !contactor)
    return broken_error(*argument, quoted(*argument) + " is not a contactor",
                        "a contactor such as truth.main_contactor");
  if (type.kind == ValueKind::word || type.kind == ValueKind::truth)
    return broken_error(*argument, quoted(*argument) + " is " + describe(type) + " where a signal is needed",
                        "a signal such as device.state");
  if (!is_scalar(*argument)) return broken(argument->begin, argument->end);
  auto node = over(op, std::move(argument), nullptr);
  node->type = {.kind = ValueKind::truth};
  return node;
}

}  // namespace packbench::sim
