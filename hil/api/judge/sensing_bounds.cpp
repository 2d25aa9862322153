#include "hil/api/judge/sensing_bounds.h"

#include <cmath>

namespace packbench::hil::api {
namespace {

constexpr double kSigmas = 6.0;
constexpr double kHalfWire_V = 0.05e-3, kHalfWire_A = 0.5e-3, kHalfWire_K = 0.5e-3;

}  // namespace

double SensingBounds::cell_V(double truth_V) const {
  return sensing.cell_gain_clip * std::abs(truth_V) + sensing.cell_offset_clip_V + kSigmas * sensing.cell_noise_V +
         sensing.cell_lsb_V / 2 + kHalfWire_V;
}

double SensingBounds::pack_V(double truth_V) const {
  return sensing.pack_gain_max * std::abs(truth_V) + kSigmas * sensing.pack_noise_V + sensing.pack_lsb_V / 2 +
         kHalfWire_V;
}

double SensingBounds::current_A(double truth_A) const {
  return sensing.current_offset_max_A + sensing.current_gain_max * std::abs(truth_A) +
         kSigmas * sensing.current_noise_A + sensing.current_lsb_A / 2 + kHalfWire_A;
}

double SensingBounds::temperature_K(double reading_degC) const {
  const double kelvin = reading_degC + 273.15;
  const double ntc_ohm = sensing.ntc_r25_ohm * std::exp(sensing.ntc_beta_K * (1 / kelvin - 1 / 298.15));
  const double ratio = ntc_ohm / (ntc_ohm + sensing.ntc_pullup_ohm);
  const double slope_per_K = ratio * (1 - ratio) * sensing.ntc_beta_K / (kelvin * kelvin);
  const double lsb_K = 1 / (std::exp2(sensing.ntc_bits) * slope_per_K);
  return sensing.temperature_tolerance_K + kSigmas * sensing.temperature_noise_K + lsb_K / 2 + kHalfWire_K;
}

}  // namespace packbench::hil::api
