// How far a reading may be from the truth it was taken from, by the stated parameters of the sensors.
//
// V cell:  gain_clip |V| + offset_clip + 6 noise + lsb/2 + 0.05 mV      (front end; the last term is the wire's 0.1 mV)
// V pack:  gain_max |V| + 6 noise + lsb/2 + 0.05 mV                    (divider)
// I:       offset_max + gain_max |I| + 6 noise + lsb/2 + 0.5 mA        (shunt; the truth clipped to the range)
// T:       tolerance + 6 noise + lsb(T)/2 + 0.5 m degC                 (NTC); lsb(T) = 2^-bits / |dr/dT|, with the
// ratio
//          r = R/(R + Rp), R = R25 exp(B (1/T - 1/298.15 K)), |dr/dT| = r (1 - r) B / T^2
// Six sigma: beyond it lie 2 of 10^9 samples.
#pragma once

#include "sim/plant/sensing_parameters.h"

namespace packbench::hil::api {

struct SensingBounds {
  sim::SensingParameters sensing;

  double cell_V(double truth_V) const;
  double pack_V(double truth_V) const;
  double current_A(double truth_A) const;
  double temperature_K(double reading_degC) const;
};

}  // namespace packbench::hil::api
