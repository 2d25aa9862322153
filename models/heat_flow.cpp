#include "models/heat_flow.h"

#include "models/deterministic_math.h"

namespace packbench::models {

HeatFlow::HeatFlow(const HeatFlowParameters& parameters, int cells, double dt_s) : cells_(cells) {
  const double per_capacity = dt_s / parameters.heat_capacity_J_per_K;
  approach_ = -expm1(-parameters.ambient_W_per_K * per_capacity);
  gain_ = parameters.ambient_W_per_K > 0 ? approach_ / parameters.ambient_W_per_K : per_capacity;
  theta_ = parameters.neighbour_W_per_K * per_capacity;
  // Symmetric tridiagonal elimination (Thomas); the matrix is diagonally dominant, so no pivoting.
  double carried = 0;
  for (int i = 0; i < cells; ++i) {
    const int neighbours = (i > 0) + (i + 1 < cells);
    pivot_[i] = 1.0 / (1.0 + theta_ * neighbours - carried);
    carried = theta_ * theta_ * pivot_[i];
  }
}

void HeatFlow::advance(double* temperature_degC, const double* heat_W, double ambient_degC) const {
  std::array<double, kMaxCells> above;  // temperature above ambient
  double previous = 0;
  for (int i = 0; i < cells_; ++i) {
    const double before = temperature_degC[i] - ambient_degC;
    previous = (before - approach_ * before + gain_ * heat_W[i] + theta_ * previous) * pivot_[i];
    above[i] = previous;
  }
  double next = 0;
  for (int i = cells_; i-- > 0;) {
    next = above[i] + theta_ * pivot_[i] * next;
    temperature_degC[i] = ambient_degC + next;
  }
}

}  // namespace packbench::models
