#include "sim/plant/pack_summary.h"

#include <fmt/format.h>

#include <algorithm>

namespace packbench::sim {
namespace {

void widen(Extreme& low, Extreme& high, std::span<const double> values, double at_s, bool first) {
  const auto [least, greatest] = std::ranges::minmax_element(values);
  if (first || *least < low.value) low = {*least, static_cast<int>(least - values.begin()), at_s};
  if (first || *greatest > high.value) high = {*greatest, static_cast<int>(greatest - values.begin()), at_s};
}

// In the order of the bits of models::outside.
std::array<std::string, 6> words_of(const models::Validity& v) {
  return {fmt::format("state of charge below {:g} %", v.min_soc * 100),
          fmt::format("state of charge above {:g} %", v.max_soc * 100),
          fmt::format("temperature below {:g} degC", v.min_degC),
          fmt::format("temperature above {:g} degC", v.max_degC),
          fmt::format("charging faster than {:g} C", v.max_charge_C),
          fmt::format("discharging faster than {:g} C", v.max_discharge_C)};
}

}  // namespace

void PackSummary::add(TimeNs now, const Frame& frame, unsigned outside_bits) {
  const double at_s = to_seconds(now);
  widen(lowest_V, highest_V, frame.array(Signal::truth_cell_voltage), at_s, !any);
  widen(coldest_degC, hottest_degC, frame.array(Signal::truth_cell_temperature), at_s, !any);
  last_soc = frame[Signal::truth_soc];
  if (!any) first_soc = last_soc;
  for (std::size_t bit = 0; bit < spans_.size(); ++bit) {
    if (any && (last_bits_ >> bit & 1u) != 0) spans_[bit].length += now - last_;
    if ((outside_bits >> bit & 1u) != 0 && spans_[bit].from < 0) spans_[bit].from = now;
  }
  last_bits_ = outside_bits;
  last_ = now;
  any = true;
}

void PackSummary::finish(const models::Validity& validity, const EnergyBalance& balance) {
  energy = balance;
  outside.clear();
  const auto words = words_of(validity);
  for (std::size_t bit = 0; bit < spans_.size(); ++bit) {
    if (spans_[bit].from < 0) continue;
    outside.push_back({words[bit], to_seconds(spans_[bit].from), to_seconds(spans_[bit].length)});
  }
}

std::string outside_text(const std::vector<OutsideRange>& outside) {
  std::string text;
  for (const OutsideRange& one : outside) {
    text +=
        fmt::format("{}{} (from {:.6g} s on, for {:.6g} s)", text.empty() ? "" : "; ", one.what, one.from_s, one.for_s);
  }
  return "the cell model was used outside the range it is claimed for: " + text;
}

}  // namespace packbench::sim
