#include "sim/checks/result_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace packbench::sim {
namespace {

constexpr double kLeastFailure = -1e-9;

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", value + 0.0);
  return text;
}

std::string window_text(const CheckSpec& spec) {
  if (!spec.window_source.empty()) return spec.window_source;
  const std::string latest = seconds_text(spec.latest);
  return spec.earliest > 0 ? seconds_text(spec.earliest) + " .. " + latest : latest;
}

std::string formula_text(const CheckSpec& spec) {
  const bool timed = spec.kind == CheckKind::when_then || spec.latest > 0;
  std::string text = spec.formula.text();
  if (spec.kind == CheckKind::when_then) text = "when " + text + " then " + spec.then.text();
  return timed ? text + " within " + window_text(spec) : text;
}

double signed_margin(double slack, Verdict verdict) {
  return verdict == Verdict::fail ? std::min(slack, kLeastFailure) : std::max(slack, 0.0);
}

}  // namespace

CheckResult result_of(const CheckSpec& spec) {
  CheckResult result;
  result.name = spec.name;
  result.requirement = spec.requirement;
  result.kind = spec.kind;
  result.formula = formula_text(spec);
  return result;
}

void fill_margin(CheckResult& result, const Scored& deciding, const Evaluator& evaluator) {
  if (deciding.atom < 0) return;
  const Atom& atom = evaluator.atom(deciding.atom);
  if (atom.has_number) {
    result.unit = unit_of(atom.dimension);
    result.measured = deciding.measured;
    result.limit = deciding.limit;
  }
  if (std::isfinite(deciding.slack)) {
    result.margin = signed_margin(deciding.slack, result.verdict);
    result.marginal = result.verdict == Verdict::pass && *result.margin < atom.scale.resolution;
  }
  if (result.margin || result.verdict == Verdict::fail) result.worst_at_s = to_seconds(deciding.at);
}

void fill_margin_ms(CheckResult& result, TimeNs slack, TimeNs limit, TimeNs step) {
  result.unit = "ms";
  result.margin = static_cast<double>(slack) * 1e-6;
  result.limit = static_cast<double>(limit) * 1e-6;
  result.marginal = result.verdict == Verdict::pass && slack < step;
}

void leave_open(CheckResult& result) {
  result.verdict = Verdict::inconclusive;
  result.margin.reset();
  result.marginal = false;
}

std::string seconds_text(TimeNs time) { return short_number(to_seconds(time)) + " s"; }

std::string number_text(double value, Dimension dimension) {
  const std::string number = short_number(value);
  return dimension == Dimension::one ? number : number + " " + std::string(unit_of(dimension));
}

std::string samples_text(std::int64_t count) { return std::to_string(count) + (count == 1 ? " sample" : " samples"); }

std::string deciding_text(const Scored& deciding, const Evaluator& evaluator) {
  if (deciding.atom < 0) return "";
  const Atom& atom = evaluator.atom(deciding.atom);
  if (!atom.has_number) return "`" + atom.text + "`";
  return number_text(deciding.measured, atom.dimension) + " against " + number_text(deciding.limit, atom.dimension) +
         " in `" + atom.text + "`";
}

}  // namespace packbench::sim
