#include <stdexcept>

#include "sim/checks/program.h"

namespace packbench::sim {
namespace {

class Compiler {
 public:
  Compiler(const std::string& text, const SignalLayout& layout, TimeNs step)
      : text_(text), layout_(layout), step_(step) {}

  Program run(const ExpressionNode& root) {
    program_.result = truth(root);
    return std::move(program_);
  }

 private:
  Operand number(const ExpressionNode& node);
  Operand leaf(const ExpressionNode& node);
  Operand elementwise(Code code, const ExpressionNode& node);
  Operand reduction(Code each, Code pair, const ExpressionNode& node);
  Operand over_time(Code code, const ExpressionNode& node);
  int truth(const ExpressionNode& node);
  int order(const ExpressionNode& node);
  int equality(const ExpressionNode& node);
  int edge(Code code, const ExpressionNode& node);
  int logic(Code code, const ExpressionNode& node);
  int held(const ExpressionNode& node);
  int atom(const ExpressionNode& node);

  Operand numbers_for(const ValueType& type) {
    const int offset = static_cast<int>(program_.numbers.size());
    program_.numbers.resize(program_.numbers.size() + static_cast<std::size_t>(type.count), 0.0);
    return {.from_frame = false, .offset = offset, .stride = type.array ? 1 : 0};
  }
  Operand emit_number(Instruction instruction, const ValueType& type) {
    const Operand target = numbers_for(type);
    instruction.target = target.offset;
    program_.instructions.push_back(instruction);
    return target;
  }
  int emit_truth(Instruction instruction) {
    instruction.target = program_.truths++;
    program_.instructions.push_back(instruction);
    return instruction.target;
  }

