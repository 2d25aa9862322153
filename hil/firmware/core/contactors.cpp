#include "hil/firmware/core/contactors.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kSmallCurrent_mA = 500;

std::uint64_t us(std::uint32_t ms) { return std::uint64_t{ms} * 1000; }

bool small(std::int32_t current_mA) { return current_mA > -kSmallCurrent_mA && current_mA < kSmallCurrent_mA; }

bool bus_is_charged(const Profile& profile, const Measurement& m, DefectSet defects) {
  if (m.pack_dmV == kNoReading || m.bus_dmV == kNoReading || m.pack_dmV <= 0) return false;
  const std::int32_t below_dmV = m.pack_dmV - m.bus_dmV;
  if (m.current_mA != kNoReading && -m.current_mA > profile.watch.short_bus_current_mA) return false;
  if (defects.has(Defect::precharge_ends_early)) return m.bus_dmV >= m.pack_dmV / 2;
  return below_dmV < profile.precharge_delta_dmV || std::int64_t{m.bus_dmV} * 100 >= std::int64_t{m.pack_dmV} * 95;
}

}  // namespace

void Contactors::reset(std::uint64_t now_us) {
  *this = Contactors{};
  main_.changed_us = charger_.changed_us = now_us;
}

void Contactors::drive(bool& output, Watch& watch, bool closed, std::uint64_t now_us) {
  watch.opening = false;
  if (output == closed) return;
  output = closed;
  watch.changed_us = now_us;
  watch.disagreeing = 0;
}

void Contactors::start_precharge(std::uint64_t now_us) {
  outputs_.precharge = true;
  precharge_since_us_ = now_us;
}

bool Contactors::step_precharge(std::uint64_t now_us, const Profile& profile, const Measurement& measurement,
                                DefectSet defects) {
  if (outputs_.main) {
    outputs_.precharge = now_us - main_.changed_us < us(profile.feedback_delay_ms);
    return outputs_.precharge;
  }
  if (onto_short(now_us, profile, measurement) && !defects.has(Defect::precharges_into_short)) {
    fail_precharge(now_us, static_cast<int>(profile.precharge_tries));
    return false;
  }
  const bool charged = measurement.time_us >= precharge_since_us_ && bus_is_charged(profile, measurement, defects);
  if (charged || defects.has(Defect::skip_precharge)) {
    drive(outputs_.main, main_, true, now_us);
    failed_precharges_ = 0;
    return true;
  }
  if (now_us - precharge_since_us_ < us(profile.precharge_timeout_ms)) return true;
  fail_precharge(now_us, failed_precharges_ + 1);
  return false;
}

void Contactors::fail_precharge(std::uint64_t now_us, int failures) {
  outputs_.precharge = false;
  precharge_failed_us_ = now_us;
  failed_precharges_ = failures;
}

bool Contactors::onto_short(std::uint64_t now_us, const Profile& profile, const Measurement& m) const {
  const std::uint64_t due_us = precharge_since_us_ + us(profile.watch.short_bus_time_ms);
  if (now_us < due_us || m.time_us < due_us || m.bus_dmV == kNoReading || m.current_mA == kNoReading) return false;
  return -m.current_mA > profile.watch.short_bus_current_mA && std::int64_t{m.bus_dmV} * 10 < m.pack_dmV;
}

namespace {

std::uint64_t wait_us(Opening opening, const Profile& profile, std::int32_t current_mA) {
  const std::int32_t most_mA = profile.watch.break_current_mA;
  const bool too_much = current_mA > most_mA || (current_mA != kNoReading && -current_mA > most_mA);
  return us(too_much && opening != Opening::breaks_any ? profile.watch.fuse_wait_ms : profile.zero_current_wait_ms);
}

}  // namespace

void Contactors::open(bool& output, Watch& watch, std::uint64_t now_us, Opening opening, const Profile& profile,
                      const Measurement& measurement) {
  if (!output) return;
  if (!watch.opening) watch.opening_since_us = now_us;
  watch.opening = true;
  const std::uint64_t waits_us = wait_us(opening, profile, measurement.current_mA);
  const bool waited = opening != Opening::without_current && now_us - watch.opening_since_us >= waits_us;
  const bool without_load = opening != Opening::after_wait && small(measurement.current_mA);
  if (opening == Opening::at_once || waited || without_load) drive(output, watch, false, now_us);
}

void Contactors::open_main(std::uint64_t now_us, Opening opening, const Profile& profile,
                           const Measurement& measurement) {
  outputs_.precharge = false;
  open(outputs_.main, main_, now_us, opening, profile, measurement);
}

void Contactors::open_charger(std::uint64_t now_us, Opening opening, const Profile& profile,
                              const Measurement& measurement) {
  open(outputs_.charger, charger_, now_us, opening, profile, measurement);
}

void Contactors::close_charger(std::uint64_t now_us) { drive(outputs_.charger, charger_, true, now_us); }

void Contactors::check(bool output, bool feedback, Watch& watch, std::uint32_t delay_ms, std::uint64_t time_us) {
  const bool due = time_us >= watch.changed_us + us(delay_ms);
  watch.disagreeing = due && output != feedback ? watch.disagreeing + 1 : 0;
}

// Only where every contact has had its time to open.
bool Contactors::flows_through_open(const Profile& profile, const Measurement& m) const {
  const std::uint64_t later_us = main_.changed_us > charger_.changed_us ? main_.changed_us : charger_.changed_us;
  const bool open = !outputs_.main && !outputs_.charger && !outputs_.precharge;
  if (!open || m.time_us < later_us + us(profile.feedback_delay_ms) || m.current_mA == kNoReading) return false;
  return m.current_mA > profile.watch.weld_current_mA || -m.current_mA > profile.watch.weld_current_mA;
}

bool Contactors::bus_comes_back(const Measurement& m) {
  if (outputs_.main || outputs_.precharge || m.bus_dmV == kNoReading || m.pack_dmV == kNoReading) {
    bus_fell_ = false;
    return false;
  }
  if (std::int64_t{m.bus_dmV} * 10 < std::int64_t{m.pack_dmV} * 9) bus_fell_ = true;
  return bus_fell_ && std::int64_t{m.bus_dmV} * 100 >= std::int64_t{m.pack_dmV} * 98;
}

void Contactors::check_feedback(const Profile& profile, const Measurement& measurement, DefectSet defects) {
  const bool current = flows_through_open(profile, measurement) && !defects.has(Defect::weld_by_current_ignored);
  current_frames_ = current ? current_frames_ + 1 : 0;
  const bool bus = bus_comes_back(measurement) && !defects.has(Defect::weld_by_bus_ignored);
  bus_frames_ = bus ? bus_frames_ + 1 : 0;
  const std::uint32_t delay_ms = defects.has(Defect::feedback_hasty) ? 0 : profile.feedback_delay_ms;
  check(outputs_.main, measurement.main_feedback, main_, delay_ms, measurement.time_us);
  check(outputs_.charger, measurement.charger_feedback, charger_, delay_ms, measurement.time_us);
}

namespace {
int larger(int a, int b) { return a > b ? a : b; }
}  // namespace

int Contactors::weld_frames() const {
  const int feedback = larger(outputs_.main ? 0 : main_.disagreeing, outputs_.charger ? 0 : charger_.disagreeing);
  return larger(feedback, larger(current_frames_, bus_frames_));
}

int Contactors::no_close_frames() const {
  return larger(outputs_.main ? main_.disagreeing : 0, outputs_.charger ? charger_.disagreeing : 0);
}

}  // namespace packbench::firmware
