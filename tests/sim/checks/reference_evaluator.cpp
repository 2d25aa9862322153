#include "tests/sim/checks/reference_evaluator.h"

#include <algorithm>
#include <cmath>

#include "sim/checks/margin_scale.h"

namespace packbench::sim::test {
namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kHair = 1e-300;

double certain(bool truth) { return truth ? kInfinite : -kInfinite; }

bool any_nan(const std::vector<double>& values) {
  return std::ranges::any_of(values, [](double v) { return std::isnan(v); });
}

}  // namespace

int ReferenceEvaluator::sample_ago(std::size_t k, TimeNs window) const {
  int found = -1;
  for (std::size_t j = 0; j <= k; ++j) {
    if (trace_[j].at <= trace_[k].at - window) found = static_cast<int>(j);
  }
  return found;
}

ReferenceEvaluator::Numbers ReferenceEvaluator::numbers(const ExpressionNode& node, std::size_t k) const {
  switch (node.op) {
    case NodeOp::constant:
      return {node.value};
    case NodeOp::signal: {
      const auto first = trace_[k].frame.begin() + layout_.offset(node.signal) + std::max(node.index, 0);
      return {first, first + (node.index < 0 ? layout_.count(node.signal) : 1)};
    }
    case NodeOp::minimum:
    case NodeOp::maximum:
    case NodeOp::sum:
    case NodeOp::mean:
      return {reduced(node, k)};
    case NodeOp::delta:
    case NodeOp::rate:
      return changed(node, k);
    default:
      return elementwise(node, k);
  }
}

ReferenceEvaluator::Numbers ReferenceEvaluator::elementwise(const ExpressionNode& node, std::size_t k) const {
  const Numbers a = numbers(*node.children[0], k);
  const Numbers b = node.children.size() > 1 ? numbers(*node.children[1], k) : Numbers{0};
  Numbers out(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double x = a[a.size() == 1 ? 0 : i];
    const double y = b[b.size() == 1 ? 0 : i];
    if (node.op == NodeOp::add) out[i] = x + y;
    if (node.op == NodeOp::subtract) out[i] = x - y;
    if (node.op == NodeOp::multiply) out[i] = x * y * node.value;
    if (node.op == NodeOp::divide) out[i] = x / y * node.value;
    if (node.op == NodeOp::negate) out[i] = -x;
    if (node.op == NodeOp::absolute) out[i] = std::abs(x);
  }
  return out;
}

double ReferenceEvaluator::reduced(const ExpressionNode& node, std::size_t k) const {
  Numbers all;
  for (const auto& child : node.children) {
    const Numbers values = numbers(*child, k);
    all.insert(all.end(), values.begin(), values.end());
  }
  if (any_nan(all)) return kNaN;
  if (node.op == NodeOp::minimum) return std::ranges::min(all);
  if (node.op == NodeOp::maximum) return std::ranges::max(all);
  double sum = 0;
  for (const double value : all) sum += value;
  return node.op == NodeOp::sum ? sum : sum / static_cast<double>(all.size());
}

ReferenceEvaluator::Numbers ReferenceEvaluator::changed(const ExpressionNode& node, std::size_t k) const {
  Numbers now = numbers(*node.children[0], k);
  const int past = node.window == 0 ? static_cast<int>(k) - 1 : sample_ago(k, node.window);
  if (past < 0) return Numbers(now.size(), kNaN);
  const Numbers then = numbers(*node.children[0], static_cast<std::size_t>(past));
  const double seconds = to_seconds(trace_[k].at - trace_[static_cast<std::size_t>(past)].at);
  for (std::size_t i = 0; i < now.size(); ++i) now[i] = (now[i] - then[i]) / (node.op == NodeOp::rate ? seconds : 1.0);
  return now;
}

double ReferenceEvaluator::compared(const ExpressionNode& node, std::size_t k) const {
  const double a = numbers(*node.children[0], k)[0];
  const double b = numbers(*node.children[1], k)[0];
  if (std::isnan(a - b)) return kNaN;
  const bool words = node.children[0]->type.kind == ValueKind::code;
  const ValueType& type = node.children[0]->type;
  const double scale = margin_scale(type.dimension, type.counted, step_).scale;
  switch (node.op) {
    case NodeOp::less:
      return a < b ? (b - a) / scale : std::min((b - a) / scale, -kHair);
    case NodeOp::less_equal:
      return a <= b ? std::max((b - a) / scale, kHair) : (b - a) / scale;
    case NodeOp::greater:
      return a > b ? (a - b) / scale : std::min((a - b) / scale, -kHair);
    case NodeOp::greater_equal:
      return a >= b ? std::max((a - b) / scale, kHair) : (a - b) / scale;
    case NodeOp::equal:
      return a == b ? kInfinite : words ? -kInfinite : -std::abs(a - b) / scale;
    default:
      return a == b ? -kInfinite : words ? kInfinite : std::abs(a - b) / scale;
  }
}

double ReferenceEvaluator::edge(const ExpressionNode& node, std::size_t k) const {
  const double now = numbers(*node.children[0], k)[0];
  if (std::isnan(now)) return kNaN;
  for (std::size_t j = k; j-- > 0;) {
    const double before = numbers(*node.children[0], j)[0];
    if (std::isnan(before)) continue;
    if (node.op == NodeOp::opens) return certain(before == 1 && now == 0);
    if (node.op == NodeOp::closes) return certain(before == 0 && now == 1);
    return certain(before != now);
  }
  return kNaN;
}

double ReferenceEvaluator::held(const ExpressionNode& node, std::size_t k) const {
  const int first = sample_ago(k, node.window);
  bool unknown = first < 0;
  double least = kInfinite;
  for (std::size_t j = static_cast<std::size_t>(std::max(first, 0)); j <= k; ++j) {
    const double value = score(*node.children[0], j);
    if (std::isnan(value)) {
      unknown = true;
    } else {
      least = std::min(least, value);
    }
  }
  return unknown && least > 0 ? kNaN : least;
}

double ReferenceEvaluator::score(const ExpressionNode& node, std::size_t k) const {
  switch (node.op) {
    case NodeOp::held:
      return held(node, k);
    case NodeOp::negation:
      return -score(*node.children[0], k);
    case NodeOp::opens:
    case NodeOp::closes:
    case NodeOp::changes:
      return edge(node, k);
    case NodeOp::contains: {
      const double mask = numbers(*node.children[0], k)[0];
      if (!(mask >= 0 && mask < 0x1p53)) return kNaN;  // no value, or no set
      return certain(std::fmod(std::floor(mask / std::exp2(node.children[1]->value)), 2.0) == 1.0);
    }
    case NodeOp::conjunction:
    case NodeOp::disjunction: {
      const double sign = node.op == NodeOp::conjunction ? 1 : -1;
      const double a = sign * score(*node.children[0], k);
      const double b = sign * score(*node.children[1], k);
      if (!std::isnan(a) && !std::isnan(b)) return sign * std::min(a, b);
      const double known = std::isnan(a) ? b : a;
      return known < 0 ? sign * known : kNaN;
    }
    default:
      return compared(node, k);
  }
}

}  // namespace packbench::sim::test
