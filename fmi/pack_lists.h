// The members of a pack's parameters, each listed once: what stands in resources/pack.json (json_fields.h reads and
// writes by these lists). The compiler refuses a list that misses a member.
#pragma once

#include "fmi/member_count.h"
#include "models/pack.h"

namespace packbench::fmi {

// List every member of STRUCT below and count it here; a new member belongs into both.
#define PACKBENCH_ALL_MEMBERS(STRUCT, COUNT)             \
  static_assert(member_count<models::STRUCT>() == COUNT, \
                "models::" #STRUCT " has other members than fmi/pack_lists.h: an exported pack would lose one")

template <class Fields>
void list(Fields& fields, models::Curve& curve) {
  PACKBENCH_ALL_MEMBERS(Curve, 2);
  fields("soc", curve.soc);
  fields("value", curve.value);
}

template <class Fields>
void list(Fields& fields, models::ResistanceMap& map) {
  PACKBENCH_ALL_MEMBERS(ResistanceMap, 4);
  fields("soc", map.soc);
  fields("temperature_degC", map.temperature_degC);
  fields("charge_ohm", map.charge_ohm);
  fields("discharge_ohm", map.discharge_ohm);
}

template <class Fields>
void list(Fields& fields, models::RcPair& pair) {
  PACKBENCH_ALL_MEMBERS(RcPair, 2);
  fields("resistance", pair.resistance);
  fields("tau_s", pair.tau_s);
}

template <class Fields>
void list(Fields& fields, models::Validity& validity) {
  PACKBENCH_ALL_MEMBERS(Validity, 6);
  fields("min_soc", validity.min_soc);
  fields("max_soc", validity.max_soc);
  fields("min_degC", validity.min_degC);
  fields("max_degC", validity.max_degC);
  fields("max_charge_C", validity.max_charge_C);
  fields("max_discharge_C", validity.max_discharge_C);
}

template <class Fields>
void list(Fields& fields, models::Reaction& reaction) {
  PACKBENCH_ALL_MEMBERS(Reaction, 7);
  fields("name", reaction.name);
  fields("heat_J_per_kg", reaction.heat_J_per_kg);
  fields("frequency_per_s", reaction.frequency_per_s);
  fields("activation_J_per_mol", reaction.activation_J_per_mol);
  fields("autocatalytic_seed", reaction.autocatalytic_seed);
  fields("inhibition", reaction.inhibition);
  fields("charge_share", reaction.charge_share);
}

template <class Fields>
void list(Fields& fields, models::RunawayParameters& runaway) {
  PACKBENCH_ALL_MEMBERS(RunawayParameters, 4);
  fields("reactions", runaway.reactions);
  fields("collapse_degC", runaway.collapse_degC);
  fields("collapse_width_K", runaway.collapse_width_K);
  fields("collapse_ohm", runaway.collapse_ohm);
}

template <class Fields>
void list(Fields& fields, models::PlatingParameters& plating) {
  PACKBENCH_ALL_MEMBERS(PlatingParameters, 3);
  fields("temperature_degC", plating.temperature_degC);
  fields("limit_empty_C", plating.limit_empty_C);
  fields("limit_full_C", plating.limit_full_C);
}

template <class Fields>
void list(Fields& fields, models::ReversalParameters& reversal) {
  PACKBENCH_ALL_MEMBERS(ReversalParameters, 3);
  fields("begin_soc", reversal.begin_soc);
  fields("short_S_per_Ah", reversal.short_S_per_Ah);
  fields("most_S", reversal.most_S);
}

template <class Fields>
void list(Fields& fields, models::AgeingParameters& ageing) {
  PACKBENCH_ALL_MEMBERS(AgeingParameters, 17);
  fields("calendar_loss_per_sqrt_s", ageing.calendar_loss_per_sqrt_s);
  fields("calendar_loss_activation_J_per_mol", ageing.calendar_loss_activation_J_per_mol);
  fields("calendar_loss_soc_cubic", ageing.calendar_loss_soc_cubic);
  fields("calendar_loss_soc_level", ageing.calendar_loss_soc_level);
  fields("calendar_rise_per_s", ageing.calendar_rise_per_s);
  fields("calendar_rise_activation_J_per_mol", ageing.calendar_rise_activation_J_per_mol);
  fields("calendar_rise_soc_square", ageing.calendar_rise_soc_square);
  fields("calendar_rise_soc_level", ageing.calendar_rise_soc_level);
  fields("cycle_loss_rate_slope_h", ageing.cycle_loss_rate_slope_h);
  fields("cycle_loss_rate_level", ageing.cycle_loss_rate_level);
  fields("cycle_loss_depth_cubic", ageing.cycle_loss_depth_cubic);
  fields("cycle_loss_depth_level", ageing.cycle_loss_depth_level);
  fields("cycle_rise_rate_slope_h", ageing.cycle_rise_rate_slope_h);
  fields("cycle_rise_rate_level", ageing.cycle_rise_rate_level);
  fields("cycle_rise_depth_cubic", ageing.cycle_rise_depth_cubic);
  fields("cycle_rise_depth_level", ageing.cycle_rise_depth_level);
  fields("acceleration", ageing.acceleration);
}

template <class Fields>
void list(Fields& fields, models::CellParameters& cell) {
  PACKBENCH_ALL_MEMBERS(CellParameters, 23);
  fields("name", cell.name);
  fields("capacity_Ah", cell.capacity_Ah);
  fields("coulomb_efficiency", cell.coulomb_efficiency);
  fields("ocv_V", cell.ocv_V);
  fields("hysteresis_V", cell.hysteresis_V);
  fields("entropy_V_per_K", cell.entropy_V_per_K);
  fields("r0", cell.r0);
  fields("pairs", cell.pairs);
  fields("rate_soc", cell.rate_soc);
  fields("rate_degC", cell.rate_degC);
  fields("rate", cell.rate);
  fields("activation_energy_J_per_mol", cell.activation_energy_J_per_mol);
  fields("hysteresis_soc", cell.hysteresis_soc);
  fields("self_discharge_ohm", cell.self_discharge_ohm);
  fields("mass_kg", cell.mass_kg);
  fields("specific_heat_J_per_kgK", cell.specific_heat_J_per_kgK);
  fields("surface_share", cell.surface_share);
  fields("core_surface_W_per_K", cell.core_surface_W_per_K);
  fields("validity", cell.validity);
  fields("runaway", cell.runaway);
  fields("plating", cell.plating);
  fields("reversal", cell.reversal);
  fields("ageing", cell.ageing);
}

template <class Fields>
void list(Fields& fields, models::Spread& spread) {
  PACKBENCH_ALL_MEMBERS(Spread, 4);
  fields("capacity_sigma", spread.capacity_sigma);
  fields("soc_sigma", spread.soc_sigma);
  fields("resistance_sigma", spread.resistance_sigma);
  fields("correlation", spread.correlation);
}

template <class Fields>
void list(Fields& fields, models::PackParameters& pack) {
  PACKBENCH_ALL_MEMBERS(PackParameters, 9);
  fields("cells", pack.cells);
  fields("parallel", pack.parallel);
  fields("cell", pack.cell);
  fields("spread", pack.spread);
  fields("bleed_ohm", pack.bleed_ohm);
  fields("joint_ohm", pack.joint_ohm);
  fields("neighbour_W_per_K", pack.neighbour_W_per_K);
  fields("ambient_W_per_K", pack.ambient_W_per_K);
  fields("coolant_W_per_K", pack.coolant_W_per_K);
}

#undef PACKBENCH_ALL_MEMBERS

}  // namespace packbench::fmi
