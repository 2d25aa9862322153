#include "hil/firmware/core/bms.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kShortestPeriod_us = 100'000;
constexpr int kFramesToStart = 3;

bool has(Action actions, Action one) { return (actions & one) != 0; }

}  // namespace

void Bms::boot(std::uint64_t now_us) {
  enabled_ = enabled_ && defects.has(Defect::closes_again_after_reset);
  emergency_stop_ = false;
  state_ = BmsState::init;
  measurement_ = Measurement{};
  seen_ = Observation{};
  now_us_ = now_us;
  good_frames_ = 0;
  protections_.reset();
  contactors_.reset(now_us);
  flow_.reset();
  soc_.restart();
  balancing_.reset();
}

void Bms::recall_charge(ResetReason reason) {
  soc_ = StateOfCharge{};
  keeper_.boot(reason, soc_, defects);
  if (configured_) soc_.configure(profile_);
}

void Bms::start_clock(std::uint64_t now_us) {
  now_us_ = now_us;
  contactors_.reset(now_us);
}

const char* Bms::configure(const Profile& profile) {
  if (outputs().main || outputs().charger || outputs().precharge) {
    return "A profile is taken only while all contactors are open.";
  }
  profile_ = profile;
  configured_ = true;
  soc_.configure(profile_);
  protections_.reset();
  measurement_ = Measurement{};
  seen_ = Observation{};
  good_frames_ = 0;
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
  seen_.summary =
      summarise(measurement_, defects.has(Defect::invalid_readings_used) ? Validity::any : Validity::checked);
  if (configured_) contactors_.check_feedback(profile_, measurement_, defects);
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
  seen_.emergency_stop = emergency_stop_;
  if (defects.has(Defect::cell_under_voltage_ignores_cell) && measurement_.cells > 1) {
    Measurement fewer = measurement_;
    --fewer.cells;
    seen_.summary.min_cell_dmV = summarise(fewer).min_cell_dmV;
  }
}

void Bms::task(std::uint64_t now_us) {
  now_us_ = now_us;
  if (!configured_) return;
  observe(now_us);
  protections_.step(now_us, profile_, seen_, defects);
  if (seen_.fresh) {
    if (outputs().main || outputs().charger) {
      flow_.step(now_us, measurement_.current_mA);
    } else {
      flow_.reset();
    }
    keeper_.step(now_us, profile_, soc_, defects);
    soc_.step(now_us, kTask_us, profile_, measurement_, seen_.summary, defects);
  }
  state_ = next_state(now_us);
  drive_main(now_us);
  drive_charger(now_us);
  const bool may_balance = seen_.fresh && protections_.faults() == 0 && state_ != BmsState::init;
  balancing_.step(now_us, profile_.charge, measurement_, seen_.summary, may_balance, defects);
}

FaultSet Bms::clear_latched() {
  emergency_stop_ = false;
  contactors_.forget_failed_precharges();
  if (!configured_) return 0;
  observe(now_us_);
  protections_.step(now_us_, profile_, seen_, defects);
  return protections_.clear_latched(defects);
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
  return BmsState::idle;
}

bool Bms::may_start() const { return good_frames_ >= kFramesToStart || defects.has(Defect::starts_unmeasured); }

bool Bms::may_precharge(std::uint64_t now_us) const {
  const bool paused = contactors_.failed_precharges() > 0 &&
                      now_us - contactors_.precharge_failed_us() < std::uint64_t{profile_.precharge_pause_ms} * 1000;
  const bool feedback_open =
      !measurement_.main_feedback && (!measurement_.charger_feedback || contactors_.outputs().charger);
  return enabled_ && seen_.fresh && !paused && (feedback_open || defects.has(Defect::closes_without_feedback_check)) &&
         !has(protections_.not_to_close(), kOpenMain);
}

BmsState Bms::next_state(std::uint64_t now_us) {
  if (protections_.latched() != 0) return BmsState::fault_latched;
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
  return contactors_.outputs().main ? running_state() : BmsState::standby;
}

bool Bms::operating() const {
  return enabled_ && state_ != BmsState::init && state_ != BmsState::standby && state_ != BmsState::precharge;
}

Opening Bms::opening_for(Action contactor) const {
  if (has(protections_.actions_at_once(), contactor) || defects.has(Defect::opens_under_load)) return Opening::at_once;
  if (defects.has(Defect::waits_without_load)) return Opening::after_wait;
  return defects.has(Defect::waits_for_zero_current_for_ever) ? Opening::without_current : Opening::soft;
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

void Bms::drive_charger(std::uint64_t now_us) {
  const bool charger = measurement_.charger_present || defects.has(Defect::charger_closes_without_charger);
  const bool wanted = enabled_ && state_ != BmsState::init && charger && !has(protections_.actions(), kOpenCharger);
  if (!wanted) {
    contactors_.open_charger(now_us, opening_for(kOpenCharger), profile_, measurement_);
    return;
  }
  const bool may_close = operating() && state_ != BmsState::fault_latched && seen_.fresh &&
                         !has(protections_.not_to_close(), kOpenCharger) &&
                         (protections_.warnings() & bit(Fault::cell_ov)) == 0;
  if (contactors_.outputs().charger || may_close) contactors_.close_charger(now_us);
}

LimitState Bms::limit_state() const { return {seen_.summary, soc_.known(), soc_.soc_pctpct(profile_), soc_.full()}; }

std::int32_t Bms::charge_limit_mA() const {
  if (!operating() || !seen_.fresh || has(protections_.actions(), kOpenCharger)) return 0;
  return firmware::charge_limit_mA(profile_, limit_state(), defects);
}

std::int32_t Bms::discharge_limit_mA() const {
  if (!outputs().main || !seen_.fresh || has(protections_.actions(), kOpenMain)) return 0;
  return firmware::discharge_limit_mA(profile_, limit_state(), defects);
}

}  // namespace packbench::firmware
