// Resistance over state of charge, temperature and direction: of R0 and of the RC pairs, or in total with shares.
#include <cmath>
#include <string>

#include "sim/language/cell_draft.h"

namespace packbench::sim {
namespace {

constexpr Bounds kOhm{0, 1e6, true};
constexpr Bounds kSigma{0, 1e12};
constexpr std::size_t kMostTemperatures = 8;
constexpr double kRounding = 1e-9;  // of shares as people write them

void check_temperatures(const NumberList& list, Problems& problems) {
  check_strictly_rising(list, problems);
  check_bounds(list, {-80, 250}, problems);
  if (list.size() > kMostTemperatures)
    problems.push_back({list.mark, list.path, "there are " + std::to_string(list.size()) + " temperatures",
                        "expected 1 to " + std::to_string(kMostTemperatures)});
}

void check_grid(const NumberGrid& grid, const NumberList& soc, const NumberList& temperature_degC, Bounds bounds,
                Problems& problems) {
  if (!grid.given()) return;
  check_shape(grid, soc, temperature_degC, problems);
  check_bounds(grid, bounds, problems);
}

void check_map(const Value& value, const ElementDraft& map) {
  Problems& problems = value.context().problems;
  const bool both = map.charge_ohm.given() && map.discharge_ohm.given();
  const bool any = map.charge_ohm.given() || map.discharge_ohm.given();
  if (map.ohm.given() == any || any != both)
    value.problem(map.ohm.given() ? "the resistance is given twice" : "a resistance is missing",
                  "expected either ohm, or charge_ohm and discharge_ohm");
  if (!map.soc.given()) value.problem("the key 'soc' is missing", "expected " + Numbers{}.words());
  if (!map.temperature_degC.given())
    value.problem("the key 'temperature_degC' is missing", "expected " + Numbers{}.words());
  if (!map.soc.given() || !map.temperature_degC.given()) return;
  check_rising_from_0_to_1(map.soc, problems);
  check_temperatures(map.temperature_degC, problems);
  for (const NumberGrid* grid : {&map.ohm, &map.charge_ohm, &map.discharge_ohm})
    check_grid(*grid, map.soc, map.temperature_degC, kOhm, problems);
  for (const NumberGrid* grid : {&map.sigma_ohm, &map.charge_sigma_ohm, &map.discharge_sigma_ohm})
    check_grid(*grid, map.soc, map.temperature_degC, kSigma, problems);
}

void check_element(const Value& value, ElementDraft& element) {
  element.mark = value.mark();
  element.path = value.path();
  if (!element.share) return check_map(value, element);
  if (element.has_map()) value.problem("the element has a share and a table", "expected one of both");
}

std::vector<ElementDraft*> elements(ResistanceDraft& resistance) {
  std::vector<ElementDraft*> out;
  if (resistance.r0.given()) out.push_back(&resistance.r0);
  for (ElementDraft& pair : resistance.pairs) out.push_back(&pair);
  return out;
}

void check_shares(const Value& value, ResistanceDraft& resistance) {
  Problems& problems = value.context().problems;
  const bool total = resistance.total.given();
  double sum = 0;
  for (const ElementDraft* element : elements(resistance)) {
    sum += element->share.value_or(0);
    if (total && !element->share)
      problems.push_back({element->mark, element->path, "the element has no share of the total", "expected a share"});
    if (!total && element->share)
      problems.push_back({element->mark, element->path, "there is no total of which this is a share",
                          "expected the key 'total' beside r0, or a table here"});
  }
  if (total && std::abs(sum - 1) > kRounding)
    value.problem(
        "the shares of r0 and the pairs add up to " + quantity_text({std::round(sum * 1e6) / 1e6, Dimension::one}),
        "expected 1");
}

void check_resistance(const Value& value, ResistanceDraft& resistance) {
  check_shares(value, resistance);
  const std::size_t pairs = resistance.pairs.size();
  if (pairs > static_cast<std::size_t>(models::kMaxPairs))
    value.problem("there are " + std::to_string(pairs) + " RC pairs",
                  "expected at most " + std::to_string(models::kMaxPairs));
}

void check_rate(const Value& value, RateDraft& rate) {
  Problems& problems = value.context().problems;
  if (!rate.soc.given() || !rate.temperature_degC.given()) return;
  check_rising_from_0_to_1(rate.soc, problems);
  check_temperatures(rate.temperature_degC, problems);
  check_grid(rate.factor, rate.soc, rate.temperature_degC, {1e-4, 1e4}, problems);
  check_grid(rate.factor_sigma, rate.soc, rate.temperature_degC, kSigma, problems);
}

using E = ElementDraft;

std::vector<Field<E>> map_fields() {
  const auto grid = [](std::string key, NumberGrid E::*member, std::string description) {
    return field<E>(std::move(key), Grid{}, member, std::move(description));
  };
  return {field<E>("soc", Numbers{}, &E::soc, "states of charge, strictly rising from 0 to 1"),
          field<E>("temperature_degC", Numbers{}, &E::temperature_degC, "1 to 8 temperatures, strictly rising"),
          grid("ohm", &E::ohm, "resistance in both directions; a row for each state of charge"),
          grid("charge_ohm", &E::charge_ohm, "resistance while charging, instead of ohm"),
          grid("discharge_ohm", &E::discharge_ohm, "resistance while discharging"),
          grid("sigma_ohm", &E::sigma_ohm, "standard errors of ohm"),
          grid("charge_sigma_ohm", &E::charge_sigma_ohm, "standard errors of charge_ohm"),
          grid("discharge_sigma_ohm", &E::discharge_sigma_ohm, "standard errors of discharge_ohm")};
}

Field<E> share_field() {
  return field<E>("share", share(), &E::share, "share of the total, instead of a table of its own");
}

const FieldTable<E>& total_fields() {
  static const FieldTable<E> table{"the total resistance", map_fields(), check_element, {}};
  return table;
}

const FieldTable<E>& r0_fields() {
  static const FieldTable<E> table = [] {
    FieldTable<E> out{"the resistance that acts at once", map_fields(), check_element, {}};
    out.fields.push_back(share_field());
    return out;
  }();
  return table;
}

const FieldTable<E>& pair_fields() {
  static const FieldTable<E> table = [] {
    FieldTable<E> out{"an RC pair", map_fields(), check_element, {}};
    out.fields.push_back(share_field());
    out.fields.push_back(
        field<E>("tau", seconds(1e-3, 1e6), &E::tau_s, "time constant where the rate is 1", Need::required));
    out.fields.push_back(field<E>("tau_sigma", seconds(0, 1e6), &E::tau_sigma_s, "standard error of tau"));
    return out;
  }();
  return table;
}

}  // namespace

const FieldTable<ResistanceDraft>& resistance_fields() {
  using S = ResistanceDraft;
  const auto energy = number(0, 3e5, "25000");
  static const FieldTable<S> table{
      "the resistance",
      with_provenance<S>({field<S>("total", Object<E>{total_fields}, &S::total,
                                   "what a constant current settles to; r0 and pairs are shares"),
                          field<S>("r0", Object<E>{r0_fields}, &S::r0, "the part that acts at once", Need::required),
                          field<S>("pairs", ListOf<Object<E>>{{pair_fields}}, &S::pairs, "0 to 3 RC pairs"),
                          field<S>("activation_energy_J_per_mol", energy, &S::activation_energy_J_per_mol,
                                   "of every resistance beyond its temperatures (Arrhenius)"),
                          field<S>("activation_energy_sigma_J_per_mol", energy, &S::activation_energy_sigma_J_per_mol,
                                   "standard error of the activation energy")}),
      check_resistance,
      {}};
  return table;
}

const FieldTable<RateDraft>& rate_fields() {
  using S = RateDraft;
  static const FieldTable<S> table{
      "the rate of relaxation",
      with_provenance<S>(
          {field<S>("soc", Numbers{}, &S::soc, "states of charge, strictly rising from 0 to 1", Need::required),
           field<S>("temperature_degC", Numbers{}, &S::temperature_degC, "1 to 8 temperatures, strictly rising",
                    Need::required),
           field<S>("factor", Grid{}, &S::factor, "all RC pairs relax this many times faster; a row for each soc",
                    Need::required),
           field<S>("factor_sigma", Grid{}, &S::factor_sigma, "standard errors of factor")}),
      check_rate,
      {}};
  return table;
}

}  // namespace packbench::sim
