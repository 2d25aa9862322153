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

namespace packbench::models {

enum class Direction { discharge, charge };

// Linear interpolation; beyond the ends the end value. The curve must have at least one point.
double held_value(const Curve& curve, double soc);

struct alignas(64) Node {
  double ocv_V;  // at 25 degC
  double half_gap_V;
  double entropy_V_per_K;
  double r_ohm[1 + kMaxPairs];  // R0, then the pairs; 0 for those the cell has not
  double rate;
};
static_assert(sizeof(Node) == 64);

// What a cell finds in its tables.
template <class V>
struct TablePoint {
  V ocv_V;  // at 25 degC, continued beyond SOC 0..1
  V half_gap_V, entropy_V_per_K;
  V r_ohm[1 + kMaxPairs];  // without the cell's factor
  V rate;
};

class NodeTable {
 public:
  static constexpr int kSocSteps = 200;
  static constexpr int kTemperatureSteps = 28;
  static constexpr double kColdest_degC = -40.0;
  static constexpr double kStep_K = 5.0;
  static constexpr double kReference_degC = 25.0;
  static constexpr int kRow = kTemperatureSteps + 1;     // nodes from one SOC to the next
  static constexpr int kSheet = (kSocSteps + 1) * kRow;  // nodes from discharge to charge

  // Throws std::invalid_argument as validate() does.
  explicit NodeTable(const CellParameters& cell);

  // soc may leave 0..1. NaN reads as the emptiest (coldest) row, and an unknown SOC gives an unknown OCV.
  TablePoint<double> point(double soc, double core_degC, Direction direction) const;

  double ocv_slope_V(double soc) const;  // dU25/d(soc)

  const Node* nodes() const { return nodes_.data(); }
  double low_slope_V() const { return low_slope_V_; }    // of the OCV at SOC 0, per grid step
  double high_slope_V() const { return high_slope_V_; }  // at SOC 1

 private:
  std::vector<Node> nodes_;
  double low_slope_V_, high_slope_V_;
};

}  // namespace packbench::models
