// What the plant's truth was around each device report: the compact memory that the judge compares reports with.
//
// A status rests on the measurement of one step before; the truth it may agree with spans from that sample to the one
// at which it arrived. A temperature sensor lags (time constant tau), so its truth spans the last ten tau. Contacts
// follow their drive within pickup or dropout and the auxiliary contact, and a report may be a step late, so a reported
// contactor must agree with the contacts at some sample within that tolerance. While the scenario itself puts a fault
// between truth and report (fault_windows.h), the channels that it hides are not compared; excluded() names them.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "hil/api/judge/fault_windows.h"
#include "hil/api/judge/sensing_bounds.h"
#include "hil/packlink/messages.h"
#include "sim/language/scenario.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::hil::api {

// A sentence about one report at one time.
struct Finding {
  sim::TimeNs at = 0;
  std::string text;
};

class TruthLog {
 public:
  explicit TruthLog(const sim::Scenario& scenario);

  void start_phases(sim::TimeNs now) { faults_.start_phases(now); }
  // Every sample: remembers the truth. new_measurement: a status that rests on another measurement than the last one
  // arrived.
  void sample(sim::TimeNs now, const sim::Frame& frame, bool new_measurement);
  // Compares a status that arrived at `now` with the truth it rests on.
  void compare(sim::TimeNs now, const packlink_status_t& status, const std::string& label,
               std::vector<Finding>& findings);
  // Whether the contacts agreed with `closed` at some sample within the tolerance around `at`; true where the run ended
  // before the tolerance did, and where a fault hid the contacts meanwhile.
  enum class Contact { main, charger };
  bool contact_agrees(Contact contact, sim::TimeNs at, bool closed, sim::TimeNs end) const;

  const std::string& largest_text() const { return largest_text_; }  // "cell 3: 2.1 mV of 5.6 mV"
  std::vector<std::string> excluded() const { return faults_.texts(); }

 private:
  struct Span {
    double low = 0, high = 0;
    void include(double value);
  };
  struct Truth {
    std::array<double, sim::kMaxCells> cell_V{};
    double pack_V = 0, current_A = 0;
    HiddenChannels hidden;
  };
  struct Change {
    sim::TimeNs at;
    bool closed;
  };

  void remember_temperature(sim::TimeNs now, const sim::Frame& frame);
  void remember_contacts(sim::TimeNs now, const sim::Frame& frame);
  void judge(sim::TimeNs now, const std::string& label, const std::string& what, double reading, const Span& truth,
             double bound, const char* unit, std::vector<Finding>& findings);

  SensingBounds bounds_;
  FaultWindows faults_;
  sim::TimeNs bucket_;
  int cells_ = 0;
  bool begun_ = false;
  Truth last_, base_, arrival_;            // the last sample; those that bracket the status
  std::vector<Span> temperature_buckets_;  // a ring over ten tau
  std::vector<Change> changes_[2];
  sim::TimeNs contact_tolerance_[2];
  std::int64_t bucket_number_ = -1;
  double largest_share_ = 0;  // of a bound that a deviation used
  std::string largest_text_;
};

}  // namespace packbench::hil::api
