// The part of a profile that is about watching: plausibility, sleep, and what the protections need besides their rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packbench::firmware {

// Every member has 32 bits; CONFIG carries them in this order. What each means: sim/language/bms_profile.h, BmsWatch.
struct WatchRules {
  std::int32_t high_current_mA = 0;         // above this a sagging cell ...
  std::uint32_t high_current_delay_ms = 0;  // ... is given this long (cell_uv)
  std::int32_t board_sensor = 0;            // 1 .. 8; 0: none
  std::int32_t imbalance_current_mA = 0, imbalance_loaded_warn_dmV = 0, plateau_low_dmV = 0, plateau_high_dmV = 0;
  std::int32_t stuck_current_mA = 0, stuck_samples = 0;
  std::int32_t step_current_mA = 0, step_dmV = 0, still_current_mA = 0, still_dmV = 0;
  std::int32_t runaway_rise_mK = 0, runaway_time_ms = 0, runaway_above_mdegC = 0;
  std::int32_t weld_current_mA = 0, break_current_mA = 0;
  std::uint32_t fuse_wait_ms = 0;
  std::int32_t short_bus_current_mA = 0;
  std::uint32_t short_bus_time_ms = 0;
  std::uint32_t sleep_after_ms = 0, sleep_undervoltage_ms = 0;
};
inline constexpr std::size_t kWatchRulesSize = 23 * 4;
static_assert(sizeof(WatchRules) == kWatchRulesSize);

}  // namespace packbench::firmware
