#include "sim/plant/fault_label.h"

#include <fmt/format.h>

#include <cmath>

namespace packbench::sim {
namespace {

bool takes_prefix(std::string_view unit) {
  return unit == "V" || unit == "A" || unit == "s" || unit == "ohm" || unit == "W";
}

std::string value_text(double value, const FaultKind& row) {
  const std::string_view unit = unit_of(row.dimension);
  const Dimension dimension = row.dimension;
  const bool percent =
      row.kind == "gain" || row.kind == "capacity_loss" || row.kind == "imbalance" || row.kind == "clock_drift";
  if (percent) return fmt::format("{:g} %", value * 100.0);
  if (dimension == Dimension::one) return fmt::format("{:g}", value);
  if (dimension == Dimension::voltage_rate) return fmt::format("{:g} mV/h", value * 3.6e6);
  if (takes_prefix(unit) && value != 0.0 && std::abs(value) < 1.0) return fmt::format("{:g} m{}", value * 1e3, unit);
  return fmt::format("{:g} {}", value, unit);
}

std::string pattern_text(const std::vector<int>& pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    text += fmt::format("{}{} {}", i == 0 ? " " : ", ", i % 2 == 0 ? "keep" : "drop", pattern[i]);
  }
  return text;
}

}  // namespace

std::string fault_label(const FaultSpec& fault) {
  std::string text = fault.channel;
  if (fault.index) text += fmt::format("[{}]", *fault.index + 1);
  text += " " + fault.kind;
  const FaultKind* row = find_fault(fault.target, fault.channel, fault.kind);
  if (row != nullptr && row->value == FaultValue::required) text += " " + value_text(fault.value, *row);
  if (!fault.variable.empty()) text += fmt::format(" {} bit {}", fault.variable, fault.bit);
  text += pattern_text(fault.pattern);
  if (fault.probability < 1.0) text += fmt::format(" with probability {:g}", fault.probability);
  return text;
}

}  // namespace packbench::sim
