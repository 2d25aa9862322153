#include "models/decomposition.h"

#include <algorithm>
#include <cmath>

#include "models/deterministic_math.h"

namespace packbench::models {

Decomposition::Decomposition(const RunawayParameters& runaway, double mass_kg, double core_J_per_K)
    : count_(static_cast<int>(runaway.reactions.size())), core_J_per_K_(core_J_per_K) {
  for (int j = 0; j < count_; ++j) {
    const Reaction& reaction = runaway.reactions[static_cast<std::size_t>(j)];
    kinetics_[j] = {reaction.frequency_per_s, reaction.activation_J_per_mol / kGasConstant_J_per_molK,
                    reaction.autocatalytic_seed, reaction.inhibition, reaction.heat_J_per_kg * mass_kg};
    whole_heat_J_ += kinetics_[j].heat_J;
  }
  if (whole_heat_J_ <= 0) return;
  const Conversions fresh{};
  double cold = -100;
  double hot = 1000;
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (cold + hot);
    (self_heating_K_per_s(fresh, middle) < kNegligible_K_per_s ? cold : hot) = middle;
  }
  begins_degC_ = cold;
}

Decomposition::Conversions Decomposition::rates_per_s(const Conversions& alpha, double core_degC) const {
  const double per_kelvin = 1.0 / (core_degC + 273.15);
  Conversions rate{};
  for (int j = 0; j < count_; ++j) {
    const Kinetics& k = kinetics_[j];
    rate[j] = k.frequency_per_s * exp(-k.activation_K * per_kelvin - k.inhibition * alpha[j]) *
              (k.seed + (1.0 - k.seed) * alpha[j]);
  }
  return rate;
}

Decomposition::Conversions Decomposition::moved(const Conversions& from, const Conversions& rate_per_s,
                                                double h_s) const {
  Conversions to = from;
  for (int j = 0; j < count_; ++j) to[j] = from[j] - (1.0 - from[j]) * expm1(-std::min(rate_per_s[j] * h_s, 700.0));
  return to;
}

double Decomposition::heat_J(const Conversions& from, const Conversions& to) const {
  double sum = 0;
  for (int j = 0; j < count_; ++j) sum += kinetics_[j].heat_J * (to[j] - from[j]);
  return sum;
}

double Decomposition::distance(const Conversions& a, const Conversions& b) const {
  double kelvin = 0;
  double conversion = 0;
  for (int j = 0; j < count_; ++j) {
    const double apart = a[j] < b[j] ? b[j] - a[j] : a[j] - b[j];
    kelvin += kinetics_[j].heat_J * apart;
    conversion = std::max(conversion, apart);
  }
  return std::max(kelvin / (core_J_per_K_ * kTolerance_K), conversion / kTolerance);
}

double Decomposition::advance(std::span<double> alpha, double& core_degC, double dt_s) const {
  Conversions now{};
  std::copy_n(alpha.begin(), count_, now.begin());
  const Conversions before = now;
  const double before_degC = core_degC;
  double degC = core_degC;
  double left_s = dt_s;
  double h_s = dt_s;
  Conversions rate = rates_per_s(now, degC);
  while (left_s > 0) {
    h_s = std::min(h_s, left_s);
    const Conversions middle = moved(now, rate, 0.5 * h_s);
    const double middle_degC = degC + heat_J(now, middle) / core_J_per_K_;
    const Conversions next = moved(now, rates_per_s(middle, middle_degC), h_s);
    const double jump = heat_J(now, next) / (core_J_per_K_ * kJump_K);
    const double apart = std::max(distance(next, moved(now, rate, h_s)), jump * jump);
    const double factor = apart > 0 ? std::clamp(0.8 / std::sqrt(apart), 0.1, 4.0) : 4.0;
    if (apart <= 1.0 || h_s < 1e-12 * dt_s) {
      left_s = h_s < left_s ? left_s - h_s : 0;
      now = next;
      degC = before_degC + heat_J(before, now) / core_J_per_K_;
      if (left_s > 0) rate = rates_per_s(now, degC);
    }
    h_s *= factor;
  }
  std::copy_n(now.begin(), count_, alpha.begin());
  core_degC = degC;
  return heat_J(before, now);
}

double Decomposition::self_heating_K_per_s(std::span<const double> alpha, double core_degC) const {
  Conversions now{};
  std::copy_n(alpha.begin(), count_, now.begin());
  const Conversions rate = rates_per_s(now, core_degC);
  double watt = 0;
  for (int j = 0; j < count_; ++j) watt += kinetics_[j].heat_J * (1.0 - now[j]) * rate[j];
  return watt / core_J_per_K_;
}

double Decomposition::ocv_share(std::span<const double> alpha) const {
  if (whole_heat_J_ <= 0) return 1.0;
  double spent = 0;
  for (int j = 0; j < count_; ++j) spent += kinetics_[j].heat_J * alpha[static_cast<std::size_t>(j)];
  return std::max(0.0, 1.0 - spent / whole_heat_J_);
}

double separator_collapse(const RunawayParameters& runaway, double peak_degC) {
  return std::clamp((peak_degC - runaway.collapse_degC) / runaway.collapse_width_K, 0.0, 1.0);
}

}  // namespace packbench::models
