// Exothermic decomposition of a hot cell: thermal runaway as up to four Arrhenius reactions, and the separator's
// collapse.
//
//   d(alpha)/dt = A exp(-Ea/(R T)) (1 - alpha) (s + (1 - s) alpha) exp(-b alpha)        alpha from 0 to 1
//   heat in the core = H m (1 - c + c soc) d(alpha)/dt                                  m: mass of the cell
//
// s = autocatalytic_seed: 1 is first order; below 1 the product speeds the reaction up, a(1 - a) with a from s to 1
// (Hatchard et al., J. Electrochem. Soc. 148 (2001) A755; Kim, Pesaran, Spotnitz, J. Power Sources 170 (2007) 476).
// c = charge_share: how much of the reactant is lithium that charging puts there (or takes away); soc within 0..1. The
// papers are about charged cells; that the heat of both electrodes falls linearly with SOC is ours, assumed.
// b = inhibition: a growing layer slows the reaction down, exp(-thickness/reference) in the same papers.
//
// Separator: at peak core temperature T the internal conductance is share / collapse_ohm, the share rising linearly
// from 0 at collapse_degC to 1 at collapse_degC + collapse_width_K; it never falls again. OCV: falls with the
// heat-weighted conversion beta = sum(H alpha)/sum(H) as U (1 - beta): the lithium that has reacted stores nothing any
// more. That energy is part of the enthalpies, which are measured on charged electrodes.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

namespace packbench::models {

inline constexpr int kMaxReactions = 4;
inline constexpr double kGasConstant_J_per_molK = 8.31446261815324;

struct Reaction {
  std::string name;
  double heat_J_per_kg = 0;  // H, per kg of cell, for alpha from 0 to 1
  double frequency_per_s = 0;
  double activation_J_per_mol = 0;
  double autocatalytic_seed = 1;  // 0 < s <= 1
  double inhibition = 0;          // b >= 0
  double charge_share = 0;        // 0 <= c <= 1
};

struct RunawayParameters {
  std::vector<Reaction> reactions;  // none: the cell cannot run away; at most kMaxReactions
  double collapse_degC = 150;       // separator: from here the internal conductance rises ...
  double collapse_width_K = 10;     // ... over this width ...
  double collapse_ohm = 0.02;       // ... to this resistance, for good; 0: no collapse
};

// Conversion per second at alpha and temperature.
double reaction_rate_per_s(const Reaction& reaction, double alpha, double temperature_degC);

// Published sets, for a charged cell. Heats per kg of cell are H W c0 / rho of the jelly roll (2580 kg/m3; W reactant
// per volume, c0 its first amount); the anode's layer starts at its reference thickness, so that exp(-1) is in the
// frequency.
//   lithium cobalt oxide: Kim, Pesaran, Spotnitz (2007), table 1, all four reactions
//   NMC, LFP: the same with the cathode of Peng and Jiang, Int. J. Heat Mass Transfer 103 (2016) 1008 (NMC 111), and of
//   Bugryniec et al., J. Power Sources 474 (2020) 228396 (LFP): these two cathodes are from memory, not looked up
RunawayParameters runaway_lco();
RunawayParameters runaway_nmc();
RunawayParameters runaway_lfp();

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const RunawayParameters& runaway);

}  // namespace packbench::models
