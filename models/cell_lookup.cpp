#include "models/cell_lookup.h"

#include <algorithm>

namespace packbench::models {
namespace {

double value_or_zero(const Curve& curve, double soc) { return curve.soc.empty() ? 0.0 : held_value(curve, soc); }

double resistance_at(const ResistanceMap& map, const std::vector<double>& ohm, int temperature, double soc) {
  const auto columns = map.temperature_degC.size();
  const auto column = std::min(static_cast<std::size_t>(temperature), columns - 1);
  Curve curve{map.soc, {}};
  for (std::size_t i = 0; i < map.soc.size(); ++i) curve.value.push_back(ohm[i * columns + column]);
  return held_value(curve, soc);
}

}  // namespace

double held_value(const Curve& curve, double soc) {
  if (!(soc > curve.soc.front())) return curve.value.front();
  if (soc >= curve.soc.back()) return curve.value.back();
  const auto above =
      static_cast<std::size_t>(std::upper_bound(curve.soc.begin(), curve.soc.end(), soc) - curve.soc.begin());
  const double low = curve.soc[above - 1];
  const double fraction = (soc - low) / (curve.soc[above] - low);
  return curve.value[above - 1] + fraction * (curve.value[above] - curve.value[above - 1]);
}

CellLookup::CellLookup(const CellParameters& cell) {
  validate(cell);
  fill_temperatures(cell.resistance);
  stride_ = kResistance + 2 * temperatures_;
  rows_.resize(static_cast<std::size_t>(kGridSteps + 1) * static_cast<std::size_t>(stride_));
  for (int i = 0; i <= kGridSteps; ++i) {
    fill_row(rows_.data() + i * stride_, cell, static_cast<double>(i) / kGridSteps);
  }
}

void CellLookup::fill_temperatures(const ResistanceMap& map) {
  std::vector<double> degC = map.temperature_degC;
  if (degC.size() == 1) degC.push_back(degC.front() + 1.0);
  temperatures_ = static_cast<int>(degC.size());
  std::copy(degC.begin(), degC.end(), temperature_degC_.begin());
  for (std::size_t i = 0; i + 1 < degC.size(); ++i) per_interval_[i] = 1.0 / (degC[i + 1] - degC[i]);
}

void CellLookup::fill_row(double* row, const CellParameters& cell, double soc) const {
  row[kOcv] = held_value(cell.ocv_V, soc);
  row[kHalfGap] = 0.5 * value_or_zero(cell.hysteresis_V, soc);
  row[kEntropy] = value_or_zero(cell.entropy_V_per_K, soc);
  for (int j = 0; j < temperatures_; ++j) {
    row[kResistance + j] = resistance_at(cell.resistance, cell.resistance.charge_ohm, j, soc);
    row[kResistance + temperatures_ + j] = resistance_at(cell.resistance, cell.resistance.discharge_ohm, j, soc);
  }
}

}  // namespace packbench::models
