// What one cell is: tables and constants of an equivalent circuit with hysteresis, heat and what can go wrong.
//
// Circuit (i > 0 charges; i is the current through the electrodes, T the core temperature):
//   V = U(soc, T) + h M(soc)/2 + sum v_k + R0 i                     k = 1 .. pairs.size(), at most 3
//   U(soc, T) = U25(soc) + (T - 25 degC) dU/dT(soc)                 clamped to 0..5 V
//   d(soc)/dt = eta i / (3600 Q)                                    eta = coulomb_efficiency while i > 0, else 1
//   dv_k/dt = (R_k i - v_k) rate(soc, T) / tau_k
//   dh/d|q| = (sign(i) - h) / (3600 Q s)       one state (Plett, JPS 134 (2004) 262), s = hysteresis_soc, q in As
// Every R is a table over SOC, temperature and direction of current times the resistance factor of the cell (its
// spread, its ageing). The direction is that of the pack current; none counts as discharge. Heat: heat.h. How time is
// divided and how exact that is: pack.h.
//
// Tables are brought onto one grid (node_table.h) and are piecewise linear between its nodes. Beyond SOC 0..1 the OCV
// goes on with its end slope; every other table holds its end value. Between and beyond the temperatures of a
// resistance map ln R is linear in 1/T (Arrhenius): between two columns by their values, beyond the ends by
// activation_energy_J_per_mol, or by the last two columns when it is not given. A map of one temperature without an
// activation energy holds its value. The rate is linear between its temperatures and held beyond.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/ageing.h"
#include "models/node.h"
#include "models/plating.h"
#include "models/reactions.h"
#include "models/reversal.h"

namespace packbench::models {

// A table over state of charge: `soc` strictly rising from 0 to 1, one value each.
struct Curve {
  std::vector<double> soc;
  std::vector<double> value;
};

// Resistance over SOC, temperature and direction: that of soc[i] at temperature_degC[j] is element
// i * temperature_degC.size() + j.
struct ResistanceMap {
  std::vector<double> soc;               // strictly rising from 0 to 1
  std::vector<double> temperature_degC;  // strictly rising, 1..8 values
  std::vector<double> charge_ohm;
  std::vector<double> discharge_ohm;
};

struct RcPair {
  ResistanceMap resistance;
  double tau_s = 0;  // at rate 1
};

// Where the parameters were measured or are claimed. Outside, the model goes on as described above, and says so
// (Pack::outside_validity).
struct Validity {
  double min_soc = 0, max_soc = 1;
  double min_degC = -273.15, max_degC = 1000;
  double max_charge_C = 1000, max_discharge_C = 1000;  // current over capacity, 1/h
};

struct CellParameters {
  std::string name;
  double capacity_Ah = 100;
  double coulomb_efficiency = 1.0;  // charge stored per charge put in

  Curve ocv_V;            // at 25 degC, between the branches; never falling
  Curve hysteresis_V;     // M: charge branch minus discharge branch, never negative; empty means none
  Curve entropy_V_per_K;  // dU/dT; empty means none
  ResistanceMap r0;
  std::vector<RcPair> pairs;  // 0..3
  // rate over SOC (rows) and temperature, element i * rate_degC.size() + j as in ResistanceMap; empty means 1
  // everywhere
  std::vector<double> rate_soc, rate_degC, rate;
  std::optional<double> activation_energy_J_per_mol;  // of every resistance beyond its temperatures
  double hysteresis_soc = 0.03;                       // ours, assumed: SOC swing that leaves 1/e of the old branch

  double self_discharge_ohm = 0;          // across the electrodes, 0 means none
  double mass_kg = 1.95;                  // data sheet of a 100 Ah LFP cell (AP48100 pack)
  double specific_heat_J_per_kgK = 1001;  // the source of the Sony tables
  double surface_share = 0.1;             // ours, assumed: of the heat capacity that follows the surface
  double core_surface_W_per_K = 5.0;      // ours, assumed unless the cell's file says otherwise

  Validity validity;
  RunawayParameters runaway;
  PlatingParameters plating;
  ReversalParameters reversal;
  AgeingParameters ageing;

  double heat_capacity_J_per_K() const { return mass_kg * specific_heat_J_per_kgK; }
};

// The same electrodes in a cell of another size. Voltages (OCV, hysteresis, entropy) and rates stay; every resistance
// goes with capacity_Ah / new_capacity_Ah, as for cells in parallel. Mass, specific heat and heat flow are left alone:
// they belong to the new cell. Throws std::invalid_argument unless both capacities are positive.
CellParameters scaled_to(CellParameters cell, double new_capacity_Ah);

// Throws std::invalid_argument with one sentence per problem: tables of unequal length, SOC not rising from 0 to 1,
// falling OCV, values that are not finite, resistance, time constant or capacity not positive, more than three pairs.
void validate(const CellParameters& cell);

}  // namespace packbench::models
