// A temperature sensor: NTC thermistor against a pull-up resistor, read by a ratiometric converter.
//
//   R(T) = R25 exp(B (1/T - 1/298.15 K))          code = round(full R / (R + pull-up)), full = 2^bits - 1
//
// and back by the inverse. The front end's curve ends at -60 and 160 degC and holds there, so that an open wire (code
// `full`) reads -60 degC and a short (code 0) reads 160 degC: outside -40..120 degC and told apart.
#pragma once

#include "sim/plant/sensing_parameters.h"

namespace packbench::sim {

class Thermistor {
 public:
  static constexpr double kColdest_degC = -60.0, kHottest_degC = 160.0;

  // Throws std::invalid_argument unless B and the resistances are positive and bits is 8..24.
  explicit Thermistor(const SensingParameters& parameters);

  int full_scale() const { return full_; }
  int code(double temperature_degC) const;
  double temperature_degC(int code) const;

 private:
  double beta_K_, r25_ohm_, pullup_ohm_;
  int full_;
};

}  // namespace packbench::sim
