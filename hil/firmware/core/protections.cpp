#include "hil/firmware/core/protections.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kForgetTrips_us = 600'000'000;

bool beyond(std::int32_t value, std::int32_t level, Direction direction) {
  if (level == kNoReading) return false;
  return direction == Direction::above ? value > level : value < level;
}

// The condition has held since `since` for at least delay.
bool held(bool holds, bool& before, std::uint64_t& since_us, std::uint64_t now_us, std::uint32_t delay_ms) {
  if (holds && !before) since_us = now_us;
  before = holds;
  return holds && now_us - since_us >= std::uint64_t{delay_ms} * 1000;
}

bool is_over_current(Fault fault) { return fault >= Fault::occ1 && fault <= Fault::short_circuit; }

bool never_trips(Fault fault, DefectSet defects) {
  return (fault == Fault::cell_ov && defects.has(Defect::no_cell_ov_trip)) ||
         (fault == Fault::cell_uv && defects.has(Defect::no_cell_uv_trip)) ||
         (fault == Fault::otc && defects.has(Defect::no_charge_overtemperature_trip)) ||
         (fault == Fault::ot_hard && defects.has(Defect::no_hard_overtemperature_trip)) ||
         (fault == Fault::utc && defects.has(Defect::no_cold_charge_trip)) ||
         (fault == Fault::comm_loss && defects.has(Defect::comm_loss_ignored)) ||
         (fault == Fault::contactor_weld && defects.has(Defect::weld_ignored)) ||
         (is_over_current(fault) && defects.has(Defect::no_overcurrent_trip));
}

// The row as the profile has it, or as a defect spoils it.
ProtectionRow spoiled(ProtectionRow row, Fault fault, DefectSet defects) {
  if (never_trips(fault, defects)) row.trip = kNoReading;
  if (fault == Fault::cell_ov && defects.has(Defect::cell_ov_early)) row.delay_ms = 0;
  if (fault == Fault::cell_ov && defects.has(Defect::cell_ov_late)) row.delay_ms *= 3;
  if (fault == Fault::cell_ov && defects.has(Defect::ov_threshold_high)) row.trip += 1'000;
  if (fault == Fault::cell_ov && defects.has(Defect::ov_threshold_low)) row.trip -= 200;
  if (fault == Fault::cell_uv && defects.has(Defect::cell_uv_early)) row.delay_ms = 0;
  if (fault == Fault::cell_uv && defects.has(Defect::uv_threshold_high)) row.trip += 2'000;
  if (fault == Fault::utc && defects.has(Defect::cold_threshold_high)) row.trip += 15'000;
  if (fault == Fault::comm_loss && defects.has(Defect::comm_loss_hasty)) row.trip = 200;
  if (row.release != kNoReading && defects.has(Defect::no_release_hysteresis)) {
    row.release = row.trip;
    row.release_delay_ms = 0;
  }
  return row;
}

Action action_of(const ProtectionRow& row, Fault fault, DefectSet defects) {
  const bool over_voltage = fault == Fault::cell_ov || fault == Fault::pack_ov;
  return over_voltage && defects.has(Defect::main_opens_on_ov) ? kOpenMain : row.action;
}

// Strictly inside the release level; where a row has none, no longer beyond its trip level.
bool inside_release(std::int32_t value, const ProtectionRow& row, Direction direction) {
  const std::int32_t level = row.release == kNoReading ? row.trip : row.release;
  return !beyond(value, level, direction) && (row.release == kNoReading || value != level);
}

}  // namespace

void Protections::reset() { *this = Protections{}; }

void Protections::trip(std::uint64_t now_us, Fault fault, const ProtectionRow& row) {
  Row& state = rows_[static_cast<int>(fault)];
  if (now_us - state.tripped_us > kForgetTrips_us) state.trips = 0;
  state.tripped_us = now_us;
  ++state.trips;
  if (faults_ == 0) first_fault_ = fault;
  has_first_fault_ = true;
  faults_ |= bit(fault);
  const std::uint8_t retries = kProtectionTable[static_cast<int>(fault)].retries;
  if (row.latched || (retries > 0 && state.trips > retries)) latched_ |= bit(fault);
}

void Protections::step_row(std::uint64_t now_us, Fault fault, const ProtectionRow& row,
                           const Observation& observation) {
  const ProtectionSpec& spec = kProtectionTable[static_cast<int>(fault)];
  Row& state = rows_[static_cast<int>(fault)];
  const std::int32_t value = spec.value(observation);
  if (value == kNoReading) {
    state.over = state.good = false;
    return;
  }
  const bool applies = spec.applies == nullptr || spec.applies(observation);
  const bool relieved = spec.relieved != nullptr && spec.relieved(observation);
  if (applies && beyond(value, row.warn, spec.direction)) warnings_ |= bit(fault);

  const bool over = applies && !relieved && beyond(value, row.trip, spec.direction);
  const bool good = relieved || (!over && inside_release(value, row, spec.direction));
  const bool trip_due = held(over, state.over, state.over_since_us, now_us, row.delay_ms);
  const bool release_due = held(good, state.good, state.good_since_us, now_us, row.release_delay_ms);
  if ((faults_ & bit(fault)) == 0) {
    if (trip_due) trip(now_us, fault, row);
  } else if (release_due && (latched_ & bit(fault)) == 0) {
    faults_ &= ~bit(fault);
  }
}

void Protections::collect_actions(const Profile& profile, DefectSet defects) {
  actions_ = actions_at_once_ = not_to_close_ = kOpenNone;
  for (int i = 0; i < kFaultCount; ++i) {
    const auto fault = static_cast<Fault>(i);
    const Action action = action_of(profile.rows[i], fault, defects);
    const bool tripped = (faults_ & bit(fault)) != 0;
    if (tripped) actions_ |= action;
    if (tripped && kProtectionTable[i].at_once) actions_at_once_ |= action;
    if (tripped || rows_[i].over) not_to_close_ |= action;
  }
}

void Protections::step(std::uint64_t now_us, const Profile& profile, const Observation& observation,
                       DefectSet defects) {
  warnings_ = 0;
  for (int i = 0; i < kFaultCount; ++i) {
    const auto fault = static_cast<Fault>(i);
    const bool watched = profile.rows[i].present && kProtectionTable[i].value != nullptr;
    const bool seen = observation.fresh || kProtectionTable[i].system;
    if (watched && seen) step_row(now_us, fault, spoiled(profile.rows[i], fault, defects), observation);
  }
  collect_actions(profile, defects);
}

FaultSet Protections::clear_latched() {
  for (int i = 0; i < kFaultCount; ++i) {
    const FaultSet fault = bit(static_cast<Fault>(i));
    if ((latched_ & fault) == 0 || !rows_[i].good) continue;
    latched_ &= ~fault;
    faults_ &= ~fault;
    rows_[i].trips = 0;
  }
  if (faults_ == 0) has_first_fault_ = false;
  return latched_;
}

}  // namespace packbench::firmware
