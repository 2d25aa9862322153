// What the tables of a cell come down to (node_table.h). No other header is needed here: kernel_body.h is compiled once
// for each width of vector, and whatever it includes must not leave code in other files.
#pragma once

namespace packbench::models {

inline constexpr int kMaxPairs = 3;
inline constexpr double kMostOcv_V = 5.0;  // the OCV stays within 0 V and this, however far the SOC leaves 0..1

// All tables at one SOC and temperature, for one direction of current: one cache line.
struct alignas(64) Node {
  double ocv_V;  // at 25 degC
  double half_gap_V;
  double entropy_V_per_K;
  double r_ohm[1 + kMaxPairs];  // R0, then the pairs; 0 for those the cell has not
  double rate;
};
static_assert(sizeof(Node) == 64);

// What a cell (or as many as a vector holds) finds in its tables.
template <class V>
struct TablePoint {
  V ocv_V;  // at 25 degC, continued beyond SOC 0..1
  V half_gap_V, entropy_V_per_K;
  V r_ohm[1 + kMaxPairs];  // without the cell's factor
  V rate;
};

// Nodes over SOC, temperature and direction of current.
struct NodeGrid {
  static constexpr int kSocSteps = 200;
  static constexpr int kTemperatureSteps = 28;
  static constexpr double kColdest_degC = -40.0;
  static constexpr double kStep_K = 5.0;
  static constexpr int kRow = kTemperatureSteps + 1;     // nodes from one SOC to the next
  static constexpr int kSheet = (kSocSteps + 1) * kRow;  // nodes from discharge to charge

  const Node* nodes;
  double low_slope_V, high_slope_V;  // of the OCV at SOC 0 and 1, per grid step
};

}  // namespace packbench::models
