// Heat between the cells of a row and to ambient, stable at any step.
//
//   C dT_i/dt = q_i + g (Ta - T_i) + k (T_{i-1} - T_i) + k (T_{i+1} - T_i)         (end cells have one neighbour)
//
// All cells share C, g and k, so the flow to ambient (with the heat q) and the flow between neighbours act
// independently of each other: the first is taken exactly (q held over the step), the second by the implicit Euler
// rule, which neither makes nor loses heat. So the mean temperature of the row is exact at any step; differences
// between cells decay with a relative error of at most 2 k dt / C in their rate.
#pragma once

#include <array>

namespace packbench::models {

struct HeatFlowParameters {
  double heat_capacity_J_per_K;
  double neighbour_W_per_K;
  double ambient_W_per_K;
};

class HeatFlow {
 public:
  static constexpr int kMaxCells = 24;

  // Coefficients for one step width; cells 1..24, dt_s above 0.
  HeatFlow(const HeatFlowParameters& parameters, int cells, double dt_s);

  // Advances `cells` temperatures with the heat in W of each cell.
  void advance(double* temperature_degC, const double* heat_W, double ambient_degC) const;

 private:
  int cells_;
  double approach_;  // to ambient in this step: 1 - exp(-g dt / C)
  double gain_;      // K per W of heat held for the step
  double theta_;     // k dt / C
  std::array<double, kMaxCells> pivot_{};
};

}  // namespace packbench::models
