#include "sim/checks/evaluator.h"
#include "sim/checks/expression.h"

namespace packbench::sim {

struct FormulaState::Data {
  Evaluator evaluator;
};

FormulaState::FormulaState(const Expression& formula, const SignalLayout& layout, TimeNs step)
    : data_(std::make_unique<Data>(Data{Evaluator(formula, layout, step)})) {}
FormulaState::~FormulaState() = default;
FormulaState::FormulaState(const FormulaState& other) : data_(std::make_unique<Data>(*other.data_)) {}
FormulaState::FormulaState(FormulaState&&) noexcept = default;
FormulaState& FormulaState::operator=(FormulaState&&) noexcept = default;

Truth FormulaState::step(TimeNs now, std::span<const double> frame) {
  return data_->evaluator.step(now, frame).truth();
}

}  // namespace packbench::sim
