// Makes the typed nodes of a formula and says what is wrong where kinds, units or shapes do not fit.
//
// A node that could not be typed is `broken`; whatever is built on it stays broken without a further error, so that one
// mistake gives one message and parsing goes on to find the next.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checks/expression_node.h"
#include "sim/checks/lexer.h"

namespace packbench::sim {

using NodePtr = std::unique_ptr<ExpressionNode>;

class FormulaBuilder {
 public:
  FormulaBuilder(std::string_view text, const SymbolTable& symbols) : text_(text), symbols_(symbols) {}

  // Leaves.
  NodePtr quantity(const Token& token);
  NodePtr name(const Token& token);  // constant of the scenario, signal, or word
  NodePtr element(NodePtr signal, const Token& number, std::size_t end);

  // Numbers.
  NodePtr negate(NodePtr operand, std::size_t begin);
  NodePtr arithmetic(NodeOp op, NodePtr left, NodePtr right);
  NodePtr call(const Token& function, std::vector<NodePtr> arguments, std::size_t end);

  // Truths.
  NodePtr compare(NodeOp op, NodePtr left, NodePtr right, const Token& sign);
  NodePtr contains(NodePtr set, const Token& word);
  NodePtr negation(NodePtr operand, std::size_t begin);
  NodePtr combine(NodeOp op, NodePtr left, NodePtr right);
  NodePtr held(NodePtr operand, const ExpressionNode& duration);
  NodePtr formula(NodePtr node);  // a whole formula has to be a truth

  void error(std::size_t offset, std::string what, std::string expected);
  std::vector<ExpressionError> take_errors() { return std::move(errors_); }
  bool failed() const { return !errors_.empty(); }
  static bool is_function(std::string_view name);

 private:
  static NodePtr constant(double value, Dimension dimension, std::size_t begin, std::size_t end);
  static bool is_word(std::string_view name);  // of any vocabulary
  NodePtr broken(std::size_t begin, std::size_t end) const;
  NodePtr broken_error(const ExpressionNode& at, std::string what, std::string expected);
  NodePtr over(NodeOp op, NodePtr left, NodePtr right) const;  // node with children, type still to be set
  NodePtr signal(Signal id, const Token& token);
  NodePtr unknown_name(const Token& token);
  bool is_number(const ExpressionNode& node);
  bool is_scalar(const ExpressionNode& node);
  bool is_truth(const ExpressionNode& node);
  TimeNs window(const ExpressionNode& duration);  // 0 after an error
  NodePtr compare_codes(NodeOp op, NodePtr left, NodePtr right, const Token& sign);
  NodePtr compare_numbers(NodeOp op, NodePtr left, NodePtr right);
  bool resolve_word(ExpressionNode& word, const ExpressionNode& coded);
  NodePtr extremum(NodeOp op, const Token& function, std::vector<NodePtr> arguments, std::size_t end);
  NodePtr total(NodeOp op, NodePtr argument);
  NodePtr absolute(NodePtr argument);
  NodePtr change_over_time(NodeOp op, std::vector<NodePtr> arguments);
  NodePtr edge(NodeOp op, NodePtr argument);
  std::string quoted(const ExpressionNode& node) const;

  std::string_view text_;
  const SymbolTable& symbols_;
  std::vector<ExpressionError> errors_;
};

// "a voltage (V)", "15 values, each a voltage (V)", "a coded word", "true or false".
std::string describe(const ValueType& type);

}  // namespace packbench::sim
