#include "models/cell_step.h"

#include <algorithm>

#include "models/node_table.h"

namespace packbench::models {

StepPlan::StepPlan(const CellParameters& cell, const HeatFlow& heat, double step_s)
    : dt_s(step_s),
      soc_Ah(step_s / 3600.0),
      charge_efficiency(cell.coulomb_efficiency),
      per_hysteresis_soc(1.0 / cell.hysteresis_soc),
      nominal_V(held_value(cell.ocv_V, 0.5)),
      pairs(static_cast<int>(cell.pairs.size())),
      flow(heat),
      half(heat_response(heat, 0.5 * step_s)),
      whole(heat_response(heat, step_s)) {
  const double fastest = cell.rate.empty() ? 1.0 : *std::max_element(cell.rate.begin(), cell.rate.end());
  for (int k = 0; k < pairs; ++k) {
    per_tau[k] = 1.0 / cell.pairs[static_cast<std::size_t>(k)].tau_s;
    small[k] = dt_s * per_tau[k];
    for (; small[k] * fastest > 0.125; ++doublings[k]) small[k] *= 0.5;
  }
}

}  // namespace packbench::models
