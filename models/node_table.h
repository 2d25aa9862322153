// All tables of a cell on one grid, so that a step finds everything it needs in four neighbouring nodes.
//
// Grid: SOC 0, 0.005, ... 1 (201 rows), core temperature -40, -35, ... 100 degC (29 columns), one sheet for discharge
// and one for charge. A node is one cache line. Between nodes everything is linear in SOC and in temperature; beyond
// the grid the end values hold, but for the OCV, which goes on over SOC with its end slope. Tables whose points lie on
// the grid are met exactly there; any other point is cut by at most the change of slope there times a quarter of a grid
// step. Between the columns ln R is linear in 1/T, so the chord of a 5 K step is at most (E/(R T^2) 5 K)^2/8 too high:
// 0.16 % at 25 degC with 50 kJ/mol.
#pragma once

#include <cstdint>
#include <vector>

#include "models/cell.h"
#include "models/node.h"

namespace packbench::models {

enum class Direction { discharge, charge };

// Linear interpolation; beyond the ends the end value. The curve must have at least one point.
double held_value(const Curve& curve, double soc);

class NodeTable {
 public:
  static constexpr double kReference_degC = 25.0;

  // Throws std::invalid_argument as validate() does.
  explicit NodeTable(const CellParameters& cell);

  // soc may leave 0..1. NaN reads as the emptiest (coldest) row, and an unknown SOC gives an unknown OCV.
  TablePoint<double> point(double soc, double core_degC, Direction direction) const;

  double ocv_slope_V(double soc) const;  // dU25/d(soc)

  NodeGrid grid() const { return {nodes_.data(), low_slope_V_, high_slope_V_}; }

 private:
  std::vector<Node> nodes_;
  double low_slope_V_, high_slope_V_;
};

}  // namespace packbench::models
