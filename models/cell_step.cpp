#include "models/cell_step.h"

#include <algorithm>

#include "models/deterministic_math.h"
#include "models/node_table.h"

namespace packbench::models {

StepPlan::StepPlan(const CellParameters& cell, const HeatFlow& heat, double step_s)
    : dt_s(step_s),
      soc_Ah(step_s / 3600.0),
      charge_efficiency(cell.coulomb_efficiency),
      per_hysteresis_soc(1.0 / cell.hysteresis_soc),
      nominal_V(held_value(cell.ocv_V, 0.5)),
      pairs(static_cast<int>(cell.pairs.size())),
      rated(!cell.rate.empty()),
      flow(heat),
      half(heat_response(heat, 0.5 * step_s)),
      whole(heat_response(heat, step_s)) {
  const double fastest = rated ? *std::max_element(cell.rate.begin(), cell.rate.end()) : 1.0;
  for (int k = 0; k < pairs; ++k) {
    x[k] = dt_s / cell.pairs[static_cast<std::size_t>(k)].tau_s;
    phi[k] = -expm1(-x[k]) / x[k];
    for (double small = x[k] * fastest; small > 0.125 && halvings[k] < 60; small *= 0.5) ++halvings[k];
  }
}

}  // namespace packbench::models
