#include "hil/report_watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/vocabulary.h"

namespace packbench::hil {

ReportWatch::ReportWatch(sim::TimeNs step) : limit_(std::max(sim::kSecond, 5 * step)) {}

bool ReportWatch::is_new(const packlink_status_t& status) const {
  return !begun_ || status.uptime_us != last_.uptime_us || status.measurement_sequence != last_.measurement_sequence ||
         status.boot_count != last_.boot_count;
}

// The count of boots begins again after a loss of power, so a boot is also seen by an uptime that goes back.
void ReportWatch::watch_boots(sim::TimeNs now, const packlink_status_t& status) {
  if (!begun_ || (status.boot_count == last_.boot_count && status.uptime_us >= last_.uptime_us)) return;
  const bool counted_on = status.boot_count > last_.boot_count;
  const std::uint32_t boots = counted_on ? status.boot_count - last_.boot_count : status.boot_count;
  if (boots > boots_due_ && reboot_.empty()) {
    reboot_ = fmt::format("the device started again at {:.3f} s although nothing reset it (boot {}, reason {})",
                          sim::to_seconds(now), status.boot_count,
                          sim::word_of(sim::Vocabulary::reset_reason, status.reset_reason));
  }
  boots_due_ -= std::min(boots, boots_due_);
}

void ReportWatch::step(sim::TimeNs now, const DeviceReport& report) {
  boots_due_ += report.boots_due - boots_reported_;
  boots_reported_ = report.boots_due;
  if (!report.has_status) return;
  const bool fresh = is_new(report.status);
  watch_boots(now, report.status);
  begun_ = true;
  last_ = report.status;
  if (fresh || faults_ > 0) {
    last_new_ = now;
  } else if (now - last_new_ > longest_) {
    longest_ = now - last_new_;
    longest_from_ = last_new_;
  }
}

std::string ReportWatch::trouble() const {
  if (!reboot_.empty()) return reboot_;
  if (longest_ <= limit_) return "";
  return fmt::format(
      "the device finished its steps but reported nothing new for {:.3g} s from {:.3f} s on (at most {:.3g} s are let "
      "pass)",
      sim::to_seconds(longest_), sim::to_seconds(longest_from_), sim::to_seconds(limit_));
}

}  // namespace packbench::hil
