// Heat, validity, and what can go wrong with a cell.
#include <string>

#include "sim/language/cell_draft.h"

namespace packbench::sim {
namespace {

Amount reaction_number(double most, std::string example) { return number(0, most, std::move(example)); }

const FieldTable<models::Reaction>& reaction_fields() {
  using R = models::Reaction;
  static const FieldTable<R> table{
      "a reaction",
      {field<R>("name", Text{"the reaction's name"}, &R::name, "what decomposes", Need::required),
       field<R>("heat_J_per_kg", reaction_number(1e8, "257000"), &R::heat_J_per_kg, "heat per kg of cell",
                Need::required),
       field<R>("frequency_per_s", reaction_number(1e40, "1.667e15"), &R::frequency_per_s, "frequency factor in 1/s",
                Need::required),
       field<R>("activation_J_per_mol", reaction_number(1e6, "135080"), &R::activation_J_per_mol,
                "activation energy in J/mol", Need::required),
       field<R>("autocatalytic_seed", Amount{Dimension::one, "0.04", 0, 1, true}, &R::autocatalytic_seed,
                "1: first order; below 1 the product speeds the reaction up, from this share on"),
       field<R>("inhibition", number(0, 100), &R::inhibition, "how much a growing layer slows the reaction down"),
       field<R>("charge_share", share(), &R::charge_share, "how far its heat goes with the state of charge, 0 to 1")},
      {},
      {}};
  return table;
}

const FieldTable<models::RunawayParameters>& collapse_fields() {
  using R = models::RunawayParameters;
  static const FieldTable<R> table{
      "the collapse of the separator",
      {field<R>("temperature", temperature(), &R::collapse_degC, "from here the cell shorts inside ..."),
       field<R>("width", Amount{Dimension::temperature_difference, "10 K", 0, 500, true}, &R::collapse_width_K,
                "... over this width ..."),
       field<R>("resistance", Amount{Dimension::resistance, "20 mohm", 0, 1e6, true}, &R::collapse_ohm,
                "... to this resistance")},
      {},
      {}};
  return table;
}

void check_reactions(const Value& value, RunawayDraft& runaway) {
  const std::size_t count = runaway.parameters.reactions.size();
  if (count > static_cast<std::size_t>(models::kMaxReactions))
    value.problem("there are " + std::to_string(count) + " reactions",
                  "expected at most " + std::to_string(models::kMaxReactions));
}

void check_plating(const Value& value, PlatingDraft& plating) {
  Problems& problems = value.context().problems;
  if (!plating.temperature_degC.given()) return;
  check_strictly_rising(plating.temperature_degC, problems);
  check_bounds(plating.temperature_degC, {-80, 250}, problems);
  for (const NumberList* limit : {&plating.limit_empty_C, &plating.limit_full_C}) {
    if (!limit->given()) continue;
    check_same_size(*limit, plating.temperature_degC, problems);
    check_bounds(*limit, {0, 1000}, problems);
  }
}

// One constant of the ageing laws: any sign, any size.
Field<AgeingDraft> constant(std::string key, double models::AgeingParameters::*member, std::string description) {
  const auto store = [member](AgeingDraft& s, double v) { s.parameters.*member = v; };
  return field<AgeingDraft>(std::move(key), number(-1e9, 1e9, "0.00124"), store, std::move(description));
}

// A magnitude as a C-rate, "2 C".
Amount rate_C() { return {Dimension::c_rate, "2 C", 0, 1000, true}; }

}  // namespace

std::string Range::words() const { return "a list of the lowest and the highest, each " + end.words(); }

nlohmann::json Range::schema() const {
  return {{"type", "array"}, {"items", end.schema()}, {"minItems", 2}, {"maxItems", 2}};
}

std::optional<std::pair<double, double>> Range::read(const Value& value) const {
  if (!value.is(YamlNode::Kind::list) || value.node().items.size() != 2) {
    value.wrong_type(words());
    return std::nullopt;
  }
  const auto lowest = end.read(value.item(0)), highest = end.read(value.item(1));
  if (!lowest || !highest) return std::nullopt;
  if (*lowest < *highest) return std::pair(*lowest, *highest);
  value.problem("the first of the two is not below the second", "expected the lowest first");
  return std::nullopt;
}

const FieldTable<ThermalDraft>& thermal_fields() {
  using S = ThermalDraft;
  static const FieldTable<S> table{
      "heat in the cell",
      with_provenance<S>({field<S>("mass_kg", number(1e-4, 1000, "0.07"), &S::mass_kg, "mass in kg", Need::required),
                          field<S>("specific_heat_J_per_kgK", number(1, 1e5, "1001"), &S::specific_heat_J_per_kgK,
                                   "specific heat in J/(kg K)", Need::required),
                          field<S>("surface_share", share(1e-3, 0.9), &S::surface_share,
                                   "share of the heat capacity that follows the surface"),
                          field<S>("core_surface_W_per_K", number(1e-4, 1e5, "0.5"), &S::core_surface_W_per_K,
                                   "from core to surface, in W/K")}),
      {},
      {}};
  return table;
}

const FieldTable<ValidityDraft>& validity_fields() {
  using S = ValidityDraft;
  static const auto soc = [](S& s, std::pair<double, double> v) {
    s.limits.min_soc = v.first;
    s.limits.max_soc = v.second;
  };
  static const auto temperatures = [](S& s, std::pair<double, double> v) {
    s.limits.min_degC = v.first;
    s.limits.max_degC = v.second;
  };
  static const auto charge = [](S& s, double v) { s.limits.max_charge_C = v; };
  static const auto discharge = [](S& s, double v) { s.limits.max_discharge_C = v; };
  static const FieldTable<S> table{
      "the range of validity",
      with_provenance<S>({field<S>("soc", Range{share()}, soc, "states of charge"),
                          field<S>("temperature", Range{temperature()}, temperatures, "temperatures of the core"),
                          field<S>("charge", rate_C(), charge, "largest charge current over capacity"),
                          field<S>("discharge", rate_C(), discharge, "largest discharge current over capacity")}),
      {},
      {}};
  return table;
}

const FieldTable<RunawayDraft>& runaway_fields() {
  using S = RunawayDraft;
  static const auto reactions = [](S& s, std::vector<models::Reaction> v) { s.parameters.reactions = std::move(v); };
  static const auto collapse = [](S& s, models::RunawayParameters v) {
    v.reactions = std::move(s.parameters.reactions);
    s.parameters = std::move(v);
  };
  static const FieldTable<S> table{
      "thermal runaway",
      with_provenance<S>({field<S>("reactions", ListOf<Object<models::Reaction>>{{reaction_fields}, 1}, reactions,
                                   "exothermic decompositions, at most 4", Need::required),
                          field<S>("collapse", Object<models::RunawayParameters>{collapse_fields}, collapse,
                                   "internal short when the separator fails")}),
      check_reactions,
      {}};
  return table;
}

const FieldTable<PlatingDraft>& plating_fields() {
  using S = PlatingDraft;
  static const FieldTable<S> table{
      "the plating limits",
      with_provenance<S>({field<S>("temperature_degC", Numbers{}, &S::temperature_degC, "temperatures, strictly rising",
                                   Need::required),
                          field<S>("limit_empty_C", Numbers{}, &S::limit_empty_C,
                                   "highest charge rate without plating at SOC 0, in 1/h", Need::required),
                          field<S>("limit_full_C", Numbers{}, &S::limit_full_C,
                                   "highest charge rate without plating at SOC 1, in 1/h", Need::required)}),
      check_plating,
      {}};
  return table;
}

const FieldTable<ReversalDraft>& reversal_fields() {
  using S = ReversalDraft;
  const auto into = [](double models::ReversalParameters::*member) {
    return [member](S& s, double v) { s.parameters.*member = v; };
  };
  using R = models::ReversalParameters;
  static const FieldTable<S> table{
      "a cell driven far below empty",
      with_provenance<S>({field<S>("begin_soc", number(-1, 0, "-0.12"), into(&R::begin_soc), "copper dissolves below"),
                          field<S>("short_S_per_Ah", number(0, 1e6, "0.5"), into(&R::short_S_per_Ah),
                                   "internal conductance that grows per Ah below it"),
                          field<S>("most_S", number(0, 1e6, "10"), into(&R::most_S), "up to this conductance")}),
      {},
      {}};
  return table;
}

const FieldTable<AgeingDraft>& ageing_fields() {
  using S = AgeingDraft;
  using A = models::AgeingParameters;
  static const FieldTable<S> table{
      "the ageing",
      with_provenance<S>(
          {constant("calendar_loss_per_sqrt_s", &A::calendar_loss_per_sqrt_s, "loss of capacity by time"),
           constant("calendar_loss_activation_J_per_mol", &A::calendar_loss_activation_J_per_mol,
                    "its activation energy"),
           constant("calendar_loss_soc_cubic", &A::calendar_loss_soc_cubic, "factor of (soc - 0.5)^3"),
           constant("calendar_loss_soc_level", &A::calendar_loss_soc_level, "and of 1"),
           constant("calendar_rise_per_s", &A::calendar_rise_per_s, "rise of resistance by time"),
           constant("calendar_rise_activation_J_per_mol", &A::calendar_rise_activation_J_per_mol,
                    "its activation energy"),
           constant("calendar_rise_soc_square", &A::calendar_rise_soc_square, "factor of (soc - 0.5)^2"),
           constant("calendar_rise_soc_level", &A::calendar_rise_soc_level, "and of 1"),
           constant("cycle_loss_rate_slope_h", &A::cycle_loss_rate_slope_h, "loss of capacity by cycles, per C-rate"),
           constant("cycle_loss_rate_level", &A::cycle_loss_rate_level, "and at no rate"),
           constant("cycle_loss_depth_cubic", &A::cycle_loss_depth_cubic, "factor of (depth - 0.6)^3"),
           constant("cycle_loss_depth_level", &A::cycle_loss_depth_level, "and of 1"),
           constant("cycle_rise_rate_slope_h", &A::cycle_rise_rate_slope_h, "rise of resistance by cycles, per C-rate"),
           constant("cycle_rise_rate_level", &A::cycle_rise_rate_level, "and at no rate"),
           constant("cycle_rise_depth_cubic", &A::cycle_rise_depth_cubic, "factor of (depth - 0.5)^3"),
           constant("cycle_rise_depth_level", &A::cycle_rise_depth_level, "and of 1"),
           constant("acceleration", &A::acceleration, "time and throughput count this many times")}),
      {},
      {}};
  return table;
}

}  // namespace packbench::sim
