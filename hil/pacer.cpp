#include "hil/pacer.h"

#include <thread>

namespace packbench::hil {

void Pacer::wait(sim::TimeNs now) const {
  if (speed_ <= 0) return;
  const std::chrono::duration<double> due(sim::to_seconds(now) / speed_);
  std::this_thread::sleep_until(start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(due));
}

double Pacer::elapsed_s() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

}  // namespace packbench::hil
