#include "hil/firmware/core/bms.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kShortestPeriod_us = 100'000;
constexpr int kFramesToStart = 3;
constexpr std::int32_t kServiceHours = 20;  // service charge with C/20
constexpr std::uint64_t kIdleBeforeBalancing_us = 2'000'000;

bool has(Action actions, Action one) { return (actions & one) != 0; }

}  // namespace

void Bms::boot(std::uint64_t now_us, ResetReason reason) {
  enabled_ = enabled_ && defects.has(Defect::closes_again_after_reset);
  emergency_stop_ = false;
  state_ = BmsState::init;
  after_watchdog_ = reason == ResetReason::watchdog && !defects.has(Defect::watchdog_reset_not_reported);
  now_us_ = now_us;
  forget_measurements();
  contactors_.reset(now_us);
  frames_.reset();
  flow_.reset();
  full_.reset();
  if (configured_ && !guard_.check(profile_)) profile_damaged_ = true;
  soc_.restart();
  balancing_.reset();
}

void Bms::forget_measurements() {
  measurement_ = Measurement{};
  seen_ = Observation{};
  good_frames_ = 0;
  service_asked_ = false;
  protections_.reset();
  wires_.reset();
  stuck_.reset();
  witness_.reset();
  heat_.reset();
  sleep_.reset(now_us_);
  waiting_since_us_ = now_us_;
}

void Bms::recall_charge(ResetReason reason) {
  soc_ = StateOfCharge{};
  keeper_.boot(reason);
  if (configured_) soc_.configure(profile_);
}

void Bms::start_clock(std::uint64_t now_us) {
  now_us_ = waiting_since_us_ = now_us;
  sleep_.reset(now_us);
  contactors_.reset(now_us);
}

const char* Bms::configure(const Profile& profile) {
  if (outputs().main || outputs().charger || outputs().precharge) {
    return "A profile is taken only while all contactors are open.";
  }
  profile_ = profile;
  configured_ = true;
  profile_damaged_ = false;
  guard_.take(profile_);
  soc_.configure(profile_);
  forget_measurements();
  state_ = BmsState::init;
  return nullptr;
}

void Bms::set_period(std::uint64_t period_us) {
  period_us_ = period_us > kShortestPeriod_us ? period_us : kShortestPeriod_us;
}

void Bms::measure(const Measurement& measurement) {
  const bool gap = measurement.time_us - measurement_.time_us > period_us_ * 3 / 2;
  good_frames_ = seen_.ever_measured && !gap ? good_frames_ + 1 : 1;
  seen_.ever_measured = true;
  measurement_ = measurement;
  const Validity validity = defects.has(Defect::invalid_readings_used) ? Validity::any : Validity::checked;
  const int board_sensor = defects.has(Defect::board_taken_for_cell) ? 0 : profile_.watch.board_sensor;
  seen_.summary = summarise(measurement_, board_sensor, wires_.judge(measurement_, defects), validity);
  if (configured_) weigh_evidence();
}

void Bms::weigh_evidence() {
  contactors_.check_feedback(profile_, measurement_, defects);
  stuck_.step(measurement_, profile_.watch);
  witness_.step(measurement_, profile_.watch);
  heat_.step(measurement_, profile_.watch);
}

// From the moment of the damage on nothing of the profile is believed any more.
void Bms::guard_profile() {
  if (!profile_damaged_ && (guard_.step(profile_) || defects.has(Defect::config_never_checked))) return;
  profile_damaged_ = true;
  profile_ = safe_profile();
  profile_.cells = measurement_.cells;
}

void Bms::observe(std::uint64_t now_us) {
  const std::uint64_t silence_us = now_us > measurement_.time_us ? now_us - measurement_.time_us : 0;
  if (silence_us > period_us_ * 3 / 2) good_frames_ = 0;
  const std::uint64_t silence_ms = silence_us * 100 / period_us_;
  seen_.measurement = &measurement_;
  seen_.silence_ms = silence_ms > 1'000'000 ? 1'000'000 : static_cast<std::int32_t>(silence_ms);
  seen_.fresh = seen_.ever_measured && (protections_.faults() & bit(Fault::comm_loss)) == 0;
  seen_.good_frames = good_frames_;
  seen_.failed_precharges = contactors_.failed_precharges();
  seen_.weld_frames = contactors_.weld_frames();
  seen_.no_close_frames = contactors_.no_close_frames();
  const std::uint64_t waiting_ms = (now_us - waiting_since_us_) / 1000;
  const bool waits = !defects.has(Defect::no_start_timeout);
  seen_.waiting_ms = !waits ? 0 : waiting_ms > 1'000'000 ? 1'000'000 : static_cast<std::int32_t>(waiting_ms);
  seen_.stuck_moves = stuck_.moves();
  seen_.contradictions = witness_.contradictions();
  seen_.runaway = heat_.runaway();
  seen_.damaged_frames = frames_.damaged();
  seen_.after_watchdog = after_watchdog_;
  seen_.profile_damaged = profile_damaged_;
  seen_.emergency_stop = emergency_stop_;
  if (defects.has(Defect::ntc_trips_only_with_none_left) && seen_.summary.valid_temperatures > 0) {
    seen_.summary.valid_temperatures = measurement_.temperatures;
  }
  if (defects.has(Defect::cell_under_voltage_ignores_cell) && measurement_.cells > 1) {
    Measurement fewer = measurement_;
    --fewer.cells;
    seen_.summary.min_cell_dmV = summarise(fewer).min_cell_dmV;
  }
}

