#include "models/fit/to_cell.h"

#include <algorithm>

#include "models/fit/normal_equations.h"

namespace packbench::models::fit {
namespace {

Curve curve_of(const Table& table) { return {table.soc, table.value}; }

ResistanceMap map_of(const MapTable& map) { return {map.soc, map.temperature_degC, map.charge_ohm, map.discharge_ohm}; }

void set_rate(CellParameters& cell, const Result& result) {
  const Dynamics dynamics{{}, result.rate_activation_J_per_mol};
  cell.rate_soc = {0, 1};
  cell.rate_degC = result.r0.temperature_degC;
  for (int row = 0; row < 2; ++row) {
    for (const double degC : cell.rate_degC) cell.rate.push_back(dynamics.rate(degC));
  }
}

// Ours: how far from a chamber's temperature its records still speak for the cell, which warms by some kelvin itself.
constexpr double kAround_K = 5.0;

Validity validity_of(const Result& result) {
  Validity validity;
  validity.min_soc = std::clamp(result.min_soc, 0.0, 1.0);
  validity.max_soc = std::clamp(result.max_soc, 0.0, 1.0);
  validity.min_degC = result.r0.temperature_degC.front() - kAround_K;
  validity.max_degC = result.r0.temperature_degC.back() + kAround_K;
  validity.max_charge_C = result.max_charge_A / result.capacity_Ah;
  validity.max_discharge_C = result.max_discharge_A / result.capacity_Ah;
  return validity;
}

}  // namespace

CellParameters cell_of(const Result& result) {
  CellParameters cell;
  cell.capacity_Ah = result.capacity_Ah;
  cell.ocv_V = curve_of(result.ocv);
  cell.hysteresis_V = curve_of(result.hysteresis);
  cell.entropy_V_per_K = curve_of(result.entropy);
  cell.hysteresis_soc = result.hysteresis_soc;
  cell.r0 = map_of(result.r0);
  for (const FittedPair& pair : result.pairs) cell.pairs.push_back({map_of(pair.resistance), pair.tau_s});
  if (result.rate_activation_J_per_mol > 0) set_rate(cell, result);
  cell.validity = validity_of(result);
  return cell;
}

}  // namespace packbench::models::fit
