// The linear half of the fit: given the time constants, the measured voltage is linear in all other unknowns.
//
//   V(t) = sum_j U_j hat_j(soc) + h sum_j M_j hat_j(soc)/2 + (T - 25 degC) sum_j S_j hat_j(soc) + R0 terms + sum_k v_k
//   v_k(t) = sum_j R_kj y_kj(t),   y' = (hat_j(soc) i - y) rate(T) / tau_k
//
// so each unknown of a pair has its own filtered current y as its column (separable least squares: Golub and Pereyra,
// SIAM J. Numer. Anal. 10 (1973) 413). Hats are local, so a row has few entries that are not zero, and A'A is put
// together row by row from those alone.
#pragma once

#include <Eigen/Core>

#include "models/fit/layout.h"
#include "models/fit/series.h"

namespace packbench::models::fit {

struct Normal {
  Eigen::MatrixXd matrix;  // A'WA, lower triangle
  Eigen::VectorXd right;   // A'WV
  double square = 0;       // V'WV
  double weight = 0;       // sum of weights

  explicit Normal(int unknowns)
      : matrix(Eigen::MatrixXd::Zero(unknowns, unknowns)), right(Eigen::VectorXd::Zero(unknowns)) {}
};

// The nonlinear unknowns: ln(tau_k) at 25 degC, and the activation energy by which all pairs relax faster when warm.
struct Dynamics {
  std::vector<double> tau_s;
  double activation_J_per_mol = 0;

  // exp(-E/R (1/T - 1/298.15 K)); 1 at 25 degC.
  double rate(double degC) const;
};

// Adds the rows of a series: of its blocks (`each_sample` false) or of every sample. With `solution` (the linear
// unknowns) one more column follows for each nonlinear unknown: dV/d(ln tau_k), and dV/dE last when there are several
// temperatures, for the covariance of all unknowns together.
void add_rows(Normal& normal, const Layout& layout, const Series& series, const Dynamics& dynamics, bool each_sample,
              const Eigen::VectorXd* solution = nullptr);

// The voltage that these unknowns give at each sample. Without `deviations` it is what a cell of these tables gives.
std::vector<double> voltage_of(const Layout& layout, const Series& series, const Dynamics& dynamics,
                               const Eigen::VectorXd& solution, bool deviations);

}  // namespace packbench::models::fit
