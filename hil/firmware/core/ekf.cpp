#include "hil/firmware/core/ekf.h"

namespace packbench::firmware {
namespace {

constexpr float kCorrelation_s = 60;            // ours: errors of the model last about as long
constexpr float kSensor_V = 0.003f;             // ours: gain 0.02 %, offset and noise of the front end, together
constexpr float kUnknownRelaxation_V = 0.030f;  // ours: what may still relax in a cell at boot; 0.4 x 1.5 mohm x 50 A
constexpr float kModel = 0.1f;                  // ours: share by which resistances may be wrong
constexpr float kDrift_per_s = 2.8e-10f;        // ours: (0.1 %)^2 in an hour
constexpr float kGain_per_soc = 1e-5f;          // ours: (0.3 %)^2 for a full charge
constexpr float kStep_C = 0.1f;                 // a step of current that tells the resistance
constexpr float kLongestStep_s = 1.0f;
constexpr float kLeastFactor = 0.3f, kMostFactor = 5.0f;
constexpr float kRate_of_adaption = 0.25f;
constexpr float kSmallestVariance = 1e-10f;
constexpr std::uint64_t kLongestGap_us = 3'600'000'000;

float mean_temperature_degC(const Summary& s) {
  if (s.max_temperature_mdegC == kNoReading) return 25.0f;
  return static_cast<float>(s.max_temperature_mdegC + s.min_temperature_mdegC) * 0.5e-3f;
}

float limited(float value, float least, float most) { return value < least ? least : value > most ? most : value; }

}  // namespace

void ChargeFilter::restart(float soc_sigma) {
  const float factor = factor_, hysteresis = cell_.hysteresis;
  *this = ChargeFilter{};
  factor_ = factor;
  cell_.hysteresis = hysteresis;
  unsettled_V_ = kUnknownRelaxation_V;
  p_[3] = p_[5] = square(kUnknownRelaxation_V);
  p_[0] = square(soc_sigma);
}

void ChargeFilter::doubt(float soc_sigma) {
  p_[0] = square(soc_sigma);
  p_[1] = p_[2] = 0;
}

void ChargeFilter::restore(float hysteresis, float resistance_factor) {
  cell_.hysteresis = limited(hysteresis, -1, 1);
  factor_ = limited(resistance_factor, kLeastFactor, kMostFactor);
}

void ChargeFilter::predict(const Profile& profile, const Resistances& r, float current_A, float dt_s) {
  cell_.advance(profile, r, factor_, current_A, dt_s);
  const float a1 = decay(dt_s * 1e3f / static_cast<float>(profile.charge.tau1_ms));
  const float a2 = decay(dt_s * 1e3f / static_cast<float>(profile.charge.tau2_ms));
  const float moved = magnitude(current_A) * dt_s / (static_cast<float>(profile.capacity_mAh) * 3.6f);
  const float model_A = kModel * factor_ * current_A;
  p_[0] += kDrift_per_s * dt_s + kGain_per_soc * moved;
  p_[1] *= a1;
  p_[2] *= a2;
  p_[3] = p_[3] * square(a1) + (1 - square(a1)) * square(model_A * r.r1_ohm);
  p_[4] *= a1 * a2;
  p_[5] = p_[5] * square(a2) + (1 - square(a2)) * square(model_A * r.r2_ohm);
  unsettled_V_ *= a2;
}

// What a step of current does to the voltage at once, over what R0 of the table would do.
void ChargeFilter::adapt(const Resistances& now, float mean_V, float current_A, float relaxed_V) {
  const float expected_V = now.r0_ohm * current_A - last_drop_V_;
  const float seen = (mean_V - last_V_ - relaxed_V) / expected_V;
  if (seen > kLeastFactor && seen < kMostFactor) factor_ += kRate_of_adaption * (seen - factor_);
}

float ChargeFilter::correct(const Profile& profile, const Resistances& r, const Summary& summary, float soc,
                            float current_A, float dt_s, DefectSet defects) {
  if (defects.has(Defect::no_ocv_correction)) return 0;
  const float drop_V = cell_.v1_V + cell_.v2_V + factor_ * r.r0_ohm * current_A + cell_.hysteresis_V(profile.charge);
  const float min_V = static_cast<float>(summary.min_cell_dmV) * 1e-4f - drop_V;
  const float max_V = static_cast<float>(summary.max_cell_dmV) * 1e-4f - drop_V;
  const float ocv_V = place_of_ocv(profile, min_V).soc < 0.5f ? min_V : max_V;

  const float branch_V = static_cast<float>(profile.charge.hysteresis_dmV) * 0.25e-4f;
  const float model_V = kModel * factor_ * (r.r0_ohm + r.r1_ohm + r.r2_ohm) * magnitude(current_A);
  const bool tells = steep(profile, ocv_V, kSensor_V + branch_V + model_V + unsettled_V_);
  if (!tells && !defects.has(Defect::ocv_on_plateau)) return 0;

  const OcvPlace place = place_of_ocv(profile, ocv_V);
  const float m = tells ? place.slope_V : 1.0f;  // ocv_on_plateau: as if it were steep
  float noise = square(kSensor_V) + square(branch_V) + square(model_V);
  if (dt_s < kCorrelation_s) noise *= kCorrelation_s / dt_s;
  const float ph[3] = {m * p_[0] + p_[1] + p_[2], m * p_[1] + p_[3] + p_[4], m * p_[2] + p_[4] + p_[5]};
  const float s = m * ph[0] + ph[1] + ph[2] + noise;
  const float y = m * (place.soc - soc) / s;
  p_[0] -= ph[0] * ph[0] / s;
  p_[1] -= ph[0] * ph[1] / s;
  p_[2] -= ph[0] * ph[2] / s;
  p_[3] -= ph[1] * ph[1] / s;
  p_[4] -= ph[1] * ph[2] / s;
  p_[5] -= ph[2] * ph[2] / s;
  for (int i = 0; i < 6; i += i == 0 ? 3 : 2) p_[i] = p_[i] < kSmallestVariance ? kSmallestVariance : p_[i];
  cell_.v1_V += ph[1] * y;
  cell_.v2_V += ph[2] * y;
  corrected_ = true;
  return limited(soc + ph[0] * y, 0, 1) - soc;
}

float ChargeFilter::update(const Profile& profile, const Measurement& measurement, const Summary& summary, float soc,
                           DefectSet defects) {
  corrected_ = false;
  if (profile.charge.resistance_points == 0 || profile.ocv_points < 2 || summary.mean_cell_dmV == kNoReading) return 0;
  const float current_A = static_cast<float>(measurement.current_mA) * 1e-3f;
  const float mean_V = static_cast<float>(summary.mean_cell_dmV) * 1e-4f;
  const Resistances r = resistances(profile.charge, soc, mean_temperature_degC(summary), current_A > 0);
  const std::uint64_t gap_us = measurement.time_us - last_us_;
  const bool follows = has_last_ && gap_us > 0 && gap_us <= kLongestGap_us;
  float correction = 0;
  if (follows) {
    const float dt_s = static_cast<float>(static_cast<std::uint32_t>(gap_us)) * 1e-6f;
    const float before_V = cell_.v1_V + cell_.v2_V;
    predict(profile, resistances(profile.charge, soc, mean_temperature_degC(summary), last_A_ > 0), last_A_, dt_s);
    const float step_A = magnitude(current_A - last_A_) * 1e3f;
    if (dt_s <= kLongestStep_s && step_A > kStep_C * static_cast<float>(profile.capacity_mAh)) {
      adapt(r, mean_V, current_A, cell_.v1_V + cell_.v2_V - before_V);
    }
    correction = correct(profile, r, summary, soc, current_A, dt_s, defects);
  }
  has_last_ = true;
  last_us_ = measurement.time_us;
  last_V_ = mean_V;
  last_A_ = current_A;
  last_drop_V_ = r.r0_ohm * current_A;
  return correction;
}

}  // namespace packbench::firmware
