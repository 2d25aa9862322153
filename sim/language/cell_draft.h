// What stands in a cell file, section by section, before it becomes a CellFile. Inside the reader only.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "sim/language/cell_file.h"
#include "sim/language/cell_numbers.h"
#include "sim/language/value_types.h"

namespace packbench::sim {

struct OcvDraft : Provenance {
  NumberList soc, middle_V, charge_V, discharge_V;
  NumberList middle_sigma_V, charge_sigma_V, discharge_sigma_V;

  bool branches() const { return charge_V.given() && discharge_V.given(); }
};

struct HysteresisDraft : Provenance {
  NumberList soc, gap_V, gap_sigma_V;
  std::optional<double> swing, swing_sigma;
  Mark mark;
};

struct EntropyDraft : Provenance {
  NumberList soc, slope_V_per_K, slope_sigma_V_per_K;
};

// R0, the resistance of one RC pair, or the total: a map of its own or a share of the total.
struct ElementDraft {
  NumberList soc, temperature_degC;
  NumberGrid ohm, charge_ohm, discharge_ohm;
  NumberGrid sigma_ohm, charge_sigma_ohm, discharge_sigma_ohm;
  std::optional<double> share;
  double tau_s = 0;
  std::optional<double> tau_sigma_s;
  Mark mark;
  std::string path;

  bool given() const { return !path.empty(); }
  bool has_map() const { return soc.given() || temperature_degC.given() || ohm.given() || charge_ohm.given(); }
};

struct ResistanceDraft : Provenance {
  ElementDraft total, r0;
  std::vector<ElementDraft> pairs;
  std::optional<double> activation_energy_J_per_mol, activation_energy_sigma_J_per_mol;
};

struct RateDraft : Provenance {
  NumberList soc, temperature_degC;
  NumberGrid factor, factor_sigma;
};

struct ThermalDraft : Provenance {
  std::optional<double> mass_kg, specific_heat_J_per_kgK, surface_share, core_surface_W_per_K;
};

struct ValidityDraft : Provenance {
  models::Validity limits;
};

struct RunawayDraft : Provenance {
  models::RunawayParameters parameters;
};

struct PlatingDraft : Provenance {
  NumberList temperature_degC, limit_empty_C, limit_full_C;
};

struct ReversalDraft : Provenance {
  models::ReversalParameters parameters;
};

struct AgeingDraft : Provenance {
  models::AgeingParameters parameters;
};

struct CellDraft : Provenance {
  CellFile file;
  std::optional<double> capacity_sigma_Ah;
  OcvDraft ocv;
  HysteresisDraft hysteresis;
  EntropyDraft entropy;
  ResistanceDraft resistance;
  RateDraft rate;
  ThermalDraft thermal;
  ValidityDraft validity;
  RunawayDraft runaway;
  PlatingDraft plating;
  ReversalDraft reversal;
  AgeingDraft ageing;
};

// The tables of keys of each section.
const FieldTable<OcvDraft>& ocv_fields();
const FieldTable<HysteresisDraft>& hysteresis_fields();
const FieldTable<EntropyDraft>& entropy_fields();
const FieldTable<ResistanceDraft>& resistance_fields();
const FieldTable<RateDraft>& rate_fields();
const FieldTable<ThermalDraft>& thermal_fields();
const FieldTable<ValidityDraft>& validity_fields();
const FieldTable<RunawayDraft>& runaway_fields();
const FieldTable<PlatingDraft>& plating_fields();
const FieldTable<ReversalDraft>& reversal_fields();
const FieldTable<AgeingDraft>& ageing_fields();

// Lowest and highest: "[2.0 V, 3.6 V]".
struct Range {
  using value_type = std::pair<double, double>;
  Amount end;

  std::string words() const;
  nlohmann::json schema() const;
  std::optional<value_type> read(const Value& value) const;
};

// The keys `source`, `licence` and `measured`, behind the others.
template <class Section>
std::vector<Field<Section>> with_provenance(std::vector<Field<Section>> fields) {
  fields.push_back(field<Section>("source", Text{}, &Section::source, "where the values come from"));
  fields.push_back(field<Section>("licence", Text{}, &Section::licence, "licence of the data"));
  fields.push_back(field<Section>("measured", Text{}, &Section::measured, "how the values were measured or derived"));
  return fields;
}

}  // namespace packbench::sim
