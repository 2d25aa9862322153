// Extended Kalman filter on the cell model (cell_model.h): what the voltage says about the count of charge.
//
// States: SOC (it stands in the caller's exact count; the filter gives corrections), v1, v2. The hysteresis advances
// without doubt. Prediction with the current that was held since the last measurement, F = diag(1, a1, a2).
//
// Correction: the OCV that a measurement implies, V - v1 - v2 - R0 I - h gap/2, has a place s* on the table with slope
// m. Innovation m (s* - soc), H = [m, 1, 1]: linearised where the measurement says that the cell is and not where the
// count says, so that a count 30 % wrong finds back. Nothing is corrected where the table is not steep within the
// doubt of that OCV: on a plateau it says nothing. Below the middle the weakest cell is taken, above it the fullest.
//
// Errors of a model do not average out: a measurement counts only for the share of kCorrelation_s that it covers.
//
// One factor multiplies all resistances; steps of current adapt it (it follows temperature and age, R0 proportional).
#pragma once

#include "hil/firmware/core/cell_model.h"
#include "hil/firmware/core/defects.h"

namespace packbench::firmware {

class ChargeFilter {
 public:
  // The count may be wrong by this (one sigma, share of capacity); nothing is known of the voltages that still relax.
  void restart(float soc_sigma);
  // The count was set to what is known; the voltages stay.
  void doubt(float soc_sigma);

  // One new measurement; soc is the count at its time. Returns what has to be added to soc, 0 mostly.
  float update(const Profile& profile, const Measurement& measurement, const Summary& summary, float soc,
               DefectSet defects);

  const Relaxation& relaxation() const { return cell_; }
  float resistance_factor() const { return factor_; }
  void restore(float hysteresis, float resistance_factor);
  // Covariance of soc, v1, v2: 00 01 02 11 12 22.
  const float (&covariance() const)[6] { return p_; }
  bool corrected() const { return corrected_; }  // by the last update

 private:
  void predict(const Profile& profile, const Resistances& r, float current_A, float dt_s);
  void adapt(const Resistances& now, float mean_V, float current_A, float relaxed_V);
  float correct(const Profile& profile, const Resistances& r, const Summary& summary, float soc, float current_A,
                float dt_s, DefectSet defects);

  Relaxation cell_;
  float p_[6] = {0, 0, 0, 0, 0, 0};
  float factor_ = 1, unsettled_V_ = 0;
  bool has_last_ = false, corrected_ = false;
  std::uint64_t last_us_ = 0;
  float last_V_ = 0, last_A_ = 0, last_drop_V_ = 0;
};

}  // namespace packbench::firmware
