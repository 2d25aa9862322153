#include "hil/firmware/core/soh.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kLeastSwing_pctpct = 6'000;
constexpr std::int32_t kCold_mdegC = 15'000;
constexpr std::int64_t kMA_us_per_mAh = 3'600'000'000;
constexpr std::int32_t kPulseCold_mdegC = 10'000, kPulseHot_mdegC = 40'000;
constexpr std::uint64_t kPulse_us = 10'000'000, kPulseLatest_us = 11'000'000;

std::int32_t size_of(std::int32_t value) { return value < 0 ? -value : value; }

}  // namespace

void Health::restore(std::int32_t learnt_mAh, std::uint16_t resistance_pctpct) {
  learnt_mAh_ = learnt_mAh > 0 ? learnt_mAh : 0;
  resistance_pctpct_ = resistance_pctpct;
}

std::uint16_t Health::capacity_pctpct(const Profile& profile) const {
  if (learnt_mAh_ <= 0 || profile.capacity_mAh <= 0) return 0;
  const std::int64_t pctpct = std::int64_t{learnt_mAh_} * 10'000 / profile.capacity_mAh;
  return static_cast<std::uint16_t>(pctpct > 10'000 ? 10'000 : pctpct);
}

void Health::anchor(const Profile& profile, std::int32_t soc_pctpct, const Summary& summary) {
  const bool warm = summary.min_temperature_mdegC != kNoReading && summary.min_temperature_mdegC >= kCold_mdegC;
  const std::int32_t swing = size_of(soc_pctpct - anchor_pctpct_);
  if (warm && anchor_pctpct_ >= 0 && swing >= kLeastSwing_pctpct) {
    const std::int64_t moved_mAh = (moved_mA_us_ < 0 ? -moved_mA_us_ : moved_mA_us_) / kMA_us_per_mAh;
    const auto seen_mAh = static_cast<std::int32_t>(moved_mAh * 10'000 / swing);
    const bool possible = seen_mAh > profile.capacity_mAh / 4 && seen_mAh < profile.capacity_mAh / 4 * 5;
    if (possible) learnt_mAh_ = learnt_mAh_ == 0 ? seen_mAh : learnt_mAh_ + (seen_mAh - learnt_mAh_) / 2;
  }
  anchor_pctpct_ = warm ? soc_pctpct : -1;
  moved_mA_us_ = 0;
}

void Health::learn_resistance(const Profile& profile, float ohm, const Summary& summary, float soc, bool charging) {
  if (summary.min_temperature_mdegC == kNoReading || summary.min_temperature_mdegC < kPulseCold_mdegC ||
      summary.max_temperature_mdegC > kPulseHot_mdegC) {
    return;
  }
  const ChargeRules& rules = profile.charge;
  const float mean_degC = static_cast<float>(summary.max_temperature_mdegC + summary.min_temperature_mdegC) * 0.5e-3f;
  const Resistances r = resistances(rules, soc, mean_degC, charging);
  const float expected_ohm = r.r0_ohm + r.r1_ohm * (1 - decay(1e4f / static_cast<float>(rules.tau1_ms))) +
                             r.r2_ohm * (1 - decay(1e4f / static_cast<float>(rules.tau2_ms)));
  const float share = ohm / expected_ohm;
  if (share < 0.3f || share > 5.0f) return;
  const auto seen = static_cast<std::int32_t>(share * 10'000.0f + 0.5f);
  const std::int32_t before = resistance_pctpct_ == 0 ? seen : resistance_pctpct_;
  resistance_pctpct_ = static_cast<std::uint16_t>(before + (seen - before) / 4);
}

void Health::pulse(const Profile& profile, const Measurement& m, const Summary& summary, float soc) {
  if (profile.charge.resistance_points == 0 || summary.mean_cell_dmV == kNoReading) return;
  const std::uint64_t held_us = m.time_us - level_since_us_;
  const std::int32_t step_mA = m.current_mA - level_mA_;
  if (size_of(step_mA) > profile.capacity_mAh / 20) {
    pulsing_ = size_of(step_mA) >= profile.capacity_mAh / 5 && held_us >= kPulse_us && last_dmV_ != kNoReading;
    before_mA_ = level_mA_;
    before_dmV_ = last_dmV_;
    level_mA_ = m.current_mA;
    level_since_us_ = m.time_us;
  } else if (pulsing_ && held_us >= kPulse_us) {
    pulsing_ = false;
    const float rise_V = static_cast<float>(summary.mean_cell_dmV - before_dmV_) * 1e-4f;
    const float rise_A = static_cast<float>(m.current_mA - before_mA_) * 1e-3f;
    const std::int32_t larger_mA = size_of(m.current_mA) > size_of(before_mA_) ? m.current_mA : before_mA_;
    const bool flat = !steep(profile, static_cast<float>(before_dmV_) * 1e-4f, 0);
    if (held_us <= kPulseLatest_us && flat) {
      learn_resistance(profile, rise_V / rise_A, summary, soc, larger_mA > 0);
    }
  }
  last_dmV_ = summary.mean_cell_dmV;
}

}  // namespace packbench::firmware