  const std::string& text_;
  const SignalLayout& layout_;
  TimeNs step_;
  Program program_;
};

Operand Compiler::leaf(const ExpressionNode& node) {
  if (node.op == NodeOp::constant) {
    const Operand target = numbers_for(node.type);
    program_.numbers[static_cast<std::size_t>(target.offset)] = node.value;
    return target;
  }
  const int offset = layout_.offset(node.signal) + (node.index < 0 ? 0 : node.index);
  program_.signals.push_back({.from_frame = true, .offset = offset, .stride = node.type.count});
  return {.from_frame = true, .offset = offset, .stride = node.type.array ? 1 : 0};
}

Operand Compiler::elementwise(Code code, const ExpressionNode& node) {
  Instruction instruction{.code = code, .a = number(*node.children[0])};
  if (node.children.size() > 1) instruction.b = number(*node.children[1]);
  instruction.count = node.type.count;
  instruction.factor = node.value;
  return emit_number(instruction, node.type);
}

// min(a, array, b): each argument is reduced, then the results pairwise.
Operand Compiler::reduction(Code each, Code pair, const ExpressionNode& node) {
  const ValueType one{.kind = ValueKind::number};
  Operand result{};
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Operand argument = number(*node.children[i]);
    const Instruction reduce{.code = each, .a = argument, .count = node.children[i]->type.count};
    const Operand reduced = emit_number(reduce, one);
    result = i == 0 ? reduced : emit_number({.code = pair, .a = result, .b = reduced}, one);
  }
  return result;
}

Operand Compiler::over_time(Code code, const ExpressionNode& node) {
  Instruction instruction{.code = code, .a = number(*node.children[0]), .count = node.type.count};
  instruction.state = static_cast<int>(program_.histories.size());
  program_.histories.push_back({node.window, node.type.count});
  return emit_number(instruction, node.type);
}

Operand Compiler::number(const ExpressionNode& node) {
  switch (node.op) {
    case NodeOp::constant:
    case NodeOp::signal:
      return leaf(node);
    case NodeOp::add:
      return elementwise(Code::add, node);
    case NodeOp::subtract:
      return elementwise(Code::subtract, node);
    case NodeOp::multiply:
      return elementwise(Code::multiply, node);
    case NodeOp::divide:
      return elementwise(Code::divide, node);
    case NodeOp::negate:
      return elementwise(Code::negate, node);
    case NodeOp::absolute:
      return elementwise(Code::absolute, node);
    case NodeOp::minimum:
      return reduction(Code::lowest, Code::lower, node);
    case NodeOp::maximum:
      return reduction(Code::highest, Code::higher, node);
    case NodeOp::sum:
      return reduction(Code::total, Code::add, node);
    case NodeOp::mean:
      return reduction(Code::average, Code::add, node);
    case NodeOp::delta:
      return over_time(Code::delta, node);
    case NodeOp::rate:
      return over_time(Code::rate, node);
    default:
      throw std::logic_error("a formula's node that is no number was compiled as one");
  }
}

int Compiler::atom(const ExpressionNode& node) {
  const ValueType& compared = node.children[0]->type;
  Atom atom;
  atom.has_number = compared.kind == ValueKind::number && node.children.size() == 2;
  atom.dimension = compared.dimension;
  atom.scale = margin_scale(compared.dimension, compared.counted, step_);
  atom.text = text_.substr(node.begin, node.end - node.begin);
  program_.atoms.push_back(std::move(atom));
  return static_cast<int>(program_.atoms.size()) - 1;
}

int Compiler::order(const ExpressionNode& node) {
  const ExpressionNode& left = *node.children[0];
  const ExpressionNode& right = *node.children[1];
  Instruction instruction{.code = Code::order, .a = number(left), .b = number(right)};
  const bool greater = node.op == NodeOp::greater || node.op == NodeOp::greater_equal;
  instruction.factor = greater ? 1.0 : -1.0;
  instruction.strict = node.op == NodeOp::greater || node.op == NodeOp::less;
  instruction.swapped = left.op == NodeOp::constant && right.op != NodeOp::constant;
  instruction.atom = atom(node);
  return emit_truth(instruction);
}

int Compiler::equality(const ExpressionNode& node) {
  const ExpressionNode& left = *node.children[0];
  const ExpressionNode& right = *node.children[1];
  Instruction instruction{.code = Code::equality, .a = number(left), .b = number(right)};
  if (left.type.kind == ValueKind::code) instruction.code = Code::word_equality;
  instruction.factor = node.op == NodeOp::equal ? 1.0 : -1.0;
  instruction.swapped = left.op == NodeOp::constant && right.op != NodeOp::constant;
  instruction.atom = atom(node);
  return emit_truth(instruction);
}

int Compiler::edge(Code code, const ExpressionNode& node) {
  Instruction instruction{.code = code, .a = number(*node.children[0]), .state = program_.last_values++};
  instruction.atom = atom(node);
  return emit_truth(instruction);
}

int Compiler::logic(Code code, const ExpressionNode& node) {
  Instruction instruction{.code = code, .left = truth(*node.children[0])};
  if (node.children.size() > 1) instruction.right = truth(*node.children[1]);
  return emit_truth(instruction);
}

int Compiler::held(const ExpressionNode& node) {
  Instruction instruction{.code = Code::held, .left = truth(*node.children[0])};
  instruction.state = static_cast<int>(program_.held_windows.size());
  program_.held_windows.push_back(node.window);
  return emit_truth(instruction);
}

int Compiler::truth(const ExpressionNode& node) {
  switch (node.op) {
    case NodeOp::less:
    case NodeOp::less_equal:
    case NodeOp::greater:
    case NodeOp::greater_equal:
      return order(node);
    case NodeOp::equal:
    case NodeOp::not_equal:
      return equality(node);
    case NodeOp::contains: {
      const Instruction instruction{
          .code = Code::membership, .a = number(*node.children[0]), .b = leaf(*node.children[1]), .atom = atom(node)};
      return emit_truth(instruction);
    }
    case NodeOp::opens:
      return edge(Code::opened, node);
    case NodeOp::closes:
      return edge(Code::closed, node);
    case NodeOp::changes:
      return edge(Code::changed, node);
    case NodeOp::conjunction:
      return logic(Code::conjunction, node);
    case NodeOp::disjunction:
      return logic(Code::disjunction, node);
    case NodeOp::negation:
      return logic(Code::negation, node);
    case NodeOp::held:
      return held(node);
    default:
      throw std::logic_error("a formula's node that is no truth was compiled as one");
  }
}

}  // namespace

Program compile(const Expression& formula, const SignalLayout& layout, TimeNs step) {
  if (formula.empty()) throw std::logic_error("an empty formula cannot be evaluated");
  return Compiler(formula.text(), layout, step).run(formula.root());
}

}  // namespace packbench::sim
