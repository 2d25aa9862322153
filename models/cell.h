// One cell as an equivalent circuit with two RC pairs, hysteresis and a lumped thermal mass.
//
//   V = U(soc, T) + h M(soc)/2 + v1 + v2 + R0 i                        i > 0 charges
//   U(soc, T) = U25(soc) + (T - 25 degC) dU/dT(soc)                    clamped to 0..5 V
//   d(soc)/dt = eta i / (3600 Q)          eta = coulomb_efficiency while i > 0, else 1
//   dv/dt = (R i - v) / tau               for each RC pair; R1, R2, R0 are shares of the measured total resistance
//   dh/d|q| = (sign(i) - h) / (3600 Q s)  one-state hysteresis (Plett, JPS 134 (2004) 262), s = hysteresis_soc
//   m c dT/dt = R0 i^2 + v1^2/R1 + v2^2/R2 + |i| M h^2 / 2 + (1 - eta) i U + eta i T dU/dT + heat flow (heat_flow.h)
//
// The heat terms are Bernardi's balance (J. Electrochem. Soc. 132 (1985) 5), each irreversible term taken where its
// element dissipates: with the energies C v^2/2 of the pairs and 3600 Q s M h^2/4 of the hysteresis, what goes in at
// the terminals is stored or becomes heat, and no irreversible term is ever negative. T dU/dT uses kelvin.
//
// Tables are piecewise linear over SOC. Beyond 0..1 the OCV goes on with its end slope; every other table holds its end
// value. Resistance holds its end value beyond its temperatures as well.
#pragma once

#include <vector>

namespace packbench::models {

// A table over state of charge: `soc` strictly rising from 0 to 1, one value each.
struct Curve {
  std::vector<double> soc;
  std::vector<double> value;
};

// Total resistance (what a constant current settles to) over SOC, temperature and direction of current.
// The resistance of soc[i] at temperature_degC[j] is element i * temperature_degC.size() + j.
struct ResistanceMap {
  std::vector<double> soc;               // strictly rising from 0 to 1
  std::vector<double> temperature_degC;  // strictly rising, 1..8 values
  std::vector<double> charge_ohm;
  std::vector<double> discharge_ohm;
};

// Defaults: see models/README.md for the source of each; "assumed" is ours and has no measured source.
struct CellParameters {
  double capacity_Ah = 100;
  double coulomb_efficiency = 1.0;  // charge stored per charge put in

  Curve ocv_V;            // at 25 degC, between the branches; never falling
  Curve hysteresis_V;     // M: charge branch minus discharge branch; empty means none
  Curve entropy_V_per_K;  // dU/dT; empty means none
  ResistanceMap resistance;

  double r0_share = 0.60;        // ours, assumed: of the total resistance, at once
  double r1_share = 0.20;        // ours, assumed: in seconds (double layer, charge transfer)
  double r2_share = 0.20;        // ours, assumed: in minutes (diffusion); the three add up to 1
  double tau1_s = 5;             // ours, assumed
  double tau2_s = 300;           // ours, assumed
  double hysteresis_soc = 0.03;  // ours, assumed: SOC swing after which 1/e of the way to the other branch is left

  double mass_kg = 1.95;                  // data sheet of a 100 Ah LFP cell (AP48100 pack)
  double specific_heat_J_per_kgK = 1001;  // the source of the Sony tables

  double heat_capacity_J_per_K() const { return mass_kg * specific_heat_J_per_kgK; }
};

// The same electrodes in a cell of another size. Voltages (OCV, hysteresis, entropy) stay; resistance goes with
// capacity_Ah / new_capacity_Ah, as for cells in parallel. Mass and specific heat are left alone: they belong to the
// new cell. Throws std::invalid_argument unless both capacities are positive.
CellParameters scaled_to(CellParameters cell, double new_capacity_Ah);

// Throws std::invalid_argument with one sentence per problem: tables of unequal length, SOC not rising from 0 to 1,
// falling OCV, values that are not finite, resistance or capacity not positive, shares that do not add up to 1.
void validate(const CellParameters& cell);

}  // namespace packbench::models
