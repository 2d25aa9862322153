// One contactor: a coil, main contacts that follow it after pickup or dropout, and an auxiliary contact that follows
// them.
//
// A drive pulse shorter than the pickup time does not close the contacts, and a gap shorter than the dropout time does
// not open them. Faults act on the contacts (weld, fail_to_close) or on the auxiliary contact (feedback_stuck_*). A
// welded contactor stays closed once it is closed; when the weld ends, the contacts follow the coil again after the
// usual delay.
#pragma once

#include <array>
#include <limits>

#include "sim/plant/plant.h"

namespace packbench::sim {

inline constexpr TimeNs kNever = std::numeric_limits<TimeNs>::max();

class Contacts {
 public:
  // Throws std::invalid_argument for a negative delay.
  Contacts(ContactorTiming timing, double feedback_delay_s);

  void drive(bool on, TimeNs now);
  void set_fault(ContactorFault fault, bool active, TimeNs now);

  TimeNs next_change() const { return contacts_at_ < auxiliary_at_ ? contacts_at_ : auxiliary_at_; }  // kNever: none
  void update(TimeNs now);  // carries out what is due at `now`

  bool closed() const { return closed_; }
  bool feedback() const;

 private:
  bool has(ContactorFault fault) const { return faults_[static_cast<std::size_t>(fault)]; }
  bool wanted() const;
  void plan_contacts(TimeNs now);
  void plan_auxiliary(TimeNs now);

  TimeNs pickup_, dropout_, feedback_delay_;
  std::array<bool, 5> faults_{};
  bool driven_ = false, closed_ = false, auxiliary_ = false;
  TimeNs contacts_at_ = kNever, auxiliary_at_ = kNever;
};

}  // namespace packbench::sim
