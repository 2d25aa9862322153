// Heat of a pack: each cell is a core and a surface; surfaces touch their neighbours, the air and a coolant.
//
//   C_core dTc/dt = q_core + G (Ts - Tc)
//   C_surf dTs/dt = joint_ohm I^2 + heater + G (Tc - Ts) + g_a (Ta - Ts) + g_c (Tcoolant - Ts)
//                   + k (Ts_left - Ts) + k (Ts_right - Ts)           (the first and the last cell have one neighbour)
//   q_core = R0 i^2 + sum v_k^2 / R_k + |i| M h^2 / 2 + (1 - eta) i U + eta i T dU/dT + V^2 g_internal
//            + heat of reactions
//   C_surf = surface_share m c,  C_core = (1 - surface_share) m c,  G = core_surface_W_per_K
//
// The electrical terms are Bernardi's balance (J. Electrochem. Soc. 132 (1985) 5), each irreversible term taken where
// its element dissipates: with the energies C v^2/2 of the pairs and 3600 Q s M h^2/4 of the hysteresis, what goes in
// at the terminals is stored or becomes heat, and no irreversible term is ever negative. eta is 1 while discharging;
// the charge that is lost in charging has no entropy to store. T dU/dT uses kelvin. The heat of a bleed resistor stays
// outside the cell.
//
// Over a sub-step core, surface, air and coolant are advanced exactly (the matrix exponential of the two), the flow
// between neighbours by the midpoint rule, which neither makes nor loses heat.
#pragma once

namespace packbench::models {

struct CellParameters;

struct HeatFlow {
  double core_J_per_K, surface_J_per_K;
  double per_core_K_per_J, per_surface_K_per_J;  // their inverses
  double core_surface_W_per_K, ambient_W_per_K, coolant_W_per_K, neighbour_W_per_K;
};

// Heat capacities and inner conductance of a cell; the flows to the outside belong to the pack.
HeatFlow heat_flow(const CellParameters& cell, double ambient_W_per_K, double coolant_W_per_K,
                   double neighbour_W_per_K);

// By how much core and surface move within a time when they begin to move with the rates c and s (K/s):
// core_core c + core_surface s and surface_core c + surface_surface s. That is t phi1(t A), phi1(z) = (exp(z) - 1)/z,
// with A the 2 x 2 matrix of the equations above without neighbours.
struct HeatResponse {
  double core_core_s, core_surface_s, surface_core_s, surface_surface_s;
};

HeatResponse heat_response(const HeatFlow& flow, double time_s);

}  // namespace packbench::models
