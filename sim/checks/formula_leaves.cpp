// Quantities, constants, signals, their elements, and words.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "sim/checks/dimension_rules.h"
#include "sim/checks/formula_builder.h"
#include "sim/checks/nearest_name.h"

namespace packbench::sim {
namespace {

constexpr std::array kVocabularies{Vocabulary::contactor, Vocabulary::on_off, Vocabulary::bms_state, Vocabulary::fault,
                                   Vocabulary::reset_reason};

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
    case SignalKind::code:
      type.kind = ValueKind::code;
      return type;
    case SignalKind::set:
      type.kind = ValueKind::set;
      return type;
    case SignalKind::number:
      break;
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

bool FormulaBuilder::is_word(std::string_view name) {
  return name == kNoneWord ||
         std::ranges::any_of(kVocabularies, [&](Vocabulary v) { return code_of(v, name).has_value(); });
}

NodePtr FormulaBuilder::constant(double value, Dimension dimension, std::size_t begin, std::size_t end) {
  auto node = std::make_unique<ExpressionNode>();
  node->op = NodeOp::constant;
  node->type = {.kind = ValueKind::number, .dimension = dimension};
  node->value = value;
  node->begin = begin;
  node->end = end;
  return node;
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
  error(token.begin,
        "the C-rate '" + std::string(token.text) + "' needs the capacity of a pack, which is not known here",
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
    return broken_error(*node, "only a signal with several values has elements",
                        "a signal such as truth.cell_voltage[8]");
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

}  // namespace packbench::sim
