#include "hil/pacer.h"

#include <algorithm>
#include <thread>

namespace packbench::hil {
namespace {

constexpr std::chrono::milliseconds kGlance(50);  // how long an interruption may go unnoticed

}  // namespace

bool Pacer::wait(sim::TimeNs now) const {
  if (speed_ <= 0) return true;
  const std::chrono::duration<double> due(sim::to_seconds(now) / speed_);
  const auto until = start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due);
  auto clock = std::chrono::steady_clock::now();
  const bool in_time = clock <= until;
  for (; clock < until && !interrupted(); clock = std::chrono::steady_clock::now()) {
    std::this_thread::sleep_until(std::min(until, clock + kGlance));
  }
  return in_time;
}

double Pacer::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace packbench::hil
