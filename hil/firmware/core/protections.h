// The protections engine: every protection is a row of the profile run through the same few rules.
//
//   warn     value beyond `warn` for `warn_delay`, while it lasts
//   trip     value beyond `trip` for `delay`; counted from the first task that saw it
//   release  value inside `release` (or the fault relieved by current the other way) for `release_delay`
//   latch    a latched row, or a row whose automatic releases are used up, stays until clear_latched() with its cause
//   gone
//
// "Beyond" is strict: a value equal to a threshold has not passed it. A value that is not there holds everything as it
// is. Releases are counted anew after ten minutes without a trip.
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/protection_table.h"

namespace packbench::firmware {

class Protections {
 public:
  void reset();
  void step(std::uint64_t now_us, const Profile& profile, const Observation& observation, DefectSet defects);

  // Ends latched faults whose cause is gone. The rest of them is returned.
  FaultSet clear_latched(DefectSet defects);

  FaultSet faults() const { return faults_; }  // tripped and not yet released, latched ones among them
  FaultSet latched() const { return latched_; }
  FaultSet warnings() const { return warnings_; }
  bool has_first_fault() const { return has_first_fault_; }
  Fault first_fault() const { return first_fault_; }  // of the latest episode of faults

  Action actions() const { return actions_; }                  // union over the tripped protections
  Action actions_at_once() const { return actions_at_once_; }  // of those that do not wait for zero current
  Action not_to_close() const { return not_to_close_; }  // and of those beyond their trip level, delay not yet over

  template <typename List>
  void variables(List& list) {
    list.add("faults", faults_);
    list.add("latched_faults", latched_);
  }

 private:
  struct Row {
    bool warned = false, over = false, good = false;
    std::uint64_t warned_since_us = 0, over_since_us = 0, good_since_us = 0, tripped_us = 0;
    int trips = 0;
  };

  void step_row(std::uint64_t now_us, Fault fault, const ProtectionRow& row, const Observation& observation,
                DefectSet defects);
  void trip(std::uint64_t now_us, Fault fault, const ProtectionRow& row, DefectSet defects);
  bool may_release(Fault fault, DefectSet defects) const;
  void collect_actions(const Profile& profile, DefectSet defects);

  Row rows_[kFaultCount];
  FaultSet faults_ = 0, latched_ = 0, warnings_ = 0;
  Action actions_ = 0, actions_at_once_ = 0, not_to_close_ = 0;
  Fault first_fault_ = Fault::cell_ov;
  bool has_first_fault_ = false;
};

}  // namespace packbench::firmware
