// What a fit is about to solve: knots from the data, series, prior and bounds.
#pragma once

#include <Eigen/Core>
#include <span>

#include "models/fit/fit.h"
#include "models/fit/layout.h"
#include "models/fit/normal_equations.h"

namespace packbench::models::fit {

struct Plan {
  Layout layout;
  std::vector<Series> series;
  Eigen::MatrixXd prior;
  Eigen::VectorXd bound;  // of the linear unknowns; of resistances below the hottest: of their rise to the next colder
  double capacity_Ah = 0;
  double typical_ohm = 0;  // at the reference temperature
  double noise_V = 0.001;
  double shortest_tau_s = 1, longest_tau_s = 3600;
};

// Throws FitError.
Plan make_plan(std::span<const Record> records, const Options& options);

// The same plan without hysteresis.
Plan without_hysteresis(Plan plan, const Options& options);

// The SOCs at which a resistance can be told from the OCV: where the current changes after a rest. 0 and 1 are added,
// changes within 3 % SOC count as one. Fewer than four: a grid of 10 %.
std::vector<double> resistance_knots(std::span<const Series> series, const Layout& layout);

}  // namespace packbench::models::fit
