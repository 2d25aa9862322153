#include "hil/firmware/core/heat_rise.h"

namespace packbench::firmware {

bool HeatRise::rises(const Sample& past, const Measurement& now, const WatchRules& rules) const {
  const auto age_ms = static_cast<std::int64_t>((now.time_us - past.time_us) / 1000);
  for (int i = 0; i < now.temperatures; ++i) {
    const std::int32_t before = past.temperature_mdegC[i], after = now.temperature_mdegC[i];
    if (i + 1 == rules.board_sensor || !valid_temperature(before) || !valid_temperature(after)) continue;
    const std::int64_t rise_mK = after - before;
    if (before > rules.runaway_above_mdegC && rise_mK * rules.runaway_time_ms > rules.runaway_rise_mK * age_ms) {
      return true;
    }
  }
  return false;
}

void HeatRise::remember(const Measurement& m, const WatchRules& rules) {
  const std::uint64_t spacing_us = static_cast<std::uint64_t>(rules.runaway_time_ms) * 1000 / 6;
  if (past_[0].taken && m.time_us - past_[0].time_us < spacing_us) return;
  for (int i = kPast - 1; i > 0; --i) past_[i] = past_[i - 1];
  past_[0].time_us = m.time_us;
  past_[0].taken = true;
  for (int i = 0; i < kMaxTemperatures; ++i) {
    past_[0].temperature_mdegC[i] = i < m.temperatures ? m.temperature_mdegC[i] : kNoReading;
  }
}

void HeatRise::step(const Measurement& m, const WatchRules& rules) {
  runaway_ = false;
  const std::uint64_t time_us = static_cast<std::uint64_t>(rules.runaway_time_ms) * 1000;
  for (const Sample& past : past_) {
    if (!past.taken || m.time_us - past.time_us < time_us) continue;
    runaway_ = rises(past, m, rules);
    break;
  }
  remember(m, rules);
}

}  // namespace packbench::firmware
