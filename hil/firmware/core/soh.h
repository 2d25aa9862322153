// State of health: capacity between two anchors, resistance by pulse.
//
//   capacity    |charge moved| / |change of SOC| between two anchors at least 60 % apart, neither below 15 degC; the
//               first is taken as it is, later ones by half
//   resistance  (V - V0) / (I - I0) ten seconds after a step of at least 0.2C onto a steady current, over what the
//               profile's cell model would have; a quarter of each pulse is taken; between 10 and 40 degC, on the
//               plateau
//
// Charge is in integers and exact; unknown is 0.
#pragma once

#include "hil/firmware/core/cell_model.h"

namespace packbench::firmware {

class Health {
 public:
  void restore(std::int32_t learnt_mAh, std::uint16_t resistance_pctpct);
  std::int32_t learnt_mAh() const { return learnt_mAh_; }
  // Capacity to count with: learnt, or else the profile's.
  std::int32_t capacity_mAh(const Profile& profile) const {
    return learnt_mAh_ > 0 ? learnt_mAh_ : profile.capacity_mAh;
  }
  std::uint16_t capacity_pctpct(const Profile& profile) const;  // of the profile's; 0: not known
  std::uint16_t resistance_pctpct() const { return resistance_pctpct_; }

  void moved(std::int64_t charge_mA_us) { moved_mA_us_ += charge_mA_us; }
  // The pack is at this SOC beyond doubt.
  void anchor(const Profile& profile, std::int32_t soc_pctpct, const Summary& summary);
  void stay() { moved_mA_us_ = 0; }  // and still is
  void pulse(const Profile& profile, const Measurement& measurement, const Summary& summary, float soc);

 private:
  void learn_resistance(const Profile& profile, float ohm, const Summary& summary, float soc, bool charging);

  std::int32_t learnt_mAh_ = 0;
  std::uint16_t resistance_pctpct_ = 0;
  std::int64_t moved_mA_us_ = 0;
  std::int32_t anchor_pctpct_ = -1;  // -1: none yet
  // the present level of current, and the one before the step that led to it
  std::int32_t level_mA_ = 0, before_mA_ = 0, before_dmV_ = 0, last_dmV_ = kNoReading;
  std::uint64_t level_since_us_ = 0;
  bool pulsing_ = false;
};

}  // namespace packbench::firmware
