#include "hil/firmware/core/heat_rise.h"

namespace packbench::firmware {

bool HeatRise::rises(const Sample& past, const Sample& middle, const Measurement& now, const WatchRules& rules) const {
  const auto age_ms = static_cast<std::int64_t>((now.time_us - past.time_us) / 1000);
  for (int i = 0; i < now.temperatures; ++i) {
    const std::int32_t before = past.temperature_mdegC[i], after = now.temperature_mdegC[i];
    const std::int32_t between = middle.temperature_mdegC[i];
    const bool valid = valid_temperature(before) && valid_temperature(between) && valid_temperature(after);
    if (i + 1 == rules.board_sensor || !valid || before <= rules.runaway_above_mdegC) continue;
    const std::int64_t rise_mK = after - before;
    const std::int32_t part_mK = rules.runaway_rise_mK / 4;
    const bool steady = between - before > part_mK && after - between > part_mK;
    if (steady && rise_mK * rules.runaway_time_ms > rules.runaway_rise_mK * age_ms) return true;
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

// The newest sample of at least this age, and older than `newer`; null when there is none.
const HeatRise::Sample* HeatRise::sample_older_than(std::uint64_t time_us, const Sample* newer) const {
  for (const Sample* past = newer == nullptr ? past_ : newer + 1; past != past_ + kPast; ++past) {
    if (past->taken && past->time_us <= time_us) return past;
  }
  return nullptr;
}

void HeatRise::step(const Measurement& m, const WatchRules& rules) {
  runaway_ = false;
  const std::uint64_t time_us = static_cast<std::uint64_t>(rules.runaway_time_ms) * 1000;
  if (m.time_us >= time_us) {
    const Sample* const middle = sample_older_than(m.time_us - time_us / 2, nullptr);
    const Sample* const past = middle == nullptr ? nullptr : sample_older_than(m.time_us - time_us, middle);
    runaway_ = past != nullptr && rises(*past, *middle, m, rules);
  }
  remember(m, rules);
}

}  // namespace packbench::firmware
