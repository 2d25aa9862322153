#include "sim/language/bms_profile_sections.h"
#include "sim/language/value_types.h"

namespace packbench::sim {
namespace {

Amount cell_resistance() { return {Dimension::resistance, "1.1 mohm", 0, 1, true}; }

const FieldTable<BmsBalancing>& balancing_fields() {
  using B = BmsBalancing;
  static const FieldTable<B> table{
      "the balancing",
      {field<B>("start", voltage(0, 5), &B::start_V, "begins when the highest cell is above this"),
       field<B>("start_spread", voltage(0, 5), &B::start_spread_V, "and this far above the lowest"),
       field<B>("stop", voltage(0, 5), &B::stop_V, "ends when the highest cell is below this"),
       field<B>("stop_spread", voltage(0, 5), &B::stop_spread_V, "or the spread is below this"),
       field<B>(
           "most_cells", Integer{1, 24}, [](B& b, std::int64_t n) { b.most_cells = static_cast<int>(n); },
           "cells bled at once, never neighbours"),
       field<B>("bleed", seconds(0, 3600), &B::on_s, "bled for this long"),
       field<B>("pause", seconds(0, 3600), &B::off_s, "then off for this long, in which voltages are read"),
       field<B>("hot", temperature(), &B::hot_degC, "no balancing when a sensor is at this")},
      {},
      {}};
  return table;
}

void columns_agree(const Value& value, BmsCellModel& cell) {
  for (const auto* column : {&cell.r0_ohm, &cell.r1_ohm, &cell.r2_ohm, &cell.charge_ratio}) {
    if (column->size() == cell.soc.size()) continue;
    value.problem("the columns of the cell model differ in length", "expected soc, r0, r1, r2, charge_ratio alike");
    return;
  }
  if (cell.soc.size() > 8) value.problem("the cell model has more than 8 points", "expected at most 8");
}

const FieldTable<BmsCellModel>& cell_fields() {
  using C = BmsCellModel;
  static const FieldTable<C> table{
      "the device's cell model",
      {field<C>("steep", voltage(0, 100), &C::steep_V,
                "the OCV corrects where it would rise by at least this from 0 to 100 %"),
       field<C>("hysteresis", voltage(0, 1), &C::hysteresis_V, "gap between the branches of charge and discharge"),
       field<C>("swing", share(0.001), &C::hysteresis_swing_soc, "charge that crosses the gap, as a share of capacity"),
       field<C>("tau1", seconds(0.001, 1e5), &C::tau1_s, "time constant of the fast pair"),
       field<C>("tau2", seconds(0.001, 1e5), &C::tau2_s, "time constant of the slow pair"),
       field<C>("activation_energy_J_per_mol", number(0, 1e6, "17000"), &C::activation_J_per_mol,
                "resistance over temperature"),
       field<C>("soc", ListOf<Amount>{share(), 1}, &C::soc, "the points of the resistances"),
       field<C>("r0", ListOf<Amount>{cell_resistance(), 1}, &C::r0_ohm, "at 25 degC, discharging, for each point"),
       field<C>("r1", ListOf<Amount>{cell_resistance(), 1}, &C::r1_ohm, "of the fast pair"),
       field<C>("r2", ListOf<Amount>{cell_resistance(), 1}, &C::r2_ohm, "of the slow pair"),
       field<C>("charge_ratio", ListOf<Amount>{number(0.01, 10, "0.8"), 1}, &C::charge_ratio,
                "resistances while charging over those while discharging")},
      columns_agree,
      {}};
  return table;
}

}  // namespace

const FieldTable<BmsCharge>& bms_charge_fields() {
  using C = BmsCharge;
  static const FieldTable<C> table{
      "the charge rules",
      {field<C>("dead_band", magnitude_A(), &C::dead_band_A, "a mean current smaller than this is not counted"),
       field<C>("charge_taper", share(), &C::charge_taper_soc, "from this SOC up the charge limit falls"),
       field<C>("discharge_taper", share(), &C::discharge_taper_soc, "from this SOC down the discharge limit falls"),
       field<C>("balancing", Object<BmsBalancing>{balancing_fields, {}}, &C::balancing,
                "which cells are bled, and when"),
       field<C>("cell", Object<BmsCellModel>{cell_fields, {}}, &C::cell, "the device's own model of a cell")},
      {},
      {}};
  return table;
}

}  // namespace packbench::sim
