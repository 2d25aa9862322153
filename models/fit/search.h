// The nonlinear half of the fit: the time constants, and the activation energy of their rate.
#pragma once

#include "models/fit/bounded_solve.h"
#include "models/fit/plan.h"

namespace packbench::models::fit {

struct Found {
  Dynamics dynamics;
  Eigen::VectorXd linear;
  std::vector<char> held;
  int evaluations = 0;
};

// The dynamics with the least penalised misfit of the blocks; the linear unknowns then from every sample. Each time
// constant has its own band of the range from 1 s to the longest, bands overlap by a factor of 2.
Found search(const Plan& plan, ProgressCall progress, void* context);

// All unknowns' covariance, linear then nonlinear: the inverse of A'A / s^2 + P with every sample's sensitivities at
// the solution; unknowns at their bounds count as known. `factor` is, for each series, the variance of one sample's
// misfit times the number of samples over which it repeats.
Eigen::MatrixXd covariance(const Plan& plan, const Found& found, std::span<const double> factor);

int nonlinear_unknowns(const Layout& layout);

}  // namespace packbench::models::fit
