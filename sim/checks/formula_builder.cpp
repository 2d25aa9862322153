// What all nodes share, and arithmetic. Leaves, truths and functions are in formula_leaves, _truths and _functions.cpp.
#include "sim/checks/formula_builder.h"

#include <optional>
#include <utility>

#include "sim/checks/dimension_rules.h"

namespace packbench::sim {
namespace {

bool is_constant(const ExpressionNode& node) { return node.op == NodeOp::constant; }

double folded(NodeOp op, double left, double right) {
  switch (op) {
    case NodeOp::add:
      return left + right;
    case NodeOp::subtract:
      return left - right;
    case NodeOp::multiply:
      return left * right;
    default:
      return left / right;
  }
}

std::optional<Product> result_of(NodeOp op, Dimension left, Dimension right) {
  const auto plain = [](std::optional<Dimension> d) { return d ? std::optional(Product{*d}) : std::nullopt; };
  switch (op) {
    case NodeOp::add:
      return plain(sum_of(left, right));
    case NodeOp::subtract:
      return plain(difference_of(left, right));
    case NodeOp::multiply:
      return product_of(left, right);
    default:
      return quotient_of(left, right);
  }
}

std::string_view verb(NodeOp op) {
  switch (op) {
    case NodeOp::add:
      return "added to";
    case NodeOp::subtract:
      return "reduced by";
    case NodeOp::multiply:
      return "multiplied by";
    default:
      return "divided by";
  }
}

std::string_view arithmetic_hint(NodeOp op, Dimension left, Dimension right) {
  if (left == Dimension::temperature && right == Dimension::temperature)
    return "a difference of two temperatures, which is in K";
  if (left == Dimension::temperature || right == Dimension::temperature)
    return "a difference in K, since a temperature in degC is not a size";
  const bool additive = op == NodeOp::add || op == NodeOp::subtract;
  return additive ? "two quantities of the same kind"
                  : "quantities whose product or quotient has a unit of this language";
}

}  // namespace

std::string describe(const ValueType& type) {
  const std::string each = type.array ? std::to_string(type.count) + " values, each " : "";
  switch (type.kind) {
    case ValueKind::truth:
      return "true or false";
    case ValueKind::number:
      return each + describe(type.dimension);
    case ValueKind::code:
      return each + "a coded word";
    case ValueKind::set:
      return "a set of words";
    case ValueKind::word:
      return "a word";
    case ValueKind::broken:
      return "not understood";
  }
  return "";
}

void FormulaBuilder::error(std::size_t offset, std::string what, std::string expected) {
  errors_.push_back({column_of(text_, offset), std::move(what), std::move(expected)});
}

NodePtr FormulaBuilder::broken(std::size_t begin, std::size_t end) const {
  auto node = std::make_unique<ExpressionNode>();
  node->begin = begin;
  node->end = end;
  return node;
}

NodePtr FormulaBuilder::broken_error(const ExpressionNode& at, std::string what, std::string expected) {
  error(at.begin, std::move(what), std::move(expected));
  return broken(at.begin, at.end);
}

NodePtr FormulaBuilder::over(NodeOp op, NodePtr left, NodePtr right) const {
  auto node = std::make_unique<ExpressionNode>();
  node->op = op;
  node->begin = left->begin;
  node->end = right ? right->end : left->end;
  node->children.push_back(std::move(left));
  if (right) node->children.push_back(std::move(right));
  return node;
}

std::string FormulaBuilder::quoted(const ExpressionNode& node) const {
  return "'" + std::string(text_.substr(node.begin, node.end - node.begin)) + "'";
}

bool FormulaBuilder::is_number(const ExpressionNode& node) {
  if (node.type.kind == ValueKind::number) return true;
  if (node.type.kind == ValueKind::word) {
    const bool known = is_word(text_.substr(node.begin, node.end - node.begin));
    error(node.begin, known ? quoted(node) + " is a word where a number is needed" : "unknown name " + quoted(node),
          "a signal such as truth.pack_current, a quantity or a function");
  } else if (node.type.kind != ValueKind::broken) {
    error(node.begin, quoted(node) + " is " + describe(node.type) + " where a number is needed", "a number");
  }
  return false;
}

NodePtr FormulaBuilder::negate(NodePtr operand, std::size_t begin) {
  if (!is_number(*operand)) return broken(begin, operand->end);
  if (is_constant(*operand)) return constant(-operand->value, operand->type.dimension, begin, operand->end);
  if (operand->type.dimension == Dimension::temperature)
    return broken_error(*operand, "the negative of a temperature in degC has no meaning", "a difference in K");
  const ValueType type = operand->type;
  auto node = over(NodeOp::negate, std::move(operand), nullptr);
  node->type = type;
  node->begin = begin;
  return node;
}

NodePtr FormulaBuilder::arithmetic(NodeOp op, NodePtr left, NodePtr right) {
  const bool left_is_number = is_number(*left);
  if (!is_number(*right) || !left_is_number) return broken(left->begin, right->end);
  const ValueType a = left->type;
  const ValueType b = right->type;
  const auto result = result_of(op, a.dimension, b.dimension);
  if (!result)
    return broken_error(*left,
                        describe(a.dimension) + " cannot be " + std::string(verb(op)) + " " + describe(b.dimension),
                        std::string(arithmetic_hint(op, a.dimension, b.dimension)));
  if (a.array && b.array && a.count != b.count)
    return broken_error(*left,
                        quoted(*left) + " has " + std::to_string(a.count) + " elements and " + quoted(*right) +
                            " has " + std::to_string(b.count),
                        "arrays of the same length");
  if (is_constant(*left) && is_constant(*right))
    return constant(folded(op, left->value, right->value) * result->factor, result->dimension, left->begin, right->end);
  auto node = over(op, std::move(left), std::move(right));
  node->type = {.kind = ValueKind::number,
                .dimension = result->dimension,
                .array = a.array || b.array,
                .count = a.array ? a.count : b.count,
                .counted = (op == NodeOp::add || op == NodeOp::subtract) && a.counted && b.counted};
  node->value = result->factor;
  return node;
}

}  // namespace packbench::sim
