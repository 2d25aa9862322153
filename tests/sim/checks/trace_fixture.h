// Small hand-made traces: frames with a few signals set, at chosen times.
#pragma once

#include <initializer_list>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "sim/checks/check.h"
#include "sim/checks/evaluator.h"
#include "sim/checks/expression.h"

namespace packbench::sim::test {

inline constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
inline constexpr TimeNs kStep = 100 * kMillisecond;

struct Sample {
  TimeNs at;
  std::vector<double> frame;
};

inline SignalLayout small_layout() { return SignalLayout(3, 2); }

inline SymbolTable small_symbols() {
  SymbolTable symbols{small_layout()};
  symbols.constants = {{"bms.cell_ov.trip", {3.65, Dimension::voltage}}, {"bms.cell_ov.delay", {2.0, Dimension::time}}};
  return symbols;
}

inline Expression parsed(const std::string& text) {
  auto result = parse_formula(text, small_symbols());
  if (auto* errors = std::get_if<std::vector<ExpressionError>>(&result))
    throw std::logic_error(text + ": " + errors->front().what);
  return std::get<Expression>(result);
}

// A frame with one value for every element of the signals named.
inline std::vector<double> frame_with(std::initializer_list<std::pair<Signal, double>> values) {
  Frame frame(small_layout());
  for (const auto& [signal, value] : values) {
    for (double& element : frame.array(signal)) element = value;
  }
  return {frame.values().begin(), frame.values().end()};
}

// One signal over time, a sample per step from t = 0.
inline std::vector<Sample> trace_of(Signal signal, const std::vector<double>& values) {
  std::vector<Sample> trace;
  for (std::size_t k = 0; k < values.size(); ++k)
    trace.push_back({static_cast<TimeNs>(k) * kStep, frame_with({{signal, values[k]}})});
  return trace;
}

inline std::vector<Scored> scores(const Expression& formula, std::span<const Sample> trace, TimeNs step = kStep) {
  Evaluator evaluator(formula, small_layout(), step);
  std::vector<Scored> out;
  for (const Sample& sample : trace) out.push_back(evaluator.step(sample.at, sample.frame));
  return out;
}

// Truths as text: 'y', 'n', '?' per sample.
inline std::string truths(const std::string& formula, std::span<const Sample> trace) {
  FormulaState state(parsed(formula), small_layout(), kStep);
  std::string out;
  for (const Sample& sample : trace) out += "ny?"[static_cast<int>(state.step(sample.at, sample.frame))];
  return out;
}

inline CheckResult judged(const CheckSpec& spec, std::span<const Sample> trace, TimeNs start = 0) {
  CheckSet checks({spec}, small_layout(), kStep);
  for (const Sample& sample : trace) {
    if (sample.at == start) checks.start_phases(start);
    checks.step(sample.at, sample.frame);
  }
  return checks.finish(trace.empty() ? 0 : trace.back().at).front();
}

inline CheckSpec spec(CheckKind kind, const std::string& formula) {
  CheckSpec out;
  out.name = "check";
  out.kind = kind;
  out.formula = parsed(formula);
  return out;
}

}  // namespace packbench::sim::test
