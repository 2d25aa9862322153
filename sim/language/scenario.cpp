#include "sim/language/scenario.h"

namespace packbench::sim {
namespace {

double phase_s(const Phase& phase) {
  if (phase.duration) return to_seconds(*phase.duration);
  if (phase.limit) return to_seconds(*phase.limit);
  if (phase.profile.time_s.empty()) return 0;
  return phase.profile.repeat * (phase.profile.time_s.back() - phase.profile.time_s.front());
}

}  // namespace

double Scenario::duration_s() const {
  double out = 0;
  for (const Phase& phase : phases) out += phase_s(phase);
  return out;
}

}  // namespace packbench::sim
