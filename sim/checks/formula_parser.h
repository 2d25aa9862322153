// Recursive descent over the grammar of expression.h. Nesting is limited, so that no text can exhaust the stack.
#pragma once

#include <string_view>

#include "sim/checks/formula_builder.h"
#include "sim/checks/lexer.h"

namespace packbench::sim {

inline constexpr std::size_t kLongestFormula = 4000;  // characters
inline constexpr int kDeepestNesting = 64;            // brackets, signs and `not` inside each other

class FormulaParser {
 public:
  FormulaParser(std::string_view text, FormulaBuilder& builder) : text_(text), build_(builder) { advance(); }

  // The whole text as one formula; null after a syntax error, which the builder then holds.
  NodePtr whole();

 private:
  NodePtr formula();
  NodePtr disjunct();
  NodePtr conjunct();
  NodePtr negation();
  NodePtr comparison();
  NodePtr sum();
  NodePtr product();
  NodePtr unary();
  NodePtr primary();
  NodePtr named();
  NodePtr call(const Token& function);
  NodePtr indexed(NodePtr signal);
  NodePtr bracketed();
  NodePtr nested(NodePtr (FormulaParser::*rule)());

  NodePtr syntax_error(std::string_view expected);
  bool take(std::string_view symbol);
  void advance() { token_ = next_token(text_, token_.end); }

  std::string_view text_;
  FormulaBuilder& build_;
  Token token_{};
  int depth_ = 0;
};

}  // namespace packbench::sim
