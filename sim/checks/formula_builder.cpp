// Leaves and arithmetic; comparisons and truths are in formula_truths.cpp, functions in formula_functions.cpp.
#include "sim/checks/formula_builder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "sim/checks/dimension_rules.h"
#include "sim/checks/nearest_name.h"

namespace packbench::sim {
namespace {

bool is_constant(const ExpressionNode& node) { return node.op == NodeOp::constant; }

double folded(NodeOp op, double left, double right) {
  switch (op) {
    case NodeOp::add: return left + right;
    case NodeOp::subtract: return left - right;
    case NodeOp::multiply: return left * right;
    default: return left / right;
  }
}

std::optional<Product> result_of(NodeOp op, Dimension left, Dimension right) {
  const auto plain = [](std::optional<Dimension> d) { return d ? std::optional(Product{*d}) : std::nullopt; };
  switch (op) {
    case NodeOp::add: return plain(sum_of(left, right));
    case NodeOp::subtract: return plain(difference_of(left, right));
    case NodeOp::multiply: return product_of(left, right);
    default: return quotient_of(left, right);
  }
}

std::string_view verb(NodeOp op) {
  switch (op) {
    case NodeOp::add: return "added to";
    case NodeOp::subtract: return "reduced by";
    case NodeOp::multiply: return "multiplied by";
    default: return "divided by";
  }
}

std::string_view arithmetic_hint(NodeOp op, Dimension left, Dimension right) {
  if (left == Dimension::temperature && right == Dimension::temperature)
    return "a difference of two temperatures, which is in K";
  if (left == Dimension::temperature || right == Dimension::temperature)
    return "a difference in K, since a temperature in degC is not a size";
  const bool additive = op == NodeOp::add || op == NodeOp::subtract;
  return additive ? "two quantities of the same kind" : "quantities whose product or quotient has a unit of this language";
}

std::unique_ptr<ExpressionNode> constant(double value, Dimension dimension, std::size_t begin, std::size_t end) {
  auto node = std::make_unique<ExpressionNode>();
  node->op = NodeOp::constant;
  node->type = {.kind = ValueKind::number, .dimension = dimension};
  node->value = value;
  node->begin = begin;
  node->end = end;
  return node;
}

constexpr std::array kVocabularies{Vocabulary::contactor, Vocabulary::on_off, Vocabulary::bms_state, Vocabulary::fault,
                                   Vocabulary::reset_reason};

bool is_word(std::string_view name) {
  return std::ranges::any_of(kVocabularies, [&](Vocabulary v) { return code_of(v, name).has_value(); });
}

// Words come first, so that a misspelt word is not taken for a signal that is as near.
std::vector<std::string> all_names(const SymbolTable& symbols) {
  std::vector<std::string> names;
  for (const Vocabulary v : kVocabularies) names.insert(names.end(), words(v).begin(), words(v).end());
  for (const auto& constant : symbols.constants) names.push_back(constant.first);
  for (const SignalSpec& spec : signal_table()) names.push_back(spec.full_name());
  return names;
}

bool counts_things(const SignalSpec& spec) {
  return spec.group == Group::link || spec.id == Signal::device_boot_count || spec.id == Signal::device_rx_errors ||
         spec.id == Signal::api_count;
}

ValueType type_of(const SignalSpec& spec, const SignalLayout& layout) {
  ValueType type;
  type.array = spec.shape != Shape::scalar;
  type.count = layout.count(spec.id);
  type.vocabulary = spec.vocabulary;
  switch (spec.kind) {
    case SignalKind::code: type.kind = ValueKind::code; return type;
    case SignalKind::set: type.kind = ValueKind::set; return type;
    case SignalKind::number: break;
  }
  type.kind = ValueKind::number;
  type.dimension = dimension_of_unit(spec.unit);
  type.counted = counts_things(spec);
  return type;
}

// Splits "unknown unit 'x' (expected V, mV)" into what and expected.
std::pair<std::string, std::string> split_expected(const std::string& sentence) {
  constexpr std::string_view kMarker = " (expected ";
  const auto at = sentence.find(kMarker);
  if (at == std::string::npos || !sentence.ends_with(')')) return {sentence, ""};
  const auto from = at + kMarker.size();
  return {sentence.substr(0, at), sentence.substr(from, sentence.size() - from - 1)};
}

}  // namespace

std::string describe(const ValueType& type) {
  const std::string each = type.array ? std::to_string(type.count) + " values, each " : "";
  switch (type.kind) {
    case ValueKind::truth: return "true or false";
    case ValueKind::number: return each + describe(type.dimension);
    case ValueKind::code: return each + "a coded word";
    case ValueKind::set: return "a set of words";
    case ValueKind::word: return "a word";
    case ValueKind::broken: return "not understood";
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

NodePtr FormulaBuilder::quantity(const Token& token) {
  const auto parsed = parse_quantity(token.text);
  if (const auto* sentence = std::get_if<std::string>(&parsed)) {
    auto [what, expected] = split_expected(*sentence);
    error(token.begin, std::move(what), std::move(expected));
    return broken(token.begin, token.end);
  }
  const Quantity& q = std::get<Quantity>(parsed);
  if (q.dimension != Dimension::c_rate) return constant(q.value, q.dimension, token.begin, token.end);
  if (symbols_.capacity_Ah > 0)
    return constant(q.value * symbols_.capacity_Ah, Dimension::current, token.begin, token.end);
  error(token.begin, "the C-rate '" + std::string(token.text) + "' needs the capacity of a pack, which is not known here",
        "a current in A");
  return broken(token.begin, token.end);
}

NodePtr FormulaBuilder::name(const Token& token) {
  for (const auto& [name, q] : symbols_.constants) {
    if (name == token.text) return constant(q.value, q.dimension, token.begin, token.end);
  }
  if (const auto id = find_signal(token.text)) return signal(*id, token);
  return unknown_name(token);
}

NodePtr FormulaBuilder::signal(Signal id, const Token& token) {
  const SignalSpec& spec = spec_of(id);
  if (symbols_.layout.count(id) == 0) {
    error(token.begin, "'" + spec.full_name() + "' has no values, since this pack has no temperature sensors",
          "a signal that this pack has");
    return broken(token.begin, token.end);
  }
  auto node = broken(token.begin, token.end);
  node->op = NodeOp::signal;
  node->type = type_of(spec, symbols_.layout);
  node->signal = id;
  return node;
}

// A name without a dot may be a word: its meaning follows from what it is compared with.
NodePtr FormulaBuilder::unknown_name(const Token& token) {
  const bool dotted = token.text.find('.') != std::string_view::npos;
  const auto nearest = nearest_name(token.text, all_names(symbols_));
  if (!dotted && (!nearest || is_word(*nearest))) {
    auto word = broken(token.begin, token.end);
    word->op = NodeOp::word;
    word->type.kind = ValueKind::word;
    return word;
  }
  std::string expected = "a signal such as truth.pack_current ('packbench list --signals' shows all)";
  if (nearest) expected = "did you mean '" + *nearest + "'?";
  error(token.begin, "unknown name '" + std::string(token.text) + "'", std::move(expected));
  return broken(token.begin, token.end);
}

NodePtr FormulaBuilder::element(NodePtr node, const Token& number, std::size_t end) {
  node->end = end;
  if (node->type.kind == ValueKind::broken) return node;
  if (node->op != NodeOp::signal || !node->type.array)
    return broken_error(*node, "only a signal with several values has elements", "a signal such as truth.cell_voltage[8]");
  int index = 0;
  const char* last = number.text.data() + number.text.size();
  const auto [stop, failure] = std::from_chars(number.text.data(), last, index);
  if (failure != std::errc() || stop != last || index < 1 || index > node->type.count) {
    const std::string range = "1 to " + std::to_string(node->type.count);
    error(number.begin, "element " + std::string(number.text) + " does not exist", "a whole number from " + range);
    return broken(node->begin, end);
  }
  node->index = index - 1;
  node->type.array = false;
  node->type.count = 1;
  return node;
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
    return broken_error(*left, describe(a.dimension) + " cannot be " + std::string(verb(op)) + " " + describe(b.dimension),
                        std::string(arithmetic_hint(op, a.dimension, b.dimension)));
  if (a.array && b.array && a.count != b.count)
    return broken_error(*left, quoted(*left) + " has " + std::to_string(a.count) + " elements and " + quoted(*right) +
                                   " has " + std::to_string(b.count), "arrays of the same length");
  if (is_constant(*left) && is_constant(*right))
    return constant(folded(op, left->value, right->value) * result->factor, result->dimension, left->begin, right->end);
  auto node = over(op, std::move(left), std::move(right));
  node->type = {.kind = ValueKind::number, .dimension = result->dimension, .array = a.array || b.array,
                .count = a.array ? a.count : b.count,
                .counted = (op == NodeOp::add || op == NodeOp::subtract) && a.counted && b.counted};
  node->value = result->factor;
  return node;
}

}  // namespace packbench::sim
