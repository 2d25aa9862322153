#include "sim/plant/contacts.h"

#include <cmath>
#include <stdexcept>

namespace packbench::sim {
namespace {

TimeNs delay_of(double seconds) {
  if (!(seconds >= 0.0 && seconds < 1e6)) throw std::invalid_argument("A contactor's delay must not be negative.");
  return static_cast<TimeNs>(std::round(seconds * 1e9));
}

}  // namespace

Contacts::Contacts(ContactorTiming timing, double feedback_delay_s)
    : pickup_(delay_of(timing.pickup_s)),
      dropout_(delay_of(timing.dropout_s)),
      feedback_delay_(delay_of(feedback_delay_s)) {}

void Contacts::drive(bool on, TimeNs now) {
  driven_ = on;
  plan_contacts(now);
  update(now);
}

void Contacts::set_fault(ContactorFault fault, bool active, TimeNs now) {
  if (fault == ContactorFault::none) return;
  faults_[static_cast<std::size_t>(fault)] = active;
  plan_contacts(now);
  update(now);
}

bool Contacts::wanted() const {
  if (driven_) return closed_ || !has(ContactorFault::fail_to_close);
  return closed_ && has(ContactorFault::weld);
}

void Contacts::plan_contacts(TimeNs now) {
  if (wanted() == closed_) {
    contacts_at_ = kNever;
  } else if (contacts_at_ == kNever) {
    contacts_at_ = now + (closed_ ? dropout_ : pickup_);
  }
}

void Contacts::plan_auxiliary(TimeNs now) { auxiliary_at_ = auxiliary_ == closed_ ? kNever : now + feedback_delay_; }

void Contacts::update(TimeNs now) {
  if (contacts_at_ <= now) {
    closed_ = !closed_;
    contacts_at_ = kNever;
    plan_contacts(now);
    plan_auxiliary(now);
  }
  if (auxiliary_at_ <= now) {
    auxiliary_ = closed_;
    auxiliary_at_ = kNever;
  }
}

bool Contacts::feedback() const {
  if (has(ContactorFault::feedback_stuck_open)) return false;
  if (has(ContactorFault::feedback_stuck_closed)) return true;
  return auxiliary_;
}

}  // namespace packbench::sim
