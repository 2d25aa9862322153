// The firmware's own model of one cell: OCV over SOC, hysteresis, a resistance and two RC pairs.
//
//   V = OCV(soc) + h gap/2 + v1 + v2 + R0 I        R_k(soc, direction, T) = table x ratio x exp(Ea/R (1/T - 1/298.15
//   K)) dv_k/dt = (R_k I - v_k) / tau_k                dh/d|q| = (sign(I) - h) / (swing Q)
//
// Plett, J. Power Sources 134 (2004) 262. Single precision with + - * / and comparisons only, so that every processor
// has the same bits. Voltages V, currents A (positive charges), SOC 0..1, temperatures degC.
#pragma once

#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

// exp(-x) for x >= 0: x is halved until it is at most 1/2, there Pade's (3,3) approximant is within 1e-7, and squared
// as often. Relative error below 1e-5 up to x = 20; 0 beyond.
float decay(float x);

inline float square(float x) { return x * x; }
inline float magnitude(float x) { return x < 0 ? -x : x; }

struct Resistances {
  float r0_ohm, r1_ohm, r2_ohm;
};
Resistances resistances(const ChargeRules& rules, float soc, float temperature_degC, bool charging);

// Where an OCV lies on the profile's table: SOC, and how much the OCV would rise from 0 to 100 % at this slope.
// Beyond the ends of the table: its end, with the slope there. Nothing is steep on a table of less than two points.
struct OcvPlace {
  float soc, slope_V;
};
OcvPlace place_of_ocv(const Profile& profile, float ocv_V);
// Steep enough to correct by, at this OCV and wherever it may be within `doubt_V` of it.
bool steep(const Profile& profile, float ocv_V, float doubt_V);

// What relaxes in a cell, from one measurement to the next.
struct Relaxation {
  float v1_V = 0, v2_V = 0, hysteresis = 0;  // hysteresis -1..1

  // Goes on by dt at a current; `factor` multiplies all resistances.
  void advance(const Profile& profile, const Resistances& r, float factor, float current_A, float dt_s);
  float hysteresis_V(const ChargeRules& rules) const {
    return hysteresis * static_cast<float>(rules.hysteresis_dmV) * 0.5e-4f;
  }
};

}  // namespace packbench::firmware
