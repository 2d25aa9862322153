#include "hil/link/line_faults.h"

#include <algorithm>

namespace packbench::hil {

bool LineFaults::touches(std::uint8_t frame_type) {
  return frame_type == PACKLINK_MEASUREMENTS || frame_type == PACKLINK_COMMAND || frame_type == PACKLINK_STATUS ||
         frame_type == PACKLINK_TEXT;
}

void LineFaults::set(const sim::FaultSpec& fault, bool active) {
  if (fault.channel == channel_) filter_of(fault).set_active(active);
}

LineFilter& LineFaults::filter_of(const sim::FaultSpec& fault) {
  const auto found = std::ranges::find_if(filters_, [&](const LineFilter& filter) { return filter.is(fault); });
  return found != filters_.end() ? *found : filters_.emplace_back(fault, seed_, filters_.size());
}

bool LineFaults::idle() const {
  return std::ranges::none_of(filters_, [](const LineFilter& filter) { return filter.busy(); });
}

void LineFaults::pass(FrameBatch& batch, sim::TimeNs now, LinkCounters& counters) {
  for (LineFilter& filter : filters_) {
    if (!filter.busy()) continue;
    scratch_.clear();
    filter.pass(batch, scratch_, now, counters);
    batch.swap(scratch_);
  }
}

}  // namespace packbench::hil
