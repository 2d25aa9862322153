// The BMS itself: measurements and commands in, contactor outputs out, one task every 10 ms. Knows no wire and no
// clock.
//
//   INIT           -> STANDBY       a profile and three valid measurements in a row
//   STANDBY        -> PRECHARGE     enabled, nothing that would open main (not even within its delay), feedback open
//   PRECHARGE      -> IDLE          contactors.h; a failed try goes back to STANDBY for the profile's pause
//   IDLE <-> CHARGING, DISCHARGING  current_flow.h
//   any            -> FAULT         a protection tripped; FAULT_LATCHED when one of them latches
//   FAULT          -> IDLE ...      all released and main stayed closed; with main open -> STANDBY, which closes again
//   by
//                                   itself while enabled
//   any            -> STANDBY       disabled
//
// In FAULT the contactors follow the union of the actions of the tripped protections: over-voltage leaves main closed,
// under-voltage leaves the charger contactor free to close. The charger contactor closes only with a charger present
// and nothing that would open it, and below the over-voltage warning.
#pragma once

#include "hil/firmware/core/balancing.h"
#include "hil/firmware/core/contactors.h"
#include "hil/firmware/core/current_flow.h"
#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/protections.h"
#include "hil/firmware/core/soc.h"

namespace packbench::firmware {

inline constexpr std::uint32_t kTask_us = 10'000;

class Bms {
 public:
  // Start of the program: outputs open, INIT. Profile and state of charge survive in retained memory.
  void boot(std::uint64_t now_us);
  // The time of boot when it becomes known only afterwards, before the first task: contactors that were closed until
  // then still have their time to open.
  void start_clock(std::uint64_t now_us);

  // Null, or why the profile is not taken.
  const char* configure(const Profile& profile);
  bool configured() const { return configured_; }

  // A measurement newer than the one in force.
  void measure(const Measurement& measurement);
  void task(std::uint64_t now_us);

  void enable() { enabled_ = true; }
  void disable() { enabled_ = false; }
  void emergency_stop() { emergency_stop_ = true; }
  void set_soc(std::uint32_t soc_pctpct) { soc_.set(profile_, soc_pctpct); }
  // Faults that stay latched because their cause is still there.
  FaultSet clear_latched();
  // Time between measurements, when it is known to be longer than 100 ms.
  void set_period(std::uint64_t period_us);

  BmsState state() const { return state_; }
  const Outputs& outputs() const { return contactors_.outputs(); }
  std::uint32_t bleed() const { return balancing_.bleed(); }
  const Protections& protections() const { return protections_; }
  const Measurement& measurement() const { return measurement_; }
  int cells() const { return profile_.cells; }
  std::uint16_t soc_pctpct() const { return soc_.soc_pctpct(profile_); }
  std::uint16_t ocv_soc_pctpct() const { return soc_.ocv_soc_pctpct(); }
  std::int32_t charge_limit_mA() const;
  std::int32_t discharge_limit_mA() const;

  DefectSet defects;

  // Names for what can be aimed at in memory: app/variables.h.
  template <typename List>
  void variables(List& list) {
    list.add("state", state_);
    list.add("enabled_on", enabled_);
    list.add("cell_voltages", measurement_.cell_dmV);
    list.add("temperatures", measurement_.temperature_mdegC);
    list.add("pack_current", measurement_.current_mA);
    list.add("pack_voltage", measurement_.pack_dmV);
    list.add("capacity", profile_.capacity_mAh);
    list.add("cell_ov_trip", profile_.rows[static_cast<int>(Fault::cell_ov)].trip);
    list.add("cell_uv_trip", profile_.rows[static_cast<int>(Fault::cell_uv)].trip);
    contactors_.variables(list);
    protections_.variables(list);
    soc_.variables(list);
  }

 private:
  void observe(std::uint64_t now_us);
  BmsState next_state(std::uint64_t now_us);
  BmsState running_state() const;
  bool may_precharge(std::uint64_t now_us) const;
  bool operating() const;
  void drive_main(std::uint64_t now_us);
  void drive_charger(std::uint64_t now_us);

  Profile profile_;
  bool configured_ = false, enabled_ = false, emergency_stop_ = false;
  BmsState state_ = BmsState::init;
  Measurement measurement_;
  Observation seen_;
  std::uint64_t now_us_ = 0, period_us_ = 100'000;
  int good_frames_ = 0;
  Protections protections_;
  Contactors contactors_;
  CurrentFlow flow_;
  StateOfCharge soc_;
  Balancing balancing_;
};

}  // namespace packbench::firmware
