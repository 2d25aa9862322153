// One hot cell's reactions, integrated together with the temperature of its core. Equations: reactions.h.
//
// Within advance() the core is on its own: its temperature is T0 + sum(heat (alpha - alpha0)) / C at every instant, so
// the heat is exactly enthalpy times conversion. Each alpha moves by the exponential midpoint rule, 1 - alpha -> (1 -
// alpha) exp(-k h) with k at the middle of the sub-step: it cannot leave 0..1 or turn back, whatever the sub-step.
// Sub-steps are chosen by the distance to the exponential Euler rule, at most kTolerance_K in temperature and
// kTolerance in conversion: then a runaway's end temperature is right to 0.1 K and the moment of its steepest rise to
// 0.1 % of the time that led to it (tests/models/reactions_test.cpp measures both).
#pragma once

#include <array>
#include <span>

#include "models/reactions.h"

namespace packbench::models {

class Decomposition {
 public:
  static constexpr double kTolerance_K = 0.02;
  static constexpr double kTolerance = 1e-4;
  static constexpr double kJump_K = 10;
  // Self-heating at which reactions begin to count: 1/30 of what a calorimeter (ARC, 0.02 K/min) can see.
  static constexpr double kNegligible_K_per_s = 1e-5;

  // `mass_kg` of the cell, and the heat capacity of its core. Parameters must be free of problems (reactions.h).
  Decomposition(const RunawayParameters& runaway, double mass_kg, double core_J_per_K);

  int reactions() const { return count_; }

  // Below this core temperature the fresh cell's self-heating is negligible, and advance() need not be called.
  // 1e9 without reactions.
  double begins_degC() const { return begins_degC_; }

  // Advances the conversions (at least reactions() of them) by dt_s and the core's temperature with them. Returns the
  // heat in J, never negative. `soc` is held: the charge that the electrodes still have to react with.
  double advance(std::span<double> alpha, double& core_degC, double dt_s, double soc = 1) const;

  // Rise of temperature per second, alone and at this instant.
  double self_heating_K_per_s(std::span<const double> alpha, double core_degC, double soc = 1) const;

  // 1 - beta: what is left of the open-circuit voltage.
  double ocv_share(std::span<const double> alpha) const;

  // Heat in J that a fresh and charged cell can give in all.
  double whole_heat_J() const { return whole_heat_J_; }

 private:
  struct Kinetics {
    double frequency_per_s, activation_K, seed, inhibition;
    double heat_J, charge_share;
  };
  using Conversions = std::array<double, kMaxReactions>;

  // By how much 1 - alpha falls per second, relative to itself.
  Conversions rates_per_s(const Conversions& alpha, double core_degC) const;
  Conversions moved(const Conversions& from, const Conversions& rate_per_s, double h_s) const;
  Conversions heats_J(double soc) const;  // of each reaction from 0 to 1

  std::array<Kinetics, kMaxReactions> kinetics_{};
  int count_;
  double core_J_per_K_;
  double whole_heat_J_ = 0;
  double begins_degC_ = 1e9;
};

// Share of the separator that has collapsed at this peak temperature, 0..1.
double separator_collapse(const RunawayParameters& runaway, double peak_degC);

}  // namespace packbench::models
