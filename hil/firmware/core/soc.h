// State of charge by counting charge, with anchors where the cell voltage tells, and the OCV state of charge next to
// it.
//
//   charge(t) = charge(0) + sum of I dt, in mA us, clamped to 0 .. capacity
//   full anchor   max cell >= full_anchor and 0 < I < full_anchor_A for full_anchor_s: charge = capacity
//   empty anchor  min cell <= empty_anchor and -empty_anchor_A < I <= 0 for 1 s: charge at most 3 % of capacity
//   OCV           the profile's table read backwards at the mean cell voltage, taken at boot without current and after
//   ten
//                 minutes below 0.2 A, held otherwise
//
// Integers throughout: the same bits on every processor. Until SET_SOC or the first OCV the state of charge is unknown.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

inline constexpr std::uint16_t kUnknownPercent = 0xFFFF;

class StateOfCharge {
 public:
  // A restart keeps the count (it stands in memory that survives) and starts the timers anew.
  void restart();
  void set(const Profile& profile, std::uint32_t soc_pctpct);
  void step(std::uint64_t now_us, std::uint32_t dt_us, const Profile& profile, const Measurement& measurement,
            const Summary& summary, DefectSet defects);

  std::uint16_t soc_pctpct(const Profile& profile) const;
  std::uint16_t ocv_soc_pctpct() const { return ocv_soc_pctpct_; }
  template <typename List>
  void variables(List& list) {
    list.add("charge", charge_mA_us_);
  }

 private:
  void count(std::uint32_t dt_us, const Profile& profile, std::int32_t current_mA, DefectSet defects);
  void anchor(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA, const Summary& summary,
              DefectSet defects);
  void read_ocv(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA, const Summary& summary);

  std::int64_t charge_mA_us_ = 0;
  bool known_ = false;
  std::uint16_t ocv_soc_pctpct_ = kUnknownPercent;
  bool filling_ = false, emptying_ = false, resting_ = false;
  std::uint64_t filling_since_us_ = 0, emptying_since_us_ = 0, resting_since_us_ = 0;
};

// The profile's OCV table read backwards; kUnknownPercent when it has no points.
std::uint16_t soc_of_ocv(const Profile& profile, std::int32_t ocv_dmV);

}  // namespace packbench::firmware
