#include "sim/plant/thermistor.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/deterministic_math.h"

namespace packbench::sim {
namespace {

constexpr double kZero_K = 273.15;
constexpr double kReference_K = 298.15;  // R25

}  // namespace

Thermistor::Thermistor(const SensingParameters& parameters)
    : beta_K_(parameters.ntc_beta_K), r25_ohm_(parameters.ntc_r25_ohm), pullup_ohm_(parameters.ntc_pullup_ohm) {
  if (!(beta_K_ > 0.0 && r25_ohm_ > 0.0 && pullup_ohm_ > 0.0)) {
    throw std::invalid_argument("The thermistor's B, R25 and pull-up must be positive.");
  }
  if (parameters.ntc_bits < 8 || parameters.ntc_bits > 24) {
    throw std::invalid_argument("The temperature converter must have 8 to 24 bits.");
  }
  full_ = (1 << parameters.ntc_bits) - 1;
}

int Thermistor::code(double temperature_degC) const {
  const double kelvin = std::max(temperature_degC + kZero_K, 1.0);
  const double ratio = r25_ohm_ / pullup_ohm_ * models::exp(beta_K_ * (1.0 / kelvin - 1.0 / kReference_K));
  const double share = ratio > 1e9 ? 1.0 : ratio / (ratio + 1.0);
  return static_cast<int>(std::round(full_ * share));
}

double Thermistor::temperature_degC(int code) const {
  if (code <= 0) return kHottest_degC;
  if (code >= full_) return kColdest_degC;
  const double resistance_ohm = pullup_ohm_ * code / (full_ - code);
  const double inverse_K = 1.0 / kReference_K + models::log(resistance_ohm / r25_ohm_) / beta_K_;
  if (inverse_K <= 0.0) return kHottest_degC;
  return std::clamp(1.0 / inverse_K - kZero_K, kColdest_degC, kHottest_degC);
}

}  // namespace packbench::sim
