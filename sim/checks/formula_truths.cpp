// Comparisons, membership, and/or/not and `for`.
#include <algorithm>
#include <cmath>
#include <utility>

#include "sim/checks/dimension_rules.h"
#include "sim/checks/formula_builder.h"
#include "sim/checks/nearest_name.h"

namespace packbench::sim {
namespace {

constexpr double kLongestWindow_s = 24.0 * 3600.0;
constexpr ValueType kTruthType{.kind = ValueKind::truth};

std::string one_of(Vocabulary vocabulary) {
  std::string list = "one of ";
  for (const std::string_view word : words(vocabulary)) list += std::string(word) + ", ";
  return list.substr(0, list.size() - 2);
}

constexpr std::size_t kShortList = 16;  // longer vocabularies are not printed when a suggestion says it all

std::string expected_word(Vocabulary vocabulary, std::string_view written) {
  const std::vector<std::string> known(words(vocabulary).begin(), words(vocabulary).end());
  const auto nearest = nearest_name(written, known);
  if (!nearest) return one_of(vocabulary);
  const std::string suggestion = "did you mean '" + *nearest + "'?";
  return known.size() > kShortList ? suggestion : one_of(vocabulary) + "; " + suggestion;
}

bool is_equality(NodeOp op) { return op == NodeOp::equal || op == NodeOp::not_equal; }

}  // namespace

bool FormulaBuilder::is_scalar(const ExpressionNode& node) {
  if (!node.type.array) return true;
  std::string expected = "one number, as max(...) or min(...) of it";
  if (node.op == NodeOp::signal) {
    const std::string name = spec_of(node.signal).full_name();
    expected = "one number, such as max(" + name + "), min(" + name + ") or one element as in " + name + "[1]";
  }
  error(node.begin, quoted(node) + " has " + std::to_string(node.type.count) + " values where one is compared",
        std::move(expected));
  return false;
}

bool FormulaBuilder::is_truth(const ExpressionNode& node) {
  if (node.type.kind == ValueKind::truth) return true;
  if (node.type.kind == ValueKind::word) {
    error(node.begin, "unknown name " + quoted(node), "a comparison such as truth.pack_current > 1 A");
  } else if (node.type.kind == ValueKind::code) {
    error(node.begin, quoted(node) + " is a coded word where true or false is needed",
          "a comparison such as " + quoted(node).substr(1, node.end - node.begin) +
              " == " + std::string(words(node.type.vocabulary).front()));
  } else if (node.type.kind == ValueKind::set) {
    error(node.begin, quoted(node) + " is a set of words where true or false is needed",
          "'contains' and a word, such as " + quoted(node).substr(1, node.end - node.begin) + " contains cell_ov");
  } else if (node.type.kind != ValueKind::broken) {
    error(node.begin, quoted(node) + " is " + describe(node.type) + " where true or false is needed",
          "a comparison with <, <=, >, >=, == or !=");
  }
  return false;
}

NodePtr FormulaBuilder::compare(NodeOp op, NodePtr left, NodePtr right, const Token& sign) {
  const auto is_broken = [](const NodePtr& n) { return n->type.kind == ValueKind::broken; };
  if (is_broken(left) || is_broken(right)) return broken(left->begin, right->end);
  const auto is_coded = [](const NodePtr& n) { return n->type.kind == ValueKind::code; };
  if (is_coded(left) || is_coded(right)) return compare_codes(op, std::move(left), std::move(right), sign);
  if (left->type.kind == ValueKind::set)
    return broken_error(*left, quoted(*left) + " is a set of words and cannot be compared", "'contains' and a word");
  return compare_numbers(op, std::move(left), std::move(right));
}

NodePtr FormulaBuilder::compare_numbers(NodeOp op, NodePtr left, NodePtr right) {
  const bool left_is_number = is_number(*left);  // both are looked at, so that both are reported
  if (!is_number(*right) || !left_is_number) return broken(left->begin, right->end);
  const Dimension a = left->type.dimension;
  const Dimension b = right->type.dimension;
  if (a != b) {
    return broken_error(*right, quoted(*left) + " is " + describe(a) + " and cannot be compared with " + describe(b),
                        "a value in " + (a == Dimension::one ? "% or without a unit" : std::string(unit_of(a))));
  }
  const bool left_is_scalar = is_scalar(*left);
  if (!is_scalar(*right) || !left_is_scalar) return broken(left->begin, right->end);
  auto node = over(op, std::move(left), std::move(right));
  node->type = kTruthType;
  return node;
}

bool FormulaBuilder::resolve_word(ExpressionNode& word, const ExpressionNode& coded) {
  const Vocabulary vocabulary = coded.type.vocabulary;
  const std::string_view written = text_.substr(word.begin, word.end - word.begin);
  const bool nothing = written == kNoneWord && vocabulary == Vocabulary::fault && coded.type.kind == ValueKind::code;
  const auto code = nothing ? std::optional(kNone) : code_of(vocabulary, written);
  if (!code) {
    error(word.begin, "'" + std::string(written) + "' is not a word of " + quoted(coded),
          expected_word(vocabulary, written));
    return false;
  }
  word.op = NodeOp::constant;
  word.type = {.kind = ValueKind::code, .vocabulary = vocabulary};
  word.value = *code;
  return true;
}

NodePtr FormulaBuilder::compare_codes(NodeOp op, NodePtr left, NodePtr right, const Token& sign) {
  ExpressionNode& coded = left->type.kind == ValueKind::code ? *left : *right;
  ExpressionNode& other = &coded == left.get() ? *right : *left;
  if (!is_equality(op)) {
    error(sign.begin, quoted(coded) + " is a coded word and has no order", "== or !=");
    return broken(left->begin, right->end);
  }
  if (other.type.kind == ValueKind::word && !resolve_word(other, coded)) return broken(left->begin, right->end);
  if (other.type.kind != ValueKind::code || other.type.vocabulary != coded.type.vocabulary)
    return broken_error(other,
                        quoted(other) + " is " + describe(other.type) + " and cannot be compared with " + quoted(coded),
                        one_of(coded.type.vocabulary));
  const bool left_is_scalar = is_scalar(*left);
  if (!is_scalar(*right) || !left_is_scalar) return broken(left->begin, right->end);
  auto node = over(op, std::move(left), std::move(right));
  node->type = kTruthType;
  return node;
}

NodePtr FormulaBuilder::contains(NodePtr set, const Token& word) {
  if (set->type.kind == ValueKind::broken) return broken(set->begin, word.end);
  if (set->type.kind != ValueKind::set)
    return broken_error(*set, quoted(*set) + " is " + describe(set->type) + ", not a set of words",
                        "a set: device.faults, device.warnings or device.latched_faults");
  auto member = broken(word.begin, word.end);
  if (!resolve_word(*member, *set)) return broken(set->begin, word.end);
  auto node = over(NodeOp::contains, std::move(set), std::move(member));
  node->type = kTruthType;
  return node;
}

NodePtr FormulaBuilder::negation(NodePtr operand, std::size_t begin) {
  if (!is_truth(*operand)) return broken(begin, operand->end);
  auto node = over(NodeOp::negation, std::move(operand), nullptr);
  node->type = kTruthType;
  node->begin = begin;
  return node;
}

NodePtr FormulaBuilder::combine(NodeOp op, NodePtr left, NodePtr right) {
  const bool left_is_truth = is_truth(*left);
  if (!is_truth(*right) || !left_is_truth) return broken(left->begin, right->end);
  auto node = over(op, std::move(left), std::move(right));
  node->type = kTruthType;
  return node;
}

TimeNs FormulaBuilder::window(const ExpressionNode& duration) {
  if (duration.type.kind == ValueKind::broken) return 0;
  const bool constant_time = duration.op == NodeOp::constant && duration.type.kind == ValueKind::number &&
                             duration.type.dimension == Dimension::time;
  const bool sensible = constant_time && duration.value >= 1e-9 && duration.value <= kLongestWindow_s;
  if (!sensible) {
    error(duration.begin, quoted(duration) + " is not a duration that can be used here",
          "a time above 0 s and up to 24 h, such as 2 s");
    return 0;
  }
  return static_cast<TimeNs>(std::llround(duration.value * 1e9));
}

NodePtr FormulaBuilder::held(NodePtr operand, const ExpressionNode& duration) {
  const bool truth = is_truth(*operand);
  const TimeNs length = window(duration);
  if (!truth || length == 0) return broken(operand->begin, duration.end);
  auto node = over(NodeOp::held, std::move(operand), nullptr);
  node->type = kTruthType;
  node->window = length;
  node->end = duration.end;
  return node;
}

NodePtr FormulaBuilder::formula(NodePtr node) {
  if (!is_truth(*node)) return broken(node->begin, node->end);
  return node;
}

}  // namespace packbench::sim
