// State of charge by counting charge, with anchors where the cell voltage tells, a filter on the cell model that
// corrects the count where the OCV is steep (ekf.h), and the OCV state of charge next to it.
//
//   charge(t) = charge(0) + sum of I dt, in mA us, clamped to 0 .. capacity; exact, kept twice (guarded.h)
//   dead band     the mean of the last 64 or so measurements below dead_band, none above four times of it: not counted
//   full anchor   max cell >= full_anchor and 0 < I < full_anchor_A for full_anchor_s: charge = capacity
//   empty anchor  min cell <= empty_anchor and -empty_anchor_A < I <= 0 for 1 s: charge at most 3 % of capacity
//   OCV           the profile's table read backwards at the mean cell voltage, taken at boot without current and after
//                 ten minutes below 0.2 A, held otherwise
//   at boot       an OCV off the plateau that says more than 20 % else than the count that survived: the OCV is taken
//   reported      follows by at most 1 %/s; while more than 1 A discharges it does not rise, unless the count was put
//                 right by more than 3 % (`stepping`)
//
// The count is in integers: the same bits on every processor. Until SET_SOC or the first OCV it is unknown.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/ekf.h"
#include "hil/firmware/core/guarded.h"
#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/retained.h"
#include "hil/firmware/core/soh.h"

namespace packbench::firmware {

inline constexpr std::uint16_t kUnknownPercent = 0xFFFF;

class StateOfCharge {
 public:
  // The clock starts anew; what is known stays.
  void restart();
  // A new profile: charge that is known stays the same share of capacity; another capacity is another pack's health.
  void configure(const Profile& profile);
  void set(const Profile& profile, std::uint32_t soc_pctpct);
  void step(std::uint64_t now_us, std::uint32_t dt_us, const Profile& profile, const Measurement& measurement,
            const Summary& summary, DefectSet defects);

  // What outlives a reset. `save` fills only the members that are about charge.
  bool known() const { return known_; }
  bool intact() const { return charge_.intact(); }
  void save(ChargeMemory& memory) const;
  void restore(const ChargeMemory& memory);
  // A bit of the count has flipped: what was saved is taken, or else nothing is known.
  void recover(const ChargeMemory* memory);
  std::int64_t charge_mA_us() const { return charge_.get(); }

  std::uint16_t soc_pctpct(const Profile& profile) const;  // as reported
  std::uint16_t ocv_soc_pctpct() const { return ocv_soc_pctpct_; }
  bool stepping() const { return stepping_; }
  bool full() const { return full_; }  // since the full anchor, until 2 % have been taken
  const Health& health() const { return health_; }
  const ChargeFilter& filter() const { return filter_; }
  template <typename List>
  void variables(List& list) {
    charge_.variables(list, "charge");
  }

 private:
  void observe(const Profile& profile, const Measurement& measurement, const Summary& summary, DefectSet defects);
  void count(std::uint32_t dt_us, const Profile& profile, std::int32_t current_mA, DefectSet defects);
  void anchor(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA, const Summary& summary,
              DefectSet defects);
  void read_ocv(std::uint64_t now_us, const Profile& profile, std::int32_t current_mA, const Summary& summary);
  void report(const Profile& profile, std::int32_t current_mA, DefectSet defects);
  void put(std::int64_t charge_mA_us, float sigma);
  void rest_filter(const Profile& profile, std::int32_t current_mA);
  std::int64_t capacity_mA_us(const Profile& profile) const;
  std::int64_t share_mA_us(const Profile& profile, std::int32_t soc_pctpct) const;
  float soc(const Profile& profile) const;
  std::int32_t counted_pctpct(const Profile& profile) const;

  Guarded charge_;
  bool known_ = false, restored_ = false, has_reported_ = false;
  bool counted_out_ = false, stepping_ = false, full_ = false, has_seen_ = false;
  bool at_full_ = false, at_empty_ = false;  // an anchor holds
  std::int32_t nominal_mAh_ = 0;             // of the profile that the charge belongs to
  std::int32_t reported_pctpct_ = 0, mean_mA_q8_ = 0;
  std::uint64_t seen_us_ = 0;
  std::uint16_t ocv_soc_pctpct_ = kUnknownPercent;
  bool filling_ = false, emptying_ = false, resting_ = false;
  std::uint64_t filling_since_us_ = 0, emptying_since_us_ = 0, resting_since_us_ = 0;
  ChargeFilter filter_;
  Health health_;
};

// The profile's OCV table read backwards; kUnknownPercent when it has no points.
std::uint16_t soc_of_ocv(const Profile& profile, std::int32_t ocv_dmV);

}  // namespace packbench::firmware