void Bms::task(std::uint64_t now_us) {
  now_us_ = now_us;
  if (!configured_) return;
  guard_profile();
  observe(now_us);
  protections_.step(now_us, profile_, seen_, defects);
  if (seen_.fresh && !profile_damaged_) {
    step_flow(now_us);
    keeper_.step(now_us, profile_, soc_, defects);
    soc_.step(now_us, kTask_us, profile_, measurement_, seen_.summary, defects);
  }
  step_sleep(now_us);
  state_ = next_state(now_us);
  drive_main(now_us);
  drive_charger(now_us);
  const bool awake = state_ != BmsState::init && state_ != BmsState::sleep;
  const bool may_balance = seen_.fresh && protections_.faults() == 0 && awake;
  balancing_.step(now_us, profile_.charge, measurement_, seen_.summary, may_balance, defects);
}

void Bms::step_flow(std::uint64_t now_us) {
  if (outputs().main || outputs().charger) {
    flow_.step(now_us, measurement_.current_mA);
  } else {
    flow_.reset();
  }
  full_.step(now_us, profile_, measurement_, seen_.summary, flow_.flow());
}

void Bms::step_sleep(std::uint64_t now_us) {
  constexpr FaultSet kEmpty = bit(Fault::cell_uv) | bit(Fault::pack_uv);
  const bool charger = measurement_.charger_present && !defects.has(Defect::never_wakes);
  if (charger && sleep_.asleep()) sleep_.wake(now_us);
  const bool busy = flow_.flow() != Flow::none || charger || !seen_.fresh || defects.has(Defect::never_sleeps);
  sleep_.step(now_us, profile_.watch, busy, (protections_.faults() & kEmpty) != 0);
}

FaultSet Bms::clear_latched() {
  emergency_stop_ = false;
  after_watchdog_ = false;
  sleep_.wake(now_us_);
  contactors_.forget_failed_precharges();
  witness_.reset();
  if (!configured_) return 0;
  observe(now_us_);
  protections_.step(now_us_, profile_, seen_, defects);
  const FaultSet stay = protections_.clear_latched(defects);
  service_asked_ = stay == bit(Fault::cell_uv_hard);
  return stay;
}

BmsState Bms::running_state() const {
  switch (flow_.flow()) {
    case Flow::charging:
      return BmsState::charging;
    case Flow::discharging:
      return BmsState::discharging;
    case Flow::none:
      break;
  }
  return balancing_.active() && now_us_ - idle_since_us_ >= kIdleBeforeBalancing_us ? BmsState::balancing
                                                                                    : BmsState::idle;
}

bool Bms::may_start() const {
  if (defects.has(Defect::starts_unmeasured)) return true;
  return good_frames_ >= kFramesToStart &&
         (seen_.summary.missing_cells == 0 || defects.has(Defect::starts_with_invalid_cells));
}

bool Bms::may_precharge(std::uint64_t now_us) const {
  const bool paused = contactors_.failed_precharges() > 0 &&
                      now_us - contactors_.precharge_failed_us() < std::uint64_t{profile_.precharge_pause_ms} * 1000;
  const bool feedback_open =
      !measurement_.main_feedback && (!measurement_.charger_feedback || contactors_.outputs().charger);
  const std::int32_t small_mA = profile_.watch.weld_current_mA, flows_mA = measurement_.current_mA;
  const bool no_current = flows_mA >= -small_mA && flows_mA <= small_mA;
  const bool may_flow = contactors_.outputs().charger || defects.has(Defect::closes_with_current);
  return enabled_ && seen_.fresh && !paused && (no_current || may_flow) &&
         (feedback_open || defects.has(Defect::closes_without_feedback_check)) &&
         !has(protections_.not_to_close(), kOpenMain);
}

