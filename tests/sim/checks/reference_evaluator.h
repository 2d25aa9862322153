// The same semantics a second time, by definition instead of by speed: the whole trace at hand, every window looked
// through from its start, recursion over the tree.
#pragma once

#include <span>
#include <vector>

#include "sim/checks/expression_node.h"
#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {

class ReferenceEvaluator {
 public:
  ReferenceEvaluator(SignalLayout layout, std::span<const Sample> trace, TimeNs step)
      : layout_(std::move(layout)), trace_(trace), step_(step) {}

  // Score at sample k; NaN: unknown.
  double score(const ExpressionNode& node, std::size_t k) const;

 private:
  using Numbers = std::vector<double>;
  Numbers numbers(const ExpressionNode& node, std::size_t k) const;
  Numbers elementwise(const ExpressionNode& node, std::size_t k) const;
  double reduced(const ExpressionNode& node, std::size_t k) const;
  Numbers changed(const ExpressionNode& node, std::size_t k) const;
  double compared(const ExpressionNode& node, std::size_t k) const;
  double edge(const ExpressionNode& node, std::size_t k) const;
  double held(const ExpressionNode& node, std::size_t k) const;
  // The sample that holds at trace[k].at - window; -1 when that is before the trace.
  int sample_ago(std::size_t k, TimeNs window) const;

  SignalLayout layout_;
  std::span<const Sample> trace_;
  TimeNs step_;
};

}  // namespace packbench::sim::test
