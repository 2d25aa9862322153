// Slows a run down to a multiple of real time. One of the few places that read the wall clock.
#pragma once

#include <chrono>

#include "sim/time.h"

namespace packbench::hil {

class Pacer {
 public:
  // `speed`: simulated seconds per real second; 0 never waits.
  explicit Pacer(double speed) : speed_(speed), start_(std::chrono::steady_clock::now()) {}

  // Waits until real time has caught up with simulated time `now`.
  void wait(sim::TimeNs now) const;

  double elapsed_s() const;

 private:
  double speed_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace packbench::hil
