#include "sim/checks/evaluator.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>

namespace packbench::sim {
namespace {

// A truth without slack of its own.
Scored decided(bool truth) {
  Scored scored;
  scored.score = truth ? kUnbounded : -kUnbounded;
  scored.slack = scored.score;
  return scored;
}

// NaN wins over numbers, whatever its place.
double lower(double a, double b) { return std::isnan(a) || a < b ? a : b; }
double higher(double a, double b) { return std::isnan(a) || a > b ? a : b; }

template <typename Pick>
double picked(const double* x, int count, Pick pick) {
  double result = x[0];
  for (int i = 1; i < count; ++i) result = pick(result, x[i]);
  return result;
}

double total(const double* x, int count) {
  double sum = 0;
  for (int i = 0; i < count; ++i) sum += x[i];
  return sum;
}

template <typename Apply>
void each(double* out, const double* a, int stride_a, const double* b, int stride_b, int count, Apply apply) {
  for (int i = 0; i < count; ++i) out[i] = apply(a[i * stride_a], b[i * stride_b]);
}

// Sets are masks of up to 53 bits; anything else is no set.
Scored membership(double mask, double bit) {
  if (!(mask >= 0 && mask < 0x1p53)) return {};
  return decided((static_cast<std::uint64_t>(mask) >> static_cast<unsigned>(bit) & 1U) != 0);
}

constexpr double kOpen = 0;
constexpr double kClosed = 1;

}  // namespace

struct Evaluator::Inputs {
  TimeNs now;
  const double* frame;
  const double* numbers;
  const double* at(const Operand& operand) const { return (operand.from_frame ? frame : numbers) + operand.offset; }
};

Evaluator::Evaluator(const Expression& formula, const SignalLayout& layout, TimeNs step)
    : program_(compile(formula, layout, step)),
      numbers_(program_.numbers),
      truths_(static_cast<std::size_t>(program_.truths)),
      last_values_(static_cast<std::size_t>(program_.last_values), kNoValue) {
  histories_.reserve(program_.histories.size());
  for (const HistorySpec& spec : program_.histories) histories_.emplace_back(spec.window, spec.count, step);
  held_.reserve(program_.held_windows.size());
  for (const TimeNs window : program_.held_windows) held_.emplace_back(window, step);
}

const Scored& Evaluator::step(TimeNs now, std::span<const double> frame) {
  const Inputs in{now, frame.data(), numbers_.data()};
  for (const Instruction& instruction : program_.instructions) {
    if (instruction.code < Code::delta) {
      run_number(instruction, in);
    } else if (instruction.code < Code::order) {
      run_over_time(instruction, in);
    } else {
      truths_[static_cast<std::size_t>(instruction.target)] = run_truth(instruction, in);
    }
  }
  return truths_[static_cast<std::size_t>(program_.result)];
}

bool Evaluator::lacks_a_value(std::span<const double> frame) const {
  return std::ranges::any_of(program_.signals, [&](const Operand& signal) {
    const auto values = frame.subspan(static_cast<std::size_t>(signal.offset), static_cast<std::size_t>(signal.stride));
    return std::ranges::any_of(values, [](double value) { return std::isnan(value); });
  });
}

void Evaluator::run_number(const Instruction& op, const Inputs& in) {
  double* out = numbers_.data() + op.target;
  const double* a = in.at(op.a);
  const double* b = in.at(op.b);
  const auto elementwise = [&](auto apply) { each(out, a, op.a.stride, b, op.b.stride, op.count, apply); };
  switch (op.code) {
    case Code::add:
      return elementwise([](double x, double y) { return x + y; });
    case Code::subtract:
      return elementwise([](double x, double y) { return x - y; });
    case Code::multiply:
      return elementwise([&](double x, double y) { return x * y * op.factor; });
    case Code::divide:
      return elementwise([&](double x, double y) { return x / y * op.factor; });
    case Code::negate:
      return elementwise([](double x, double) { return -x; });
    case Code::absolute:
      return elementwise([](double x, double) { return std::fabs(x); });
    case Code::lowest:
      *out = picked(a, op.count, lower);
      return;
    case Code::highest:
      *out = picked(a, op.count, higher);
      return;
    case Code::total:
      *out = total(a, op.count);
      return;
    case Code::average:
      *out = total(a, op.count) / op.count;
      return;
    case Code::lower:
      *out = lower(*a, *b);
      return;
    case Code::higher:
      *out = higher(*a, *b);
      return;
    default:
      throw std::logic_error("not an instruction for numbers");
  }
}

void Evaluator::run_over_time(const Instruction& op, const Inputs& in) {
  const std::size_t count = static_cast<std::size_t>(op.count);
  const std::span<const double> values(in.at(op.a), count);
  const History::Row* past = histories_[static_cast<std::size_t>(op.state)].step(in.now, values);
  for (std::size_t i = 0; i < count; ++i) {
    double change = past != nullptr ? values[i] - past->values[i] : kNoValue;
    if (op.code == Code::rate && past != nullptr) change /= to_seconds(in.now - past->at);
    numbers_[static_cast<std::size_t>(op.target) + i] = change;
  }
}

Scored Evaluator::run_truth(const Instruction& op, const Inputs& in) {
  Scored result;
  switch (op.code) {
    case Code::order:
      result = run_order(op, *in.at(op.a), *in.at(op.b));
      break;
    case Code::equality:
    case Code::word_equality:
      result = run_equality(op, *in.at(op.a), *in.at(op.b));
      break;
    case Code::membership:
      result = membership(*in.at(op.a), *in.at(op.b));
      break;
    case Code::opened:
    case Code::closed:
    case Code::changed:
      result = run_edge(op, *in.at(op.a));
      break;
    case Code::conjunction:
      return both(truths_[static_cast<std::size_t>(op.left)], truths_[static_cast<std::size_t>(op.right)]);
    case Code::disjunction:
      return either(truths_[static_cast<std::size_t>(op.left)], truths_[static_cast<std::size_t>(op.right)]);
    case Code::negation:
      return opposite(truths_[static_cast<std::size_t>(op.left)]);
    case Code::held:
      return held_[static_cast<std::size_t>(op.state)].step(in.now, truths_[static_cast<std::size_t>(op.left)]);
    default:
      throw std::logic_error("not an instruction for truths");
  }
  result.at = in.now;
  result.atom = op.atom;
  return result;
}

Scored Evaluator::run_order(const Instruction& op, double a, double b) const {
  Scored result;
  result.slack = op.factor * (a - b);
  result.score = score_of(result.slack, atom(op.atom).scale.scale, op.strict ? -kTouch : kTouch);
  result.measured = op.swapped ? b : a;
  result.limit = op.swapped ? a : b;
  return result;
}

Scored Evaluator::run_equality(const Instruction& op, double a, double b) const {
  const double distance = std::fabs(a - b);
  if (std::isnan(distance)) return {};
  const bool exact = distance == 0 || op.code == Code::word_equality;
  Scored result = exact ? decided(distance == 0) : Scored{};
  if (!exact) {
    result.slack = -distance;
    result.score = score_of(result.slack, atom(op.atom).scale.scale, -kTouch);
  }
  if (op.factor < 0) result = opposite(result);
  if (op.code == Code::word_equality) return result;
  result.measured = op.swapped ? b : a;
  result.limit = op.swapped ? a : b;
  return result;
}

Scored Evaluator::run_edge(const Instruction& op, double value) {
  if (std::isnan(value)) return {};
  double& last = last_values_[static_cast<std::size_t>(op.state)];
  const double before = last;
  last = value;
  if (std::isnan(before)) return {};
  if (op.code == Code::opened) return decided(before == kClosed && value == kOpen);
  if (op.code == Code::closed) return decided(before == kOpen && value == kClosed);
  return decided(before != value);
}

}  // namespace packbench::sim
