// Slows a run down to a multiple of real time. One of the few places that read the wall clock.
#pragma once

#include <chrono>
#include <csignal>

#include "sim/time.h"

namespace packbench::hil {

class Pacer {
 public:
  // `speed`: simulated seconds per real second; 0 never waits. `interrupted`, when it becomes non-zero, ends every
  // wait.
  explicit Pacer(double speed, const volatile std::sig_atomic_t* interrupted = nullptr)
      : speed_(speed), interrupted_(interrupted), start_(std::chrono::steady_clock::now()) {}

  // Waits until real time has caught up with simulated time `now`. False when it was past that already: what led up to
  // `now` took too long.
  [[nodiscard]] bool wait(sim::TimeNs now) const;

  double elapsed_s() const;

 private:
  bool interrupted() const { return interrupted_ != nullptr && *interrupted_ != 0; }

  double speed_;
  const volatile std::sig_atomic_t* interrupted_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace packbench::hil