BmsState Bms::next_state(std::uint64_t now_us) {
  if (protections_.latched() != 0) return BmsState::fault_latched;
  if (sleep_.asleep() && state_ != BmsState::init && state_ != BmsState::precharge) return BmsState::sleep;
  if (protections_.faults() != 0) return BmsState::fault;
  if (state_ == BmsState::init) return may_start() ? BmsState::standby : BmsState::init;
  if (!enabled_) return BmsState::standby;
  if (state_ == BmsState::standby) {
    if (!may_precharge(now_us)) return BmsState::standby;
    contactors_.start_precharge(now_us);
    return BmsState::precharge;
  }
  if (state_ == BmsState::precharge) {
    if (!contactors_.outputs().main && has(protections_.not_to_close(), kOpenMain)) return BmsState::standby;
    if (contactors_.step_precharge(now_us, profile_, measurement_, defects)) return BmsState::precharge;
  }
  if (!contactors_.outputs().main) return BmsState::standby;
  const bool idle = state_ == BmsState::idle || state_ == BmsState::balancing;
  if (!idle || flow_.flow() != Flow::none) idle_since_us_ = now_us;
  return full_.full() && !defects.has(Defect::full_pack_charged_on) ? BmsState::full : running_state();
}

bool Bms::operating() const {
  return enabled_ && state_ != BmsState::init && state_ != BmsState::standby && state_ != BmsState::precharge &&
         state_ != BmsState::sleep;
}

// Charging a pack below its hard under-voltage, which was asked for by a command to clear and is ended by any other
// fault.
bool Bms::service_charge() const {
  constexpr FaultSet kEmpty = bit(Fault::cell_uv) | bit(Fault::pack_uv) | bit(Fault::cell_uv_hard);
  return service_asked_ && (protections_.faults() & ~kEmpty) == 0 && !defects.has(Defect::no_service_charge);
}

Opening Bms::opening_for(Action contactor) const {
  if (has(protections_.actions_at_once(), contactor) || defects.has(Defect::opens_under_load)) return Opening::at_once;
  if (defects.has(Defect::waits_without_load)) return Opening::after_wait;
  if (defects.has(Defect::waits_for_zero_current_for_ever)) return Opening::without_current;
  return defects.has(Defect::breaks_any_current) ? Opening::breaks_any : Opening::soft;
}

void Bms::drive_main(std::uint64_t now_us) {
  if (state_ == BmsState::precharge) return;
  contactors_.abort_precharge();
  if (operating() && !has(protections_.actions(), kOpenMain)) {
    contactors_.keep_main();
    return;
  }
  contactors_.open_main(now_us, opening_for(kOpenMain), profile_, measurement_);
}

bool Bms::charger_wanted() const {
  const bool charger = measurement_.charger_present || defects.has(Defect::charger_closes_without_charger);
  const bool awake = state_ != BmsState::init && state_ != BmsState::sleep && state_ != BmsState::full;
  return enabled_ && awake && charger && (service_charge() || !has(protections_.actions(), kOpenCharger));
}

void Bms::drive_charger(std::uint64_t now_us) {
  if (!charger_wanted()) {
    contactors_.open_charger(now_us, opening_for(kOpenCharger), profile_, measurement_);
    return;
  }
  const bool may_close = operating() && state_ != BmsState::fault_latched && seen_.fresh &&
                         !has(protections_.not_to_close(), kOpenCharger) &&
                         (protections_.warnings() & bit(Fault::cell_ov)) == 0;
  if (contactors_.outputs().charger || may_close || service_charge()) contactors_.close_charger(now_us);
}

// A pack that is not seen whole gives and takes half of what it could.
std::int32_t Bms::trusted(std::int32_t limit_mA) const {
  constexpr FaultSet kSuspicions = bit(Fault::v_stuck) | bit(Fault::i_stuck) | bit(Fault::sum_mismatch);
  const bool suspicious = (protections_.warnings() & kSuspicions) != 0;
  return suspicious && !defects.has(Defect::suspicion_keeps_limits) ? limit_mA / 2 : limit_mA;
}

LimitState Bms::limit_state() const { return {seen_.summary, soc_.known(), soc_.soc_pctpct(profile_), soc_.full()}; }

std::int32_t Bms::charge_limit_mA() const {
  if (service_charge() && outputs().charger) return profile_.capacity_mAh / kServiceHours;
  const bool refused = state_ == BmsState::full || has(protections_.actions(), kOpenCharger);
  if (!operating() || !seen_.fresh || refused) return 0;
  return trusted(firmware::charge_limit_mA(profile_, limit_state(), defects));
}

std::int32_t Bms::discharge_limit_mA() const {
  if (!outputs().main || !seen_.fresh || has(protections_.actions(), kOpenMain)) return 0;
  return trusted(firmware::discharge_limit_mA(profile_, limit_state(), defects));
}

}  // namespace packbench::firmware
