#include "sim/language/cell_file_reader.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

#include "sim/language/cell_draft.h"
#include "sim/language/file_bytes.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;
using D = CellDraft;
using models::Curve;
using models::ResistanceMap;

// Rules between sections.
void check_cell(const Value& value, D& draft) {
  const HysteresisDraft& hysteresis = draft.hysteresis;
  if (draft.ocv.branches() && hysteresis.gap_V.given())
    value.problem_at(hysteresis.gap_V.mark, "the gap is given, and both branches in ocv",
                     "expected one of both: the gap is the difference of the branches");
  if (hysteresis.swing && !draft.ocv.branches() && !hysteresis.gap_V.given())
    value.problem_at(hysteresis.mark, "the hysteresis has no gap", "expected soc and gap_V, or both branches in ocv");
}

Curve curve(const NumberList& soc, const NumberList& values) { return {soc.values, values.values}; }

void apply_ocv(const D& draft, models::CellParameters& cell) {
  const OcvDraft& ocv = draft.ocv;
  cell.ocv_V = curve(ocv.soc, ocv.middle_V);
  cell.hysteresis_V = curve(draft.hysteresis.soc, draft.hysteresis.gap_V);
  cell.entropy_V_per_K = curve(draft.entropy.soc, draft.entropy.slope_V_per_K);
  if (draft.hysteresis.swing) cell.hysteresis_soc = *draft.hysteresis.swing;
  if (!ocv.branches()) return;
  cell.hysteresis_V = {ocv.soc.values, {}};
  for (std::size_t i = 0; i < ocv.soc.size(); ++i) {
    const double charge_V = ocv.charge_V.values[i], discharge_V = ocv.discharge_V.values[i];
    cell.ocv_V.value.push_back((charge_V + discharge_V) / 2);
    cell.hysteresis_V.value.push_back(charge_V - discharge_V);
  }
}

ResistanceMap map_of(const ElementDraft& element) {
  const bool one = element.ohm.given();
  return {element.soc.values, element.temperature_degC.values, one ? element.ohm.values : element.charge_ohm.values,
          one ? element.ohm.values : element.discharge_ohm.values};
}

ResistanceMap map_of(const ElementDraft& element, const ElementDraft& total) {
  if (!element.share) return map_of(element);
  ResistanceMap out = map_of(total);
  for (std::vector<double>* side : {&out.charge_ohm, &out.discharge_ohm})
    for (double& ohm : *side) ohm *= *element.share;
  return out;
}

void apply_resistance(const D& draft, models::CellParameters& cell) {
  const ResistanceDraft& resistance = draft.resistance;
  cell.r0 = map_of(resistance.r0, resistance.total);
  for (const ElementDraft& pair : resistance.pairs)
    if (!pair.share || *pair.share > 0) cell.pairs.push_back({map_of(pair, resistance.total), pair.tau_s});
  cell.activation_energy_J_per_mol = resistance.activation_energy_J_per_mol;
  cell.rate_soc = draft.rate.soc.values;
  cell.rate_degC = draft.rate.temperature_degC.values;
  cell.rate = draft.rate.factor.values;
}

void apply_rest(const D& draft, models::CellParameters& cell) {
  const auto set = [](const std::optional<double>& from, double& to) { to = from.value_or(to); };
  set(draft.thermal.mass_kg, cell.mass_kg);
  set(draft.thermal.specific_heat_J_per_kgK, cell.specific_heat_J_per_kgK);
  set(draft.thermal.surface_share, cell.surface_share);
  set(draft.thermal.core_surface_W_per_K, cell.core_surface_W_per_K);
  cell.validity = draft.validity.limits;
  cell.runaway = draft.runaway.parameters;
  cell.plating = {draft.plating.temperature_degC.values, draft.plating.limit_empty_C.values,
                  draft.plating.limit_full_C.values};
  cell.reversal = draft.reversal.parameters;
  cell.ageing = draft.ageing.parameters;
}

// --- standard errors and texts -----------------------------------------------------------------------------------

using Sigma = std::map<std::string, std::vector<double>>;

void add(Sigma& to, const std::string& path, const NumberList& sigma) {
  if (sigma.given()) to[path] = sigma.values;
}
void add(Sigma& to, const std::string& path, const std::optional<double>& sigma) {
  if (sigma) to[path] = {*sigma};
}

