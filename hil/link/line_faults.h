// The faults of one direction of the line: a stack of filters, in the order in which they first started.
//
// They act on what the application says: MEASUREMENTS and COMMAND to the device, STATUS and TEXT from it. Everything
// else is bench machinery and passes untouched: TICK and TICK_DONE (so that no fault can hang the bench), HELLO, IDENT,
// CONFIG and the test messages (so that a run can begin), and ACTUATORS, which stands for the output pins and their
// wires.
#pragma once

#include <string>
#include <vector>

#include "hil/link/line_filter.h"

namespace packbench::hil {

class LineFaults {
 public:
  // channel: "to_device" or "from_device".
  LineFaults(std::string channel, std::uint64_t seed) : channel_(std::move(channel)), seed_(seed) {}

  void set(const sim::FaultSpec& fault, bool active);
  // Nothing acts and nothing is held back: pass() would change nothing.
  bool idle() const;
  // Replaces the batch by what is left of it, with delayed frames that are due at `now`.
  void pass(FrameBatch& batch, sim::TimeNs now, LinkCounters& counters);

  static bool touches(std::uint8_t frame_type);

 private:
  LineFilter& filter_of(const sim::FaultSpec& fault);

  std::string channel_;
  std::uint64_t seed_;
  std::vector<LineFilter> filters_;
  FrameBatch scratch_;
};

}  // namespace packbench::hil
