// Plays a current profile: linear between its rows, from the first row to the last, `repeat` times.
//
// Follows time forward with a cursor, so a step costs the rows passed since the last one.
#pragma once

#include <cstddef>

#include "sim/language/scenario.h"

namespace packbench::sim {

// Length of one pass and of all; rows are rounded to nanoseconds.
TimeNs pass_duration(const CurrentProfile& profile);
TimeNs total_duration(const CurrentProfile& profile);

class ProfilePlayer {
 public:
  // Throws std::invalid_argument for fewer than two rows, times that do not rise, columns of unequal length or repeat
  // < 1.
  explicit ProfilePlayer(const CurrentProfile& profile);

  // The current at `elapsed` since the start of the phase; never goes back. The last row's value after the end.
  double current_A(TimeNs elapsed);

 private:
  const CurrentProfile& profile_;
  TimeNs pass_ = 0;
  TimeNs pass_start_ = 0;
  std::size_t row_ = 0;
};

}  // namespace packbench::sim
