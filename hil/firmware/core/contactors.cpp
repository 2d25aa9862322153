#include "hil/firmware/core/contactors.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kSmallCurrent_mA = 500;

std::uint64_t us(std::uint32_t ms) { return std::uint64_t{ms} * 1000; }

bool small(std::int32_t current_mA) { return current_mA > -kSmallCurrent_mA && current_mA < kSmallCurrent_mA; }

bool bus_is_charged(const Profile& profile, const Measurement& m, DefectSet defects) {
  if (m.pack_dmV == kNoReading || m.bus_dmV == kNoReading || m.pack_dmV <= 0) return false;
  const std::int32_t below_dmV = m.pack_dmV - m.bus_dmV;
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
  const bool charged = measurement.time_us >= precharge_since_us_ && bus_is_charged(profile, measurement, defects);
  if (charged || defects.has(Defect::skip_precharge)) {
    drive(outputs_.main, main_, true, now_us);
    failed_precharges_ = 0;
    return true;
  }
  if (now_us - precharge_since_us_ < us(profile.precharge_timeout_ms)) return true;
  outputs_.precharge = false;
  precharge_failed_us_ = now_us;
  ++failed_precharges_;
  return false;
}

void Contactors::open(bool& output, Watch& watch, std::uint64_t now_us, Opening opening, const Profile& profile,
                      const Measurement& measurement) {
  if (!output) return;
  if (!watch.opening) watch.opening_since_us = now_us;
  watch.opening = true;
  const bool may_wait = opening == Opening::soft || opening == Opening::after_wait;
  const bool waited = may_wait && now_us - watch.opening_since_us >= us(profile.zero_current_wait_ms);
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

void Contactors::check_feedback(const Profile& profile, const Measurement& measurement, DefectSet defects) {
  const std::uint32_t delay_ms = defects.has(Defect::feedback_hasty) ? 0 : profile.feedback_delay_ms;
  check(outputs_.main, measurement.main_feedback, main_, delay_ms, measurement.time_us);
  check(outputs_.charger, measurement.charger_feedback, charger_, delay_ms, measurement.time_us);
}

namespace {
int larger(int a, int b) { return a > b ? a : b; }
}  // namespace

int Contactors::weld_frames() const {
  return larger(outputs_.main ? 0 : main_.disagreeing, outputs_.charger ? 0 : charger_.disagreeing);
}

int Contactors::no_close_frames() const {
  return larger(outputs_.main ? main_.disagreeing : 0, outputs_.charger ? charger_.disagreeing : 0);
}

}  // namespace packbench::firmware
