// What is known of a cell before it is measured, as a quadratic penalty on the linear unknowns: tables are smooth over
// SOC, and what a record does not excite stays near what it does. Each width is the standard deviation of a normal
// distribution, in the unit of the unknown; resistances as multiples of a typical resistance of the cell.
#pragma once

#include <Eigen/Core>

#include "models/fit/layout.h"

namespace packbench::models::fit {

// Chosen by what is known of lithium-ion cells, not by any record.
struct PriorWidths {
  double resistance_bend = 0.1;  // second difference of R between knots
  double resistance = 10;        // R itself: nearly nothing is said
  double direction = 0.3;        // R of charge less R of discharge, when they are kept apart
  double ocv_bend_V = 0.05;      // second difference of the OCV: nearly nothing is said
  double gap_V = 0.02;           // hysteresis
  double gap_bend_V = 0.01;
  double entropy_V_per_K = 1e-4;  // 0.1 mV/K is usual (layered oxides and spinels)
  double entropy_bend_V_per_K = 5e-5;
  double deviation_V = 0.003;  // OCV of one temperature against the common one: counting of charge, relaxation
};

// The penalty is x'P x. `typical_ohm` scales the resistances.
Eigen::MatrixXd prior_matrix(const Layout& layout, const PriorWidths& widths, double typical_ohm);

}  // namespace packbench::models::fit
