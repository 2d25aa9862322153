// Whether the device keeps reporting, and does not start again of its own.
//
// A device whose ticks are answered but whose STATUS stays away, or says the same again and
// again, leaves its last words standing in device.*, and every check on them would go on to pass.
//
// A report is new when its uptime, its measurement or its boot differs from the one before. Watched from the first
// report on; time in which a fault of the line may have taken reports does not count.
#pragma once

#include <cstdint>
#include <string>

#include "hil/device.h"

namespace packbench::hil {

class ReportWatch {
 public:
  // The longest silence that is let pass: one second, or five steps where that is longer.
  explicit ReportWatch(sim::TimeNs step);

  // A fault that keeps reports away begins or ends: on the line from the device, or of a machine that stands still.
  void silence_due(bool active) { faults_ += active ? 1 : -1; }
  // The bench tells the device to reset: one more boot is no surprise, besides those that the report knows of.
  void reset_due() { ++boots_due_; }
  // Once per exchange, with the time at which its answer counts.
  void step(sim::TimeNs now, const DeviceReport& report);

  // Empty, or a sentence about the first boot that nobody asked for, else about the longest silence.
  std::string trouble() const;

 private:
  bool is_new(const packlink_status_t& status) const;
  void watch_boots(sim::TimeNs now, const packlink_status_t& status);

  sim::TimeNs limit_;
  int faults_ = 0;
  std::uint32_t boots_due_ = 0, boots_reported_ = 0;
  std::string reboot_;
  bool begun_ = false;
  packlink_status_t last_{};
  sim::TimeNs last_new_ = 0;
  sim::TimeNs longest_ = 0, longest_from_ = 0;
};

}  // namespace packbench::hil
