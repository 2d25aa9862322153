#include <charconv>
#include <cmath>

#include "hil/cli/fit_cell_file.h"
#include "models/fit/to_cell.h"

namespace packbench::hil {
namespace {

using models::fit::MapTable;
using models::fit::Result;

constexpr int kDigits = 7;
constexpr double kAssumed_kg_per_Ah = 0.022;  // ours, assumed: lithium-ion cells of 80 to 170 Wh/kg

double rounded(double value) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, kDigits).ptr;
  std::from_chars(text, end, value);
  return value;
}

std::vector<double> rounded(std::vector<double> values) {
  for (double& value : values) value = rounded(value);
  return values;
}

void round_map(models::ResistanceMap& map) {
  map.charge_ohm = rounded(map.charge_ohm);
  map.discharge_ohm = rounded(map.discharge_ohm);
}

void round_cell(models::CellParameters& cell) {
  cell.capacity_Ah = rounded(cell.capacity_Ah);
  for (models::Curve* curve : {&cell.ocv_V, &cell.hysteresis_V, &cell.entropy_V_per_K})
    curve->value = rounded(curve->value);
  round_map(cell.r0);
  for (models::RcPair& pair : cell.pairs) {
    pair.tau_s = rounded(pair.tau_s);
    round_map(pair.resistance);
  }
  cell.rate = rounded(cell.rate);
  models::Validity& v = cell.validity;
  for (double* value : {&v.min_soc, &v.max_soc, &v.max_charge_C, &v.max_discharge_C}) *value = rounded(*value);
}

void add_map(sim::CellFile& file, const std::string& path, const MapTable& map) {
  file.sigma[path + ".charge_ohm"] = rounded(map.charge_sigma_ohm);
  file.sigma[path + ".discharge_ohm"] = rounded(map.discharge_sigma_ohm);
}

void add_sigma(sim::CellFile& file, const Result& result) {
  file.sigma["ocv.middle_V"] = rounded(result.ocv.sigma);
  if (!result.hysteresis.soc.empty()) file.sigma["hysteresis.gap_V"] = rounded(result.hysteresis.sigma);
  if (!result.entropy.soc.empty()) file.sigma["entropy.dUdT_V_per_K"] = rounded(result.entropy.sigma);
  add_map(file, "resistance.r0", result.r0);
  for (std::size_t i = 0; i < result.pairs.size(); ++i) {
    const std::string path = "resistance.pairs[" + std::to_string(i) + "]";
    file.sigma[path + ".tau"] = {rounded(result.pairs[i].tau_sigma_s)};
    add_map(file, path, result.pairs[i].resistance);
  }
}

}  // namespace

sim::CellFile cell_file_of(const Result& result, const CellTexts& texts, const HeatOptions& heat) {
  sim::CellFile file;
  file.chemistry = texts.chemistry;
  file.description = texts.description;
  file.lowest_V = rounded(result.lowest_V);
  file.highest_V = rounded(result.highest_V);
  file.provenance[""] = {texts.source, texts.licence, texts.measured};
  file.cell = models::fit::cell_of(result);
  file.cell.name = texts.name;
  file.cell.mass_kg = heat.mass_kg.value_or(rounded(kAssumed_kg_per_Ah * result.capacity_Ah));
  file.cell.specific_heat_J_per_kgK = heat.specific_heat_J_per_kgK.value_or(file.cell.specific_heat_J_per_kgK);
  file.cell.core_surface_W_per_K = heat.core_surface_W_per_K.value_or(file.cell.core_surface_W_per_K);
  if (!heat.mass_kg || !heat.specific_heat_J_per_kgK)
    file.provenance["thermal"].source = "ours, assumed: not measured with the fitted records";
  round_cell(file.cell);
  add_sigma(file, result);
  return file;
}

}  // namespace packbench::hil
