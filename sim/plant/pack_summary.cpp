#include "sim/plant/pack_summary.h"

#include <algorithm>

namespace packbench::sim {
namespace {

void widen(Extreme& low, Extreme& high, std::span<const double> values, double at_s, bool first) {
  const auto [least, greatest] = std::ranges::minmax_element(values);
  if (first || *least < low.value) low = {*least, static_cast<int>(least - values.begin()), at_s};
  if (first || *greatest > high.value) high = {*greatest, static_cast<int>(greatest - values.begin()), at_s};
}

}  // namespace

void PackSummary::add(TimeNs now, const Frame& frame) {
  const double at_s = to_seconds(now);
  widen(lowest_V, highest_V, frame.array(Signal::truth_cell_voltage), at_s, !any);
  widen(coldest_degC, hottest_degC, frame.array(Signal::truth_cell_temperature), at_s, !any);
  last_soc = frame[Signal::truth_soc];
  if (!any) first_soc = last_soc;
  any = true;
}

}  // namespace packbench::sim
