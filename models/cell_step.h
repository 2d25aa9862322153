// One sub-step of one cell: the arithmetic that Pack::step runs for every cell. Equations: cell.h and heat.h.
//
// The tables are read once, at the SOC and the core temperature of mid-step, which are predicted: the SOC from the pack
// current, the temperature from the heat of the sub-step before. With what they give held, currents follow from
//   mean V = E + R i,   i = I - g V,   E = U + h M/2 + sum v_k phi_k,   R = R0 + sum R_k (1 - phi_k)
// (phi_k: mean of exp(-t/tau_k) over the sub-step), pairs and hysteresis advance exactly, and every heat term is a mean
// over the sub-step. So a sub-step errs in the third power of its length.
#pragma once

#include "models/heat.h"
#include "models/node.h"

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
  bool rated = false;            // the rate is a table; else it is 1
  double x[kMaxPairs] = {};      // dt / tau at rate 1
  double phi[kMaxPairs] = {};    // mean decay at rate 1
  int halvings[kMaxPairs] = {};  // of x until it is below 1/8 at any rate of the table
  HeatFlow flow{};
  HeatResponse half{}, whole{};  // over half the sub-step and over all of it
};

// What changes in a cell.
template <class V>
struct CellVariables {
  V soc, rc_V[kMaxPairs], hysteresis;
};

template <class Mask, class V>
[[gnu::always_inline]] inline V select(Mask mask, V yes, V no) {
  return mask ? yes : no;
}

// phi(x) = (1 - exp(-x))/x, the mean of exp(-t) over 0..x, by its series to x^9: for 0 <= x <= 1/8 the term left out is
// below 1/8^10/11!, 2e-17.
template <class V>
[[gnu::always_inline]] inline V small_mean_decay(V x) {
  V p = x * (-1.0 / 3628800.0) + 1.0 / 362880.0;
  p = p * x - 1.0 / 40320.0;
  p = p * x + 1.0 / 5040.0;
  p = p * x - 1.0 / 720.0;
  p = p * x + 1.0 / 120.0;
  p = p * x - 1.0 / 24.0;
  p = p * x + 1.0 / 6.0;
  p = p * x - 0.5;
  return p * x + 1.0;
}

// The same for any x >= 0 whose half, quarter, ... after `halvings` is below 1/8: phi(2x) = phi(x) (1 - x phi(x)/2).
template <class V>
[[gnu::always_inline]] inline V mean_decay(V x, int halvings) {
  x = x * (1.0 / static_cast<double>(1L << halvings));
  V phi = small_mean_decay(x);
  for (int i = 0; i < halvings; ++i) {
    phi = phi * (1.0 - 0.5 * (x * phi));
    x = x + x;
  }
  return phi;
}

// U at this temperature, within 0..5 V, times what a decomposing cell has left of it.
template <class V>
[[gnu::always_inline]] inline V open_circuit(const TablePoint<V>& point, V core_degC, V factor) {
  const V ocv = point.ocv_V + (core_degC - 25.0) * point.entropy_V_per_K;
  const V above = select(ocv < 0.0, V(), ocv);
  return factor * select(above > kMostOcv_V, V() + kMostOcv_V, above);
}

// Temperatures of core and surface in the middle of a sub-step or at its end.
template <class V>
struct Temperatures {
  V core_degC, surface_degC;
};

// From the heat of the core and what the surface takes from joint, heater and neighbours.
template <class V>
[[gnu::always_inline]] inline Temperatures<V> warmed(const HeatFlow& flow, const HeatResponse& response, V core_degC,
                                                     V surface_degC, V heat_W, V surface_W, double ambient_degC,
                                                     double coolant_degC) {
  const V inward_W = flow.core_surface_W_per_K * (surface_degC - core_degC);
  const V core_rate = (heat_W + inward_W) * flow.per_core_K_per_J;
  const V surface_rate = (surface_W - inward_W + flow.ambient_W_per_K * (ambient_degC - surface_degC) +
                          flow.coolant_W_per_K * (coolant_degC - surface_degC)) *
                         flow.per_surface_K_per_J;
  return {core_degC + response.core_core_s * core_rate + response.core_surface_s * surface_rate,
          surface_degC + response.surface_core_s * core_rate + response.surface_surface_s * surface_rate};
}

// SOC at mid-step when the electrodes take this current.
template <class V>
[[gnu::always_inline]] inline V mid_soc(const StepPlan& plan, V soc, V electrode_A, V soc_per_A) {
  const V stored = select(electrode_A > 0.0, plan.charge_efficiency * electrode_A, electrode_A);
  return soc + 0.5 * (stored * soc_per_A);
}

