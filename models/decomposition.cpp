#include "models/decomposition.h"

#include <algorithm>
#include <cmath>

#include "models/deterministic_math.h"

namespace packbench::models {
namespace {

using Values = std::array<double, kMaxReactions>;

double heat_between(const Values& heats_J, const Values& from, const Values& to) {
  double sum = 0;
  for (std::size_t j = 0; j < kMaxReactions; ++j) sum += heats_J[j] * (to[j] - from[j]);
  return sum;
}

// How far apart two results are, in tolerances.
double distance(const Values& heats_J, double core_J_per_K, const Values& a, const Values& b) {
  double heat_J = 0;
  double conversion = 0;
  for (std::size_t j = 0; j < kMaxReactions; ++j) {
    const double apart = std::abs(a[j] - b[j]);
    heat_J += heats_J[j] * apart;
    conversion = std::max(conversion, apart);
  }
  return std::max(heat_J / (core_J_per_K * Decomposition::kTolerance_K), conversion / Decomposition::kTolerance);
}

}  // namespace

Decomposition::Decomposition(const RunawayParameters& runaway, double mass_kg, double core_J_per_K)
    : count_(static_cast<int>(runaway.reactions.size())), core_J_per_K_(core_J_per_K) {
  for (int j = 0; j < count_; ++j) {
    const Reaction& reaction = runaway.reactions[static_cast<std::size_t>(j)];
    kinetics_[j] = {reaction.frequency_per_s,         reaction.activation_J_per_mol / kGasConstant_J_per_molK,
                    reaction.autocatalytic_seed,      reaction.inhibition,
                    reaction.heat_J_per_kg * mass_kg, reaction.charge_share};
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

Decomposition::Conversions Decomposition::heats_J(double soc) const {
  const double charge = std::clamp(soc, 0.0, 1.0);
  Conversions heats{};
  for (int j = 0; j < count_; ++j) {
    heats[j] = kinetics_[j].heat_J * (1.0 - kinetics_[j].charge_share * (1.0 - charge));
  }
  return heats;
}

double Decomposition::advance(std::span<double> alpha, double& core_degC, double dt_s, double soc) const {
  const Conversions heats = heats_J(soc);
  Conversions now{};
  std::copy_n(alpha.begin(), count_, now.begin());
  const Conversions before = now;
  Conversions rate = rates_per_s(now, core_degC);
  double degC = core_degC;
  double left_s = dt_s;
  double h_s = dt_s;
  while (left_s > 0) {
    h_s = std::min(h_s, left_s);
    const Conversions middle = moved(now, rate, 0.5 * h_s);
    const double middle_degC = degC + heat_between(heats, now, middle) / core_J_per_K_;
    const Conversions next = moved(now, rates_per_s(middle, middle_degC), h_s);
    const double jump = heat_between(heats, now, next) / (core_J_per_K_ * kJump_K);
    const double apart = std::max(distance(heats, core_J_per_K_, next, moved(now, rate, h_s)), jump * jump);
    const double factor = apart > 0 ? std::clamp(0.8 / std::sqrt(apart), 0.1, 4.0) : 4.0;
    if (!(apart > 1.0) || h_s < 1e-12 * dt_s) {  // what is no number any more ends here too
      left_s = h_s < left_s ? left_s - h_s : 0;
      now = next;
      degC = core_degC + heat_between(heats, before, now) / core_J_per_K_;
      if (left_s > 0) rate = rates_per_s(now, degC);
    }
    h_s *= factor;
  }
  std::copy_n(now.begin(), count_, alpha.begin());
  core_degC = degC;
  return heat_between(heats, before, now);
}

double Decomposition::self_heating_K_per_s(std::span<const double> alpha, double core_degC, double soc) const {
  const Conversions heats = heats_J(soc);
  Conversions now{};
  std::copy_n(alpha.begin(), count_, now.begin());
  const Conversions rate = rates_per_s(now, core_degC);
  double watt = 0;
  for (int j = 0; j < count_; ++j) watt += heats[j] * (1.0 - now[j]) * rate[j];
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