void add_element(Sigma& to, const std::string& path, const ElementDraft& element) {
  add(to, path + ".ohm", element.sigma_ohm);
  add(to, path + ".charge_ohm", element.charge_sigma_ohm);
  add(to, path + ".discharge_ohm", element.discharge_sigma_ohm);
  add(to, path + ".tau", element.tau_sigma_s);
}

Sigma sigma_of(const D& draft) {
  Sigma out;
  add(out, "capacity", draft.capacity_sigma_Ah);
  add(out, "ocv.middle_V", draft.ocv.middle_sigma_V);
  add(out, "ocv.charge_V", draft.ocv.charge_sigma_V);
  add(out, "ocv.discharge_V", draft.ocv.discharge_sigma_V);
  add(out, "hysteresis.gap_V", draft.hysteresis.gap_sigma_V);
  add(out, "hysteresis.swing", draft.hysteresis.swing_sigma);
  add(out, "entropy.dUdT_V_per_K", draft.entropy.slope_sigma_V_per_K);
  add_element(out, "resistance.total", draft.resistance.total);
  add_element(out, "resistance.r0", draft.resistance.r0);
  for (std::size_t i = 0; i < draft.resistance.pairs.size(); ++i)
    add_element(out, "resistance.pairs[" + std::to_string(i) + "]", draft.resistance.pairs[i]);
  add(out, "resistance.activation_energy_J_per_mol", draft.resistance.activation_energy_sigma_J_per_mol);
  add(out, "rate.factor", draft.rate.factor_sigma);
  return out;
}

std::map<std::string, Provenance> provenance_of(const D& draft) {
  const std::pair<const char*, const Provenance*> all[] = {{"", &draft},
                                                           {"ocv", &draft.ocv},
                                                           {"hysteresis", &draft.hysteresis},
                                                           {"entropy", &draft.entropy},
                                                           {"resistance", &draft.resistance},
                                                           {"rate", &draft.rate},
                                                           {"thermal", &draft.thermal},
                                                           {"validity", &draft.validity},
                                                           {"runaway", &draft.runaway},
                                                           {"plating", &draft.plating},
                                                           {"reversal", &draft.reversal},
                                                           {"ageing", &draft.ageing}};
  std::map<std::string, Provenance> out;
  for (const auto& [section, texts] : all)
    if (!(*texts == Provenance{})) out[section] = *texts;
  return out;
}

// --- the file ----------------------------------------------------------------------------------------------------

// The names of the table files that the tree mentions.
void collect_files(const YamlNode& node, std::set<std::string>& names) {
  for (const YamlEntry& entry : node.entries) {
    if (entry.key == "file") names.insert(entry.value.text);
    collect_files(entry.value, names);
  }
  for (const YamlNode& item : node.items) collect_files(item, names);
}

std::string hash_of(const std::string& bytes, const YamlNode& root, const fs::path& folder) {
  std::set<std::string> names;
  collect_files(root, names);
  std::string all = bytes;
  for (const std::string& name : names) {
    const auto table = read_bytes(folder / name);
    if (const auto* found = std::get_if<std::string>(&table)) all += *found;
  }
  return sha256_hex(all);
}

// In the order of the lines; the cell file before its tables.
Problems sorted(Problems problems, const std::string& first_file) {
  const auto key = [&](const Problem& p) {
    return std::tuple(p.mark.file != first_file, p.mark.file, p.mark.line, p.mark.column);
  };
  std::ranges::stable_sort(problems, [&](const Problem& a, const Problem& b) { return key(a) < key(b); });
  return problems;
}

CellFile assembled(D& draft) {
  CellFile out = std::move(draft.file);
  apply_ocv(draft, out.cell);
  apply_resistance(draft, out.cell);
  apply_rest(draft, out.cell);
  out.sigma = sigma_of(draft);
  out.provenance = provenance_of(draft);
  return out;
}

}  // namespace

