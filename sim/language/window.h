// `within`: the time in which a reaction must come, counted from its trigger.
//
//   0.5 s                              at the latest after this time
//   [1.9 s, 2.5 s]                     not before, not after
//   trip(cell_ov)                      from the BMS profile; the trigger is the threshold being passed
//   trip(cell_ov, from protection delay)   the same, where the trigger itself already holds for the delay (`... for 2
//   s`) release(cell_ov)                   from the profile's release delay
//
// A trip is in time in [delay - Tf, delay + 2 Tf + task + contactor + zero-current wait], Tf = step of the scenario;
// the wait belongs to trips that are not latched. A release: [release delay - Tf, release delay + 2 Tf + task +
// contactor]. `trip(comm_loss)` takes the profile's comm_loss as its delay.
#pragma once

#include <string>

#include "sim/language/field_table.h"
#include "sim/time.h"

namespace packbench::sim {

struct Window {
  TimeNs earliest = 0;
  TimeNs latest = 0;
  std::string source;  // in words, with the numbers
};

struct WindowType {
  using value_type = Window;
  std::string words() const { return "a time, a pair of times, or trip(...) or release(...) of a protection"; }
  nlohmann::json schema() const;
  std::optional<Window> read(const Value& value) const;
};

}  // namespace packbench::sim
