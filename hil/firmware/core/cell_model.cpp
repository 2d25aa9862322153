#include "hil/firmware/core/cell_model.h"

namespace packbench::firmware {
namespace {

constexpr float kGasConstant_J_per_molK = 8.314463f;
constexpr float kReference_K = 298.15f, kZero_degC_K = 273.15f;
constexpr float kLargest = 20.0f;

float between(float from, float to, float part) { return from + (to - from) * part; }

// exp(Ea/R (1/T - 1/Tref)); the exponent stays within the range of decay().
float arrhenius(float activation_J_per_mol, float temperature_degC) {
  const float t_K = temperature_degC + kZero_degC_K;
  const float x = activation_J_per_mol / kGasConstant_J_per_molK * (1.0f / t_K - 1.0f / kReference_K);
  return x > 0 ? 1.0f / decay(x < kLargest ? x : kLargest) : decay(-x);
}

float slope_V(const OcvPoint& below, const OcvPoint& above) {
  return static_cast<float>(above.ocv_dmV - below.ocv_dmV) / static_cast<float>(above.soc_pctpct - below.soc_pctpct);
}

}  // namespace

float decay(float x) {
  if (x > kLargest) return 0;
  int halvings = 0;
  for (; x > 0.5f; x *= 0.5f) ++halvings;
  const float even = 120.0f + 12.0f * x * x, odd = x * (60.0f + x * x);
  float result = (even - odd) / (even + odd);
  for (; halvings > 0; --halvings) result *= result;
  return result;
}

Resistances resistances(const ChargeRules& rules, float soc, float temperature_degC, bool charging) {
  const auto pctpct = static_cast<std::int32_t>(soc * 10'000.0f);
  int i = 1;
  while (i < rules.resistance_points - 1 && rules.resistance[i].soc_pctpct < pctpct) ++i;
  const ResistancePoint& a = rules.resistance[i - 1];
  const ResistancePoint& b = rules.resistance_points > 1 ? rules.resistance[i] : a;
  const float run = static_cast<float>(b.soc_pctpct - a.soc_pctpct);
  float part = run > 0 ? (soc * 10'000.0f - static_cast<float>(a.soc_pctpct)) / run : 0;
  part = part < 0 ? 0 : part > 1 ? 1 : part;
  const auto at = [&](std::int32_t ResistancePoint::*column) {
    return between(static_cast<float>(a.*column), static_cast<float>(b.*column), part);
  };
  float scale = 1e-6f * arrhenius(static_cast<float>(rules.activation_J_per_mol), temperature_degC);
  if (charging) scale *= at(&ResistancePoint::charge_permille) * 1e-3f;
  return {at(&ResistancePoint::r0_uohm) * scale, at(&ResistancePoint::r1_uohm) * scale,
          at(&ResistancePoint::r2_uohm) * scale};
}

OcvPlace place_of_ocv(const Profile& profile, float ocv_V) {
  if (profile.ocv_points < 2) return {0, 0};
  const float ocv_dmV = ocv_V * 1e4f;
  int i = 1;
  while (i < profile.ocv_points - 1 && static_cast<float>(profile.ocv[i].ocv_dmV) < ocv_dmV) ++i;
  const OcvPoint &below = profile.ocv[i - 1], &above = profile.ocv[i];
  const float slope = slope_V(below, above);
  float soc = static_cast<float>(below.soc_pctpct) * 1e-4f;
  if (slope > 0) soc += (ocv_V - static_cast<float>(below.ocv_dmV) * 1e-4f) / slope;
  return {soc < 0 ? 0 : soc > 1 ? 1 : soc, slope};
}

bool steep(const Profile& profile, float ocv_V, float doubt_V) {
  const float least_V = static_cast<float>(profile.charge.steep_mV) * 1e-3f;
  const auto enough = [&](float at_V) { return place_of_ocv(profile, at_V).slope_V >= least_V; };
  return enough(ocv_V) && enough(ocv_V - doubt_V) && enough(ocv_V + doubt_V);
}

void Relaxation::advance(const Profile& profile, const Resistances& r, float factor, float current_A, float dt_s) {
  const ChargeRules& rules = profile.charge;
  const float a1 = decay(dt_s * 1e3f / static_cast<float>(rules.tau1_ms));
  const float a2 = decay(dt_s * 1e3f / static_cast<float>(rules.tau2_ms));
  v1_V = a1 * v1_V + (1 - a1) * factor * r.r1_ohm * current_A;
  v2_V = a2 * v2_V + (1 - a2) * factor * r.r2_ohm * current_A;
  if (rules.hysteresis_swing_pctpct <= 0) return;
  const float swing_As =
      static_cast<float>(profile.capacity_mAh) * static_cast<float>(rules.hysteresis_swing_pctpct) * (3.6f * 1e-4f);
  const float way = current_A < 0 ? -1.0f : 1.0f;
  hysteresis = way + (hysteresis - way) * decay(magnitude(current_A) * dt_s / swing_As);
}

}  // namespace packbench::firmware