// The circuit of a cell over a sub-step as seen from its electrodes: mean V = emf_V + ohm * i.
template <class V>
struct MeanSource {
  V emf_V, ohm;
  V ocv_V;
  V phi[kMaxPairs];
};

template <int Pairs, bool Rated, class V>
[[gnu::always_inline]] inline MeanSource<V> mean_source(const StepPlan& plan, const CellVariables<V>& cell,
                                                        const TablePoint<V>& point, V mid_core_degC,
                                                        V resistance_factor, V ocv_factor) {
  MeanSource<V> source;
  source.ocv_V = open_circuit(point, mid_core_degC, ocv_factor);
  source.emf_V = source.ocv_V + cell.hysteresis * point.half_gap_V;
  source.ohm = point.r_ohm[0];
  for (int k = 0; k < Pairs; ++k) {
    if constexpr (Rated) {
      source.phi[k] = mean_decay(plan.x[k] * point.rate, plan.halvings[k]);
    } else {
      source.phi[k] = V() + plan.phi[k];
    }
    source.emf_V = source.emf_V + cell.rc_V[k] * source.phi[k];
    source.ohm = source.ohm + point.r_ohm[1 + k] * (1.0 - source.phi[k]);
  }
  source.ohm = source.ohm * resistance_factor;
  return source;
}

// What is held while a cell's circuit advances.
template <class V>
struct CircuitConditions {
  V terminal_A, leak_S, soc_per_A, resistance_factor, internal_S;
};

template <class V>
struct CircuitResult {
  V electrode_A;
  V heat_W;  // in the core, without reactions, mean over the sub-step
};

// Advances SOC, pairs and hysteresis.
template <int Pairs, bool Rated, class V>
[[gnu::always_inline]] inline CircuitResult<V> advance_circuit(const StepPlan& plan, CellVariables<V>& cell,
                                                               const CircuitConditions<V>& held,
                                                               const TablePoint<V>& point, const MeanSource<V>& source,
                                                               V mid_core_degC) {
  // One division for all: a quotient takes as long as a dozen products.
  const V divider = 1.0 + held.leak_S * source.ohm;
  V ohm[kMaxPairs], pairs_ohm = V() + 1.0;
  for (int k = 0; k < Pairs; ++k) {
    ohm[k] = held.resistance_factor * point.r_ohm[1 + k];
    pairs_ohm = pairs_ohm * ohm[k];
  }
  const V inverse = 1.0 / (divider * pairs_ohm);
  const V leaked_V = (source.emf_V + source.ohm * held.terminal_A) * (inverse * pairs_ohm);
  const V current = held.terminal_A - held.leak_S * leaked_V;  // exactly the terminal current where nothing leaks
  const V per_pairs_ohm = inverse * divider;

  const V size = select(current > 0.0, current, V() - current);
  const V stored = select(current > 0.0, plan.charge_efficiency * current, current);

  // Each pair's loss is the mean of v^2 over its resistance; losses are summed over one denominator.
  V loss = V();
  for (int k = 0; k < Pairs; ++k) {
    V x = V() + plan.x[k];
    if constexpr (Rated) x = x * point.rate;
    const V approach = x * source.phi[k];
    const V end = ohm[k] * current, distance = cell.rc_V[k] - end;
    V square = end * end + (distance * source.phi[k]) * (2.0 * end + distance * (1.0 - 0.5 * approach));
    for (int other = 0; other < Pairs; ++other) {
      if (other != k) square = square * ohm[other];
    }
    loss = loss + square;
    cell.rc_V[k] = cell.rc_V[k] - approach * distance;
  }

  const V wide = size * held.soc_per_A * (0.5 * plan.per_hysteresis_soc);
  const V swing = select(wide < 1.0, wide, V() + 1.0);  // sub-steps keep it below 1/32; absurd currents do not
  const V half = swing * small_mean_decay(swing);
  const V branch = select(current > 0.0, V() + 1.0, V() - 1.0);
  const V middle = cell.hysteresis + (branch - cell.hysteresis) * half;
  cell.hysteresis = middle + (branch - middle) * half;

  const V ohmic = (held.resistance_factor * point.r_ohm[0]) * (current * current) + loss * per_pairs_ohm;
  const V chemical = (current - stored) * source.ocv_V + (stored * (mid_core_degC + 273.15)) * point.entropy_V_per_K;
  const V others = (size * point.half_gap_V) * (middle * middle) + (leaked_V * leaked_V) * held.internal_S;
  cell.soc = cell.soc + stored * held.soc_per_A;
  return {current, ohmic + (chemical + others)};
}

}  // namespace packbench::models
