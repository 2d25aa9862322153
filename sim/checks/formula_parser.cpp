#include "sim/checks/formula_parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace packbench::sim {
namespace {

struct Sign {
  std::string_view text;
  NodeOp op;
};
constexpr std::array kComparisons{Sign{"<", NodeOp::less},    Sign{"<=", NodeOp::less_equal},
                                  Sign{">", NodeOp::greater}, Sign{">=", NodeOp::greater_equal},
                                  Sign{"==", NodeOp::equal},  Sign{"!=", NodeOp::not_equal}};
constexpr std::array<std::string_view, 5> kKeywords{"and", "or", "not", "for", "contains"};

std::optional<NodeOp> comparison_of(const Token& token) {
  if (token.kind != TokenKind::symbol) return std::nullopt;
  for (const Sign& sign : kComparisons) {
    if (sign.text == token.text) return sign.op;
  }
  return std::nullopt;
}

bool is_keyword(const Token& token) {
  for (const std::string_view keyword : kKeywords) {
    if (token.is(keyword)) return true;
  }
  return false;
}

// What another language would have written here.
std::string_view foreign(std::string_view text) {
  if (text == "&&" || text == "&") return "'and'";
  if (text == "||" || text == "|") return "'or'";
  if (text == "!") return "'not'";
  if (text == "=") return "'=='";
  return "";
}

bool has_signal_of_a_device(const ExpressionNode& node) {
  if (node.op == NodeOp::signal) {
    const Group group = spec_of(node.signal).group;
    return group != Group::truth && group != Group::sensed;
  }
  return std::ranges::any_of(node.children, [](const auto& child) { return has_signal_of_a_device(*child); });
}

bool has_signal(const ExpressionNode& node) {
  return node.op == NodeOp::signal ||
         std::ranges::any_of(node.children, [](const NodePtr& child) { return has_signal(*child); });
}

}  // namespace

bool Expression::names_a_signal() const { return root_ != nullptr && has_signal(*root_); }

bool Expression::needs_a_device() const { return root_ != nullptr && has_signal_of_a_device(*root_); }

// Records the first syntax error only: what follows it would be guesswork.
NodePtr FormulaParser::syntax_error(std::string_view expected) {
  const std::string what =
      token_.kind == TokenKind::end ? "the formula ends too early" : "unexpected '" + std::string(token_.text) + "'";
  const std::string_view known = token_.kind == TokenKind::invalid ? foreign(token_.text) : "";
  build_.error(token_.begin, what, std::string(known.empty() ? expected : known));
  return nullptr;
}

bool FormulaParser::take(std::string_view symbol) {
  if (!token_.is(symbol)) return false;
  advance();
  return true;
}

NodePtr FormulaParser::nested(NodePtr (FormulaParser::*rule)()) {
  if (depth_ >= kDeepestNesting) {
    build_.error(token_.begin, "the formula is nested more than " + std::to_string(kDeepestNesting) + " levels deep",
                 "fewer brackets");
    return nullptr;
  }
  ++depth_;
  NodePtr node = (this->*rule)();
  --depth_;
  return node;
}

NodePtr FormulaParser::whole() {
  if (token_.kind == TokenKind::end) return syntax_error("a formula such as truth.pack_current <= 0.2 A");
  NodePtr node = formula();
  if (!node) return nullptr;
  if (comparison_of(token_)) return syntax_error("'and' between two comparisons, since they cannot be chained");
  if (token_.kind != TokenKind::end) return syntax_error("an operator, 'and', 'or', 'for' or the end");
  return build_.formula(std::move(node));
}

NodePtr FormulaParser::formula() {
  NodePtr node = disjunct();
  if (!node || !take("for")) return node;
  const NodePtr duration = sum();
  return duration ? build_.held(std::move(node), *duration) : nullptr;
}

NodePtr FormulaParser::disjunct() {
  NodePtr node = conjunct();
  while (node && take("or")) {
    NodePtr right = conjunct();
    node = right ? build_.combine(NodeOp::disjunction, std::move(node), std::move(right)) : nullptr;
  }
  return node;
}

NodePtr FormulaParser::conjunct() {
  NodePtr node = negation();
  while (node && take("and")) {
    NodePtr right = negation();
    node = right ? build_.combine(NodeOp::conjunction, std::move(node), std::move(right)) : nullptr;
  }
  return node;
}

