#include "hil/api/probe/series.h"

#include <cmath>

#include "hil/api/probe/json_read.h"

namespace packbench::hil::api::probe {

void Series::take(const std::string& where, const JsonValue& record, const JsonValue* ocv_soc) {
  ++count_;
  cells_.note(where, cells(record));
  const JsonValue* main = member(record, "main_contactor_state", Kind::boolean);
  always_closed_ &= main && main->boolean;
  if (const auto value = number(record, "soc")) soc_.take(*value);
  if (const auto value = number(ocv_soc)) ocv_soc_.take(*value);
  if (const auto value = number(record, "temperature")) temperature_degC_.take(*value);
  if (const auto value = number(record, "pack_current")) current_A_.take(std::abs(*value));
}

std::string Series::cells(const JsonValue& record) {
  const JsonValue* cells = member(record, "cell_voltage", Kind::array);
  if (!cells || cells->items.empty()) return "";
  const std::size_t count = cells->items.size();
  if (cell_count_ == 0) cell_count_ = count;
  if (count != cell_count_)
    return "has " + std::to_string(count) + " cells, one before it " + std::to_string(cell_count_);
  for (std::size_t i = 0; i < count; ++i) {
    if (number(&cells->items[i]) == 0.0)
      return "has cell " + std::to_string(i + 1) + " at 0 V: no such cell, or a broken wire";
  }
  return "";
}

std::string Series::units() const {
  constexpr double kHottest_degC = 65, kFahrenheit = 200, kMost_A = 2000;
  if (soc_.low > 0 && soc_.high <= 1 && ocv_soc_.low > 0 && ocv_soc_.high <= 1)
    return "soc and ocv_soc never exceed 1: an empty pack, or shares and not percent.";
  if (always_closed_ && temperature_degC_.low > kHottest_degC && temperature_degC_.high <= kFahrenheit &&
      temperature_degC_.high > 0)
    return "The temperature is always above 65 degC with the main contactor closed: degF, perhaps.";
  if (current_A_.high > 0 && current_A_.low > kMost_A) return "The current is always beyond 2000 A: mA, perhaps.";
  return "";
}

void Series::report(Findings& findings) const {
  constexpr std::size_t kFew = 3;
  cells_.report(findings);
  if (count_ < kFew) return findings.skip("records.units", "There are fewer than three records to tell units by.");
  const std::string odd = units();
  odd.empty() ? findings.pass("records.units", "Values are of a size that their units let expect.")
              : findings.warn("records.units", odd);
}

}  // namespace packbench::hil::api::probe
