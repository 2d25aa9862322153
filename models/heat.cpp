#include "models/heat.h"

#include <cmath>

#include "models/cell.h"
#include "models/deterministic_math.h"

namespace packbench::models {

HeatFlow heat_flow(const CellParameters& cell, double ambient_W_per_K, double coolant_W_per_K,
                   double neighbour_W_per_K) {
  const double surface_J_per_K = cell.surface_share * cell.heat_capacity_J_per_K();
  const double core_J_per_K = cell.heat_capacity_J_per_K() - surface_J_per_K;
  return {core_J_per_K,    surface_J_per_K, 1.0 / core_J_per_K, 1.0 / surface_J_per_K, cell.core_surface_W_per_K,
          ambient_W_per_K, coolant_W_per_K, neighbour_W_per_K};
}

HeatResponse heat_response(const HeatFlow& flow, double time_s) {
  const double outside = flow.ambient_W_per_K + flow.coolant_W_per_K;
  const double core = flow.core_surface_W_per_K / flow.core_J_per_K;
  const double surface = flow.core_surface_W_per_K / flow.surface_J_per_K;
  const double lost = outside / flow.surface_J_per_K;
  // A = [-core, core; surface, -surface - lost]; both eigenvalues are real, the slow one is det / fast.
  const double trace = -core - surface - lost, determinant = core * lost;
  const double fast = 0.5 * (trace - std::sqrt(trace * trace - 4.0 * determinant));
  const double slow = determinant / fast;
  const double moved_fast = expm1(fast * time_s) / fast;
  const double moved_slow = slow < 0.0 ? expm1(slow * time_s) / slow : time_s;
  // f(A) = f(fast) (A - slow) / (fast - slow) + f(slow) (A - fast) / (slow - fast)
  const double gap = (moved_fast - moved_slow) / (fast - slow);
  return {moved_slow + gap * (-core - slow), gap * core, gap * surface, moved_slow + gap * (-surface - lost - slow)};
}

}  // namespace packbench::models
