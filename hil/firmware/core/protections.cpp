#include "hil/firmware/core/protections.h"

#include "hil/firmware/core/row_defects.h"

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

// Strictly inside the release level; where a row has none, no longer beyond its trip level.
bool inside_release(std::int32_t value, const ProtectionRow& row, Direction direction) {
  const std::int32_t level = row.release == kNoReading ? row.trip : row.release;
  return !beyond(value, level, direction) && (row.release == kNoReading || value != level);
}

}  // namespace

void Protections::reset() { *this = Protections{}; }

void Protections::trip(std::uint64_t now_us, Fault fault, const ProtectionRow& row, DefectSet defects) {
  Row& state = rows_[static_cast<int>(fault)];
  if (now_us - state.tripped_us > kForgetTrips_us) state.trips = 0;
  state.tripped_us = now_us;
  ++state.trips;
  if (faults_ == 0 || defects.has(Defect::first_fault_overwritten)) first_fault_ = fault;
  has_first_fault_ = true;
  faults_ |= bit(fault);
  const std::uint8_t retries = kProtectionTable[static_cast<int>(fault)].retries;
  const bool used_up = retries > 0 && state.trips > retries && !defects.has(Defect::overcurrent_never_latches);
  if (row.latched || used_up) latched_ |= bit(fault);
}

bool Protections::may_release(Fault fault, DefectSet defects) const {
  if (defects.has(Defect::faults_never_release)) return false;
  return (latched_ & bit(fault)) == 0 || defects.has(Defect::latched_faults_release);
}

void Protections::step_row(std::uint64_t now_us, Fault fault, const ProtectionRow& row, const Observation& observation,
                           DefectSet defects) {
  const ProtectionSpec& spec = kProtectionTable[static_cast<int>(fault)];
  Row& state = rows_[static_cast<int>(fault)];
  const std::int32_t value = spec.value(observation);
  if (value == kNoReading) {
    state.warned = state.over = state.good = false;
    return;
  }
  const bool applies = spec.applies == nullptr || spec.applies(observation);
  const bool relieved = spec.relieved != nullptr && spec.relieved(observation);
  const bool warned = applies && beyond(value, row.warn, spec.direction);
  if (held(warned, state.warned, state.warned_since_us, now_us, row.warn_delay_ms)) warnings_ |= bit(fault);

  const bool over = applies && !relieved && beyond(value, row.trip, spec.direction);
  const bool good = relieved || (!over && inside_release(value, row, spec.direction));
  const bool trip_due = held(over, state.over, state.over_since_us, now_us, row.delay_ms);
  const bool release_due = held(good, state.good, state.good_since_us, now_us, row.release_delay_ms);
  if ((faults_ & bit(fault)) == 0) {
    if (trip_due) trip(now_us, fault, row, defects);
  } else if (release_due && may_release(fault, defects)) {
    faults_ &= ~bit(fault);
    latched_ &= ~bit(fault);
  }
}

void Protections::collect_actions(const Profile& profile, DefectSet defects) {
  actions_ = actions_at_once_ = not_to_close_ = kOpenNone;
  for (int i = 0; i < kFaultCount; ++i) {
    const auto fault = static_cast<Fault>(i);
    if ((faults_ & bit(fault)) == 0 && !rows_[i].over) continue;
    const Action action = spoiled_action(profile.rows[i].action, fault, defects);
    const bool tripped = (faults_ & bit(fault)) != 0;
    if (tripped) actions_ |= action;
    if (tripped && kProtectionTable[i].at_once) actions_at_once_ |= action;
    not_to_close_ |= action;
  }
}

void Protections::step(std::uint64_t now_us, const Profile& profile, const Observation& observation,
                       DefectSet defects) {
  const bool sound = defects.none();
  warnings_ = 0;
  for (int i = 0; i < kFaultCount; ++i) {
    const auto fault = static_cast<Fault>(i);
    const ProtectionSpec& spec = kProtectionTable[i];
    const bool seen = observation.fresh || spec.on_silence;
    if (!profile.rows[i].present || !seen) continue;
    if (sound && spec.adjust == nullptr) {
      step_row(now_us, fault, profile.rows[i], observation, defects);
      continue;
    }
    ProtectionRow row = spoiled(profile.rows[i], fault, defects);
    if (spec.adjust != nullptr && !adjusts_not(fault, defects)) spec.adjust(row, profile.watch, observation);
    step_row(now_us, fault, row, observation, defects);
  }
  collect_actions(profile, defects);
}

FaultSet Protections::clear_latched(DefectSet defects) {
  for (int i = 0; i < kFaultCount; ++i) {
    const FaultSet fault = bit(static_cast<Fault>(i));
    const bool gone = rows_[i].good || defects.has(Defect::clears_latched_with_cause);
    if ((latched_ & fault) == 0 || !gone) continue;
    latched_ &= ~fault;
    faults_ &= ~fault;
    rows_[i] = Row{};
  }
  if (faults_ == 0) has_first_fault_ = false;
  return latched_;
}

}  // namespace packbench::firmware