NodePtr FormulaParser::negation() {
  const std::size_t begin = token_.begin;
  if (!take("not")) return comparison();
  NodePtr operand = nested(&FormulaParser::negation);
  return operand ? build_.negation(std::move(operand), begin) : nullptr;
}

NodePtr FormulaParser::comparison() {
  NodePtr left = sum();
  if (!left) return nullptr;
  if (take("contains")) {
    const Token word = token_;
    if (word.kind != TokenKind::name || is_keyword(word)) return syntax_error("a word, such as cell_ov");
    advance();
    return build_.contains(std::move(left), word);
  }
  if (token_.kind == TokenKind::invalid) return syntax_error("a comparison or another operator");
  const auto op = comparison_of(token_);
  if (!op) return left;
  const Token sign = token_;
  advance();
  NodePtr right = sum();
  return right ? build_.compare(*op, std::move(left), std::move(right), sign) : nullptr;
}

NodePtr FormulaParser::sum() {
  NodePtr node = product();
  while (node && (token_.is("+") || token_.is("-"))) {
    const NodeOp op = token_.is("+") ? NodeOp::add : NodeOp::subtract;
    advance();
    NodePtr right = product();
    node = right ? build_.arithmetic(op, std::move(node), std::move(right)) : nullptr;
  }
  return node;
}

NodePtr FormulaParser::product() {
  NodePtr node = unary();
  while (node && (token_.is("*") || token_.is("/"))) {
    const NodeOp op = token_.is("*") ? NodeOp::multiply : NodeOp::divide;
    advance();
    NodePtr right = unary();
    node = right ? build_.arithmetic(op, std::move(node), std::move(right)) : nullptr;
  }
  return node;
}

NodePtr FormulaParser::unary() {
  const std::size_t begin = token_.begin;
  if (!take("-")) return primary();
  NodePtr operand = nested(&FormulaParser::unary);
  return operand ? build_.negate(std::move(operand), begin) : nullptr;
}

NodePtr FormulaParser::primary() {
  if (token_.kind == TokenKind::quantity) {
    const Token token = token_;
    advance();
    return build_.quantity(token);
  }
  if (token_.is("(")) return bracketed();
  if (token_.kind == TokenKind::name && !is_keyword(token_)) return named();
  return syntax_error("a signal, a quantity, a function or '('");
}

NodePtr FormulaParser::bracketed() {
  advance();
  NodePtr node = nested(&FormulaParser::formula);
  if (node && !take(")")) return syntax_error("')'");
  return node;
}

NodePtr FormulaParser::named() {
  const Token name = token_;
  advance();
  if (token_.is("(")) return call(name);
  NodePtr node = build_.name(name);
  return token_.is("[") ? indexed(std::move(node)) : std::move(node);
}

NodePtr FormulaParser::call(const Token& function) {
  if (!FormulaBuilder::is_function(function.text)) {
    build_.error(function.begin, "unknown function '" + std::string(function.text) + "'",
                 "min, max, sum, mean, abs, delta, rate, opens, closes or changes");
    return nullptr;
  }
  advance();
  std::vector<NodePtr> arguments;
  do {
    arguments.push_back(nested(&FormulaParser::formula));
    if (!arguments.back()) return nullptr;
  } while (take(","));
  const std::size_t end = token_.end;
  if (!take(")")) return syntax_error("',' or ')'");
  return build_.call(function, std::move(arguments), end);
}

NodePtr FormulaParser::indexed(NodePtr signal) {
  advance();
  const Token number = token_;
  if (number.kind != TokenKind::quantity) return syntax_error("the number of a cell or sensor, counted from 1");
  advance();
  const std::size_t end = token_.end;
  if (!take("]")) return syntax_error("']'");
  return build_.element(std::move(signal), number, end);
}

std::variant<Expression, std::vector<ExpressionError>> parse_formula(std::string_view text,
                                                                     const SymbolTable& symbols) {
  if (text.size() > kLongestFormula) {
    return std::vector<ExpressionError>{{1, "the formula has " + std::to_string(text.size()) + " characters",
                                         "at most " + std::to_string(kLongestFormula)}};
  }
  FormulaBuilder builder(text, symbols);
  NodePtr root = FormulaParser(text, builder).whole();
  if (builder.failed()) {
    auto errors = builder.take_errors();
    std::ranges::stable_sort(errors, {}, &ExpressionError::column);
    return errors;
  }
  return Expression(std::string(text), std::shared_ptr<const ExpressionNode>(std::move(root)));
}

}  // namespace packbench::sim
