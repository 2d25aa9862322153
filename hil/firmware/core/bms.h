// The BMS itself: measurements and commands in, contactor outputs out, one task every 10 ms. Knows no wire and no
// clock.
//
//   INIT           -> STANDBY       a profile and three measurements in a row with every cell valid
//   STANDBY        -> PRECHARGE     enabled, nothing that would open main (not even within its delay), feedback open,
//   no
//                                   current
//   PRECHARGE      -> IDLE          contactors.h; a failed try goes back to STANDBY for the profile's pause
//   IDLE <-> CHARGING, DISCHARGING  current_flow.h
//   IDLE <-> BALANCING              cells are bled, from two seconds after the last current on
//   any of these   -> FULL          full.h; ends with discharging
//   any            -> FAULT         a protection tripped; FAULT_LATCHED when one of them latches
//   FAULT          -> IDLE ...      all released and main stayed closed; with main open -> STANDBY, which closes again
//                                   by itself while enabled
//   any            -> STANDBY       disabled
//   any but latched -> SLEEP        sleep.h; a charger or a command leads back, and then the rules above
//
// In FAULT the contactors follow the union of the actions of the tripped protections: over-voltage leaves main closed,
// under-voltage leaves the charger contactor free to close. The charger contactor closes only with a charger present
// and nothing that would open it, below the over-voltage warning, and not for a full pack. A hard under-voltage keeps
// it open until a command to clear asks for service charge: closed then while only under-voltages are active.
#pragma once

#include "hil/firmware/core/balancing.h"
#include "hil/firmware/core/charge_keeper.h"
#include "hil/firmware/core/contactors.h"
#include "hil/firmware/core/current_flow.h"
#include "hil/firmware/core/current_witness.h"
#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/frame_errors.h"
#include "hil/firmware/core/full.h"
#include "hil/firmware/core/heat_rise.h"
#include "hil/firmware/core/limits.h"
#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/profile_guard.h"
#include "hil/firmware/core/protections.h"
#include "hil/firmware/core/sense_wires.h"
#include "hil/firmware/core/sleep.h"
#include "hil/firmware/core/soc.h"
#include "hil/firmware/core/stuck_cells.h"

namespace packbench::firmware {

inline constexpr std::uint32_t kTask_us = 10'000;

class Bms {
 public:
  // Memory that outlives a reset; null: there is none.
  void keep_charge_in(Retained* retained) { keeper_.use(retained); }
  // Start of the program: outputs open, INIT.
  void boot(std::uint64_t now_us, ResetReason reason = ResetReason::power_on);
  // After boot(): of the state of charge only what was kept in retained memory is still known.
  void recall_charge(ResetReason reason);
  // The time of boot when it becomes known only afterwards, before the first task: contactors that were closed until
  // then still have their time to open.
  void start_clock(std::uint64_t now_us);

  // Null, or why the profile is not taken.
  const char* configure(const Profile& profile);
  bool configured() const { return configured_; }

  // A measurement newer than the one in force.
  void measure(const Measurement& measurement);
  void task(std::uint64_t now_us);

  // A frame other than a tick that came, or that came damaged.
  void note_frame(bool damaged) { frames_.note(damaged); }

  // Every command wakes a sleeping BMS.
  void enable() { command(enabled_, true); }
  void disable() { command(enabled_, false); }
  void emergency_stop() { command(emergency_stop_, true); }
  void set_soc(std::uint32_t soc_pctpct) { soc_.set(profile_, soc_pctpct); }
  // Faults that stay latched because their cause is still there. Asks for service charge where only an under-voltage
  // stays.
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
  std::uint16_t soh_pctpct() const { return soc_.health().capacity_pctpct(profile_); }  // 0: not known
  const StateOfCharge& state_of_charge() const { return soc_; }
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
  void command(bool& flag, bool value) {
    flag = value;
    sleep_.wake(now_us_);
  }
  void forget_measurements();
  void weigh_evidence();
  void guard_profile();
  void observe(std::uint64_t now_us);
  void step_flow(std::uint64_t now_us);
  void step_sleep(std::uint64_t now_us);
  BmsState next_state(std::uint64_t now_us);
  BmsState running_state() const;
  bool may_start() const;
  bool may_precharge(std::uint64_t now_us) const;
  bool service_charge() const;
  bool charger_wanted() const;
  std::int32_t trusted(std::int32_t limit_mA) const;
  bool operating() const;
  Opening opening_for(Action contactor) const;
  LimitState limit_state() const;
  void drive_main(std::uint64_t now_us);
  void drive_charger(std::uint64_t now_us);

  Profile profile_;
  bool configured_ = false, enabled_ = false, emergency_stop_ = false;
  BmsState state_ = BmsState::init;
  Measurement measurement_;
  Observation seen_;
  std::uint64_t now_us_ = 0, period_us_ = 100'000;
  int good_frames_ = 0;
  bool after_watchdog_ = false, profile_damaged_ = false, service_asked_ = false;
  std::uint64_t waiting_since_us_ = 0, idle_since_us_ = 0;
  Protections protections_;
  Contactors contactors_;
  CurrentFlow flow_;
  StateOfCharge soc_;
  ChargeKeeper keeper_;
  Balancing balancing_;
  ProfileGuard guard_;
  FrameErrors frames_;
  SenseWires wires_;
  StuckCells stuck_;
  CurrentWitness witness_;
  HeatRise heat_;
  Full full_;
  Sleep sleep_;
};

}  // namespace packbench::firmware
