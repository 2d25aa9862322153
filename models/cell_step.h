// One step of one cell's circuit: what Pack::step does for every cell. Equations: cell.h.
#pragma once

#include "models/cell_lookup.h"
#include "models/deterministic_math.h"

namespace packbench::models {

// Coefficients of one RC pair for one step width. With v(t) = v_end + d exp(-t/tau), d = v - R i:
// the mean of v^2 over the step is v_end^2 + 2 v_end d mean_decay + d^2 mean_square_decay.
struct RcStep {
  double approach;           // 1 - exp(-dt/tau)
  double mean_decay;         // mean of exp(-t/tau)
  double mean_square_decay;  // mean of exp(-2t/tau)

  RcStep(double dt_s, double tau_s) {
    const double x = dt_s / tau_s;
    approach = -expm1(-x);
    mean_decay = approach / x;
    mean_square_decay = -expm1(-2.0 * x) / (2.0 * x);
  }

  // Moves v by the step and returns the mean of v^2.
  double advance(double& v, double v_end) const {
    const double d = v - v_end;
    v -= approach * d;
    return v_end * v_end + 2.0 * v_end * d * mean_decay + d * d * mean_square_decay;
  }
};

// Everything that all cells share in one step.
struct CellStep {
  RcStep rc1, rc2;
  double r0_share, r1_share, r2_share;
  double hours;  // dt
  double charge_efficiency;
  double per_hysteresis_soc;

  CellStep(const CellParameters& cell, double dt_s)
      : rc1(dt_s, cell.tau1_s),
        rc2(dt_s, cell.tau2_s),
        r0_share(cell.r0_share),
        r1_share(cell.r1_share),
        r2_share(cell.r2_share),
        hours(dt_s / 3600.0),
        charge_efficiency(cell.coulomb_efficiency),
        per_hysteresis_soc(1.0 / cell.hysteresis_soc) {}
};

struct CellVariables {
  double &soc, &rc1_V, &rc2_V, &hysteresis;
};

// Current through the cell at pack current I: from V = emf + r0 i and i = I - g V.
inline double cell_current(double emf_V, double r0_ohm, double pack_current_A, double bleed_S) {
  return pack_current_A - bleed_S * (emf_V + r0_ohm * pack_current_A) / (1.0 + r0_ohm * bleed_S);
}

// Advances one cell by the step and returns the heat generated in it, mean over the step, in W.
[[gnu::always_inline]] inline double advance_cell(const CellStep& step, const CellLookup::Point& point, double ohm,
                                                  double temperature_degC, double capacity_Ah, double pack_current_A,
                                                  double bleed_S, CellVariables cell) {
  const double r0_ohm = step.r0_share * ohm;
  const double emf_V = point.ocv_V + cell.hysteresis * point.half_gap_V + cell.rc1_V + cell.rc2_V;
  const double current_A = cell_current(emf_V, r0_ohm, pack_current_A, bleed_S);
  const bool charging = current_A > 0.0;
  const double size_A = charging ? current_A : -current_A;
  const double swing = size_A * step.hours / capacity_Ah;  // SOC moved, unsigned, before losses

  const double r1_ohm = step.r1_share * ohm;
  const double r2_ohm = step.r2_share * ohm;
  const double square1 = step.rc1.advance(cell.rc1_V, r1_ohm * current_A);
  const double square2 = step.rc2.advance(cell.rc2_V, r2_ohm * current_A);

  const double branch_before = cell.hysteresis;
  cell.hysteresis += ((charging ? 1.0 : -1.0) - branch_before) * -expm1(-swing * step.per_hysteresis_soc);
  cell.soc += charging ? step.charge_efficiency * swing : -swing;

  const double branch_square = 0.5 * (branch_before * branch_before + cell.hysteresis * cell.hysteresis);
  const double stored_A = charging ? step.charge_efficiency * current_A : current_A;
  return r0_ohm * current_A * current_A + square1 / r1_ohm + square2 / r2_ohm +
         size_A * point.half_gap_V * branch_square + (current_A - stored_A) * point.ocv_V +
         stored_A * (temperature_degC + 273.15) * point.entropy_V_per_K;
}

}  // namespace packbench::models