const FieldTable<CellDraft>& cell_file_fields() {
  using C = models::CellParameters;
  static const auto cell = [](auto member) {
    return [member](D& draft, auto value) { draft.file.cell.*member = std::move(value); };
  };
  static const auto file = [](auto member) {
    return [member](D& draft, std::string value) { draft.file.*member = std::move(value); };
  };
  static const auto voltages = [](D& draft, std::pair<double, double> range) {
    draft.file.lowest_V = range.first;
    draft.file.highest_V = range.second;
  };
  static const auto shunt = Amount{Dimension::resistance, "10 kohm", 0, 1e9, true};
  static const FieldTable<D> table{
      "a cell file",
      {field<D>("cell", Text{"the cell's name"}, cell(&C::name), "name", Need::required),
       field<D>("chemistry", Text{"a chemistry, such as LFP"}, file(&CellFile::chemistry), "chemistry", Need::required),
       field<D>("description", Text{}, file(&CellFile::description), "what this cell is"),
       field<D>("source", Text{"a source"}, &D::source, "where the values come from", Need::required),
       field<D>("licence", Text{"a licence"}, &D::licence, "licence of the data", Need::required),
       field<D>("measured", Text{}, &D::measured, "how the values were measured or derived"),
       field<D>("capacity", Amount{Dimension::charge, "3 Ah", 0, 1e5, true}, cell(&C::capacity_Ah),
                "charge between the two voltages", Need::required),
       field<D>("capacity_sigma", Amount{Dimension::charge, "0.02 Ah", 0, 1e5}, &D::capacity_sigma_Ah,
                "standard error of the capacity"),
       field<D>("voltage", Range{voltage(0, 5)}, voltages, "lowest and highest voltage in use", Need::required),
       field<D>("coulomb_efficiency", share(0.5, 1), cell(&C::coulomb_efficiency), "charge stored per charge put in"),
       field<D>("self_discharge", shunt, cell(&C::self_discharge_ohm), "resistance across the electrodes; else none"),
       field<D>("ocv", Object<OcvDraft>{ocv_fields}, &D::ocv, "open-circuit voltage", Need::required),
       field<D>("hysteresis", Object<HysteresisDraft>{hysteresis_fields}, &D::hysteresis,
                "difference of the branches of the open-circuit voltage"),
       field<D>("entropy", Object<EntropyDraft>{entropy_fields}, &D::entropy,
                "change of the open-circuit voltage with temperature"),
       field<D>("resistance", Object<ResistanceDraft>{resistance_fields}, &D::resistance,
                "resistance at once and of the RC pairs", Need::required),
       field<D>("rate", Object<RateDraft>{rate_fields}, &D::rate, "how much faster the RC pairs relax; else 1"),
       field<D>("thermal", Object<ThermalDraft>{thermal_fields}, &D::thermal, "mass and heat flow", Need::required),
       field<D>("validity", Object<ValidityDraft>{validity_fields}, &D::validity, "where the values hold"),
       field<D>("runaway", Object<RunawayDraft>{runaway_fields}, &D::runaway, "thermal runaway; else none"),
       field<D>("plating", Object<PlatingDraft>{plating_fields}, &D::plating, "charge limits without lithium plating"),
       field<D>("reversal", Object<ReversalDraft>{reversal_fields}, &D::reversal, "damage far below empty; else none"),
       field<D>("ageing", Object<AgeingDraft>{ageing_fields}, &D::ageing,
                "loss of capacity and rise of resistance; else none")},
      check_cell,
      {}};
  return table;
}

std::variant<CellFile, Problems> read_cell_file(const fs::path& file, const Mark& asked_by, const std::string& path) {
  auto bytes = read_bytes(file, asked_by, path);
  if (auto* problem = std::get_if<Problem>(&bytes)) return Problems{*problem};
  auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  if (auto* problems = std::get_if<Problems>(&tree)) return *problems;
  const YamlNode& root = std::get<YamlNode>(tree);
  ReadContext context;
  context.folder = file.parent_path();
  CellDraft draft;
  read_fields(Value(root, "", context), cell_file_fields(), draft);
  if (!context.problems.empty()) return sorted(std::move(context.problems), file.string());
  CellFile out = assembled(draft);
  try {
    models::validate(out.cell);
  } catch (const std::invalid_argument& complaint) {
    return Problems{{root.mark, "", complaint.what(), "expected a cell that can be simulated"}};
  }
  out.sha256 = hash_of(std::get<std::string>(bytes), root, context.folder);
  return out;
}

}  // namespace packbench::sim
