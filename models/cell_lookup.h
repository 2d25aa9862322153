// The tables of one cell, brought onto one SOC grid so that a step finds everything it needs in two neighbouring rows.
//
// Grid: SOC 0, 0.005, ... 1 (201 rows). Tables whose points lie on it are kept exactly (linear in between); a point of
// a table that does not lie on it is cut by at most the change of slope there times a quarter of a grid step. Immutable
// and free of allocation after construction.
#pragma once

#include <array>
#include <vector>

#include "models/cell.h"

namespace packbench::models {

enum class Direction { discharge, charge };

// Linear interpolation; beyond the ends the end value. The curve must have at least one point.
double held_value(const Curve& curve, double soc);

class CellLookup {
 public:
  static constexpr int kGridSteps = 200;
  static constexpr int kMaxTemperatures = 8;

  // Throws std::invalid_argument as validate() does.
  explicit CellLookup(const CellParameters& cell);

  struct Point {
    double ocv_V;            // at this temperature, clamped to 0..5 V
    double half_gap_V;       // M/2: from the OCV to either hysteresis branch
    double entropy_V_per_K;  // dU/dT
    double resistance_ohm;   // total
  };
  // soc may leave 0..1. NaN reads as soc 0 of the tables and gives a NaN OCV.
  [[gnu::always_inline]] Point at(double soc, double temperature_degC, Direction direction) const {
    const Place place = find(soc);
    const double* row = rows_.data() + place.row * stride_;
    const double entropy = between(row, kEntropy, place.held);
    const double ocv = between(row, kOcv, place.open) + (temperature_degC - kReference_degC) * entropy;
    const double limited = ocv < 0.0 ? 0.0 : ocv;
    return {limited > 5.0 ? 5.0 : limited, between(row, kHalfGap, place.held), entropy,
            resistance(row, place.held, temperature_degC, direction)};
  }

  static constexpr double kReference_degC = 25.0;

 private:
  enum Column { kOcv, kHalfGap, kEntropy, kResistance };

  struct Place {
    int row;
    double open;  // distance from the row in grid steps, goes on beyond the ends
    double held;  // the same, within 0..1
  };
  static Place find(double soc) {
    const double steps = soc * kGridSteps;
    const double above = steps > 0.0 ? steps : 0.0;
    const int row = static_cast<int>(above < kGridSteps - 1 ? above : kGridSteps - 1);
    const double open = steps - row;
    const double low = open > 0.0 ? open : 0.0;
    return {row, open, low < 1.0 ? low : 1.0};
  }

  double between(const double* row, int column, double distance) const {
    return row[column] + distance * (row[stride_ + column] - row[column]);
  }

  double resistance(const double* row, double distance, double temperature_degC, Direction direction) const {
    int interval = 0;
    for (int i = 1; i + 1 < temperatures_; ++i) interval += temperature_degC >= temperature_degC_[i] ? 1 : 0;
    const double raw = (temperature_degC - temperature_degC_[interval]) * per_interval_[interval];
    const double low = raw > 0.0 ? raw : 0.0;
    const double weight = low < 1.0 ? low : 1.0;
    const int column = kResistance + (direction == Direction::charge ? 0 : temperatures_) + interval;
    const double cooler = between(row, column, distance);
    return cooler + weight * (between(row, column + 1, distance) - cooler);
  }

  void fill_temperatures(const ResistanceMap& map);
  void fill_row(double* row, const CellParameters& cell, double soc) const;

  int temperatures_ = 2;  // at least two: a single one is stored twice
  int stride_ = 0;
  std::array<double, kMaxTemperatures> temperature_degC_{};
  std::array<double, kMaxTemperatures> per_interval_{};  // 1 / (next temperature - this one)
  std::vector<double> rows_;
};

}  // namespace packbench::models
