// One sub-step of one cell: the arithmetic that Pack::step runs for every cell. Equations: cell.h and heat.h.
//
// The tables are read once, at the SOC and the core temperature of mid-step, which are predicted: the SOC from the pack
// current, the temperature from the heat of the sub-step before. With what they give held, currents follow from
//   mean V = E + R i,   i = I - g V,   E = U + h M/2 + sum v_k phi_k,   R = R0 + sum R_k (1 - phi_k)
// (phi_k: mean of exp(-t/tau_k) over the sub-step), pairs and hysteresis advance exactly, and every heat term is a mean
// over the sub-step. So a sub-step errs in the third power of its length.
#pragma once

#include "models/cell.h"
#include "models/heat.h"
#include "models/node_table.h"

namespace packbench::models {

// Everything that all cells share in a sub-step of one length.
struct StepPlan {
  StepPlan() = default;
  StepPlan(const CellParameters& cell, const HeatFlow& flow, double dt_s);

  double dt_s = 0;
  double soc_Ah = 0;             // dt / 3600: SOC moved per ampere and 1/Ah
  double charge_efficiency = 1;  // eta
  double per_hysteresis_soc = 0;
  double nominal_V = 0;  // of a cell at half charge: what conductances take when the current is predicted
  int pairs = 0;
  double per_tau[kMaxPairs] = {};
  double small[kMaxPairs] = {};  // dt / tau at rate 1, halved doublings[k] times: below 1/8 at any rate of the table
  int doublings[kMaxPairs] = {};
  HeatFlow flow{};
  HeatResponse half{}, whole{};  // over half the sub-step and over all of it
};

// What changes in a cell.
template <class V>
struct CellVariables {
  V soc, rc_V[kMaxPairs], hysteresis, core_degC, surface_degC;
};

// What is held during a sub-step.
template <class V>
struct CellConditions {
  V current_A;  // at the terminals
  V bleed_S, internal_S, capacity_Ah, resistance_factor, joint_ohm, heater_W;
  V ocv_factor;
};

inline double select(bool condition, double yes, double no) { return condition ? yes : no; }

// phi(x) = (1 - exp(-x))/x for x = small * 2^doublings, small <= 1/8: its series to x^9 (the term left out is below
// 1/8^10/11!, 2e-17), then phi(2x) = phi(x) (1 - x phi(x)/2).
template <class V>
[[gnu::always_inline]] inline V mean_decay(V small, int doublings) {
  V x = small;
  V p = V() - 1.0 / 3628800.0;
  p = p * x + 1.0 / 362880.0;
  p = p * x - 1.0 / 40320.0;
  p = p * x + 1.0 / 5040.0;
  p = p * x - 1.0 / 720.0;
  p = p * x + 1.0 / 120.0;
  p = p * x - 1.0 / 24.0;
  p = p * x + 1.0 / 6.0;
  p = p * x - 0.5;
  p = p * x + 1.0;
  for (int i = 0; i < doublings; ++i) {
    p = p * (1.0 - 0.5 * (x * p));
    x = x + x;
  }
  return p;
}

// U at this temperature, within 0..5 V, times what a decomposing cell has left of it.
template <class V>
[[gnu::always_inline]] inline V open_circuit(const TablePoint<V>& point, V core_degC, V factor) {
  const V ocv = point.ocv_V + (core_degC - 25.0) * point.entropy_V_per_K;
  const V above = select(ocv < 0.0, V(), ocv);
  return select(above > 5.0, V() + 5.0, above) * factor;
}

// Where tables are read.
template <class V>
struct MidStep {
  V soc, core_degC, surface_degC;
};

// `heat_W`: of the sub-step before; `surface_W`: into the surface from joint, heater and neighbours.
template <class V>
[[gnu::always_inline]] inline MidStep<V> predict(const StepPlan& plan, const CellVariables<V>& cell,
                                                 const CellConditions<V>& held, V heat_W, V surface_W,
                                                 double ambient_degC, double coolant_degC) {
  const V current = held.current_A - (held.bleed_S + held.internal_S) * plan.nominal_V;
  const V stored = select(current > 0.0, plan.charge_efficiency * current, current);
  const HeatFlow& flow = plan.flow;
  const V inward = flow.core_surface_W_per_K * (cell.surface_degC - cell.core_degC);
  const V core_rate = (heat_W + inward) * (1.0 / flow.core_J_per_K);
  const V surface_rate = (surface_W - inward + flow.ambient_W_per_K * (ambient_degC - cell.surface_degC) +
                          flow.coolant_W_per_K * (coolant_degC - cell.surface_degC)) *
                         (1.0 / flow.surface_J_per_K);
  return {cell.soc + stored * (0.5 * plan.soc_Ah) / held.capacity_Ah,
          cell.core_degC + plan.half.core_core_s * core_rate + plan.half.core_surface_s * surface_rate,
          cell.surface_degC + plan.half.surface_core_s * core_rate + plan.half.surface_surface_s * surface_rate};
}

// The circuit of a cell over a sub-step as seen from its electrodes: mean V = emf_V + ohm * i.
template <class V>
struct MeanSource {
  V emf_V, ohm;
  V ocv_V;
  V phi[kMaxPairs];
};

template <class V>
[[gnu::always_inline]] inline MeanSource<V> mean_source(const StepPlan& plan, const CellVariables<V>& cell,
                                                        const CellConditions<V>& held, const TablePoint<V>& point,
                                                        V mid_core_degC) {
  MeanSource<V> source;
  source.ocv_V = open_circuit(point, mid_core_degC, held.ocv_factor);
  source.emf_V = source.ocv_V + cell.hysteresis * point.half_gap_V;
  source.ohm = point.r_ohm[0];
  for (int k = 0; k < plan.pairs; ++k) {
    source.phi[k] = mean_decay(plan.small[k] * point.rate, plan.doublings[k]);
    source.emf_V = source.emf_V + cell.rc_V[k] * source.phi[k];
    source.ohm = source.ohm + point.r_ohm[1 + k] * (1.0 - source.phi[k]);
  }
  source.ohm = source.ohm * held.resistance_factor;
  return source;
}

template <class V>
struct Advanced {
  V electrode_A;  // i
  V heat_W;       // in the core, without reactions
};

// Advances SOC, pairs and hysteresis.
template <class V>
[[gnu::always_inline]] inline Advanced<V> advance_circuit(const StepPlan& plan, CellVariables<V>& cell,
                                                          const CellConditions<V>& held, const TablePoint<V>& point,
                                                          const MeanSource<V>& source, V mid_core_degC) {
  const V leak_S = held.bleed_S + held.internal_S;
  const V current = (held.current_A - leak_S * source.emf_V) / (1.0 + leak_S * source.ohm);
  const V terminal_V = source.emf_V + source.ohm * current;
  const V size = select(current > 0.0, current, V() - current);
  const V stored = select(current > 0.0, plan.charge_efficiency * current, current);
  const V moved = plan.soc_Ah / held.capacity_Ah;  // SOC per ampere

  V heat = (held.resistance_factor * point.r_ohm[0]) * current * current + (current - stored) * source.ocv_V +
           stored * (mid_core_degC + 273.15) * point.entropy_V_per_K + terminal_V * terminal_V * held.internal_S;
  for (int k = 0; k < plan.pairs; ++k) {
    const V ohm = held.resistance_factor * point.r_ohm[1 + k];
    const V x = plan.dt_s * plan.per_tau[k] * point.rate;
    const V approach = x * source.phi[k];
    const V end = ohm * current, distance = cell.rc_V[k] - end;
    const V mean_square = end * end + distance * source.phi[k] * (2.0 * end + distance * (1.0 - 0.5 * approach));
    heat = heat + mean_square / ohm;
    cell.rc_V[k] = cell.rc_V[k] - approach * distance;
  }

  const V wide = size * moved * (0.5 * plan.per_hysteresis_soc);
  const V swing = select(wide > 1.0, V() + 1.0, wide);  // sub-steps keep it below 1/16; absurd currents do not
  const V half = swing * mean_decay(swing, 0);
  const V branch = select(current > 0.0, V() + 1.0, V() - 1.0);
  const V middle = cell.hysteresis + (branch - cell.hysteresis) * half;
  cell.hysteresis = middle + (branch - middle) * half;
  heat = heat + size * point.half_gap_V * middle * middle;

  cell.soc = cell.soc + stored * moved;
  return {current, heat};
}

// `surface_W`: into the surface from joint, heater and neighbours at mid-step.
template <class V>
[[gnu::always_inline]] inline void advance_heat(const StepPlan& plan, V& core_degC, V& surface_degC, V heat_W,
                                                V surface_W, double ambient_degC, double coolant_degC) {
  const HeatFlow& flow = plan.flow;
  const V inward = flow.core_surface_W_per_K * (surface_degC - core_degC);
  const V core_rate = (heat_W + inward) * (1.0 / flow.core_J_per_K);
  const V surface_rate = (surface_W - inward + flow.ambient_W_per_K * (ambient_degC - surface_degC) +
                          flow.coolant_W_per_K * (coolant_degC - surface_degC)) *
                         (1.0 / flow.surface_J_per_K);
  core_degC = core_degC + plan.whole.core_core_s * core_rate + plan.whole.core_surface_s * surface_rate;
  surface_degC = surface_degC + plan.whole.surface_core_s * core_rate + plan.whole.surface_surface_s * surface_rate;
}

}  // namespace packbench::models
