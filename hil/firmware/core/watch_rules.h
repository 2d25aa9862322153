// The part of a profile that is about watching: plausibility, sleep, and what the protections need besides their rows.
#pragma once

#include <cstdint>

namespace packbench::firmware {

struct WatchRules {
  std::int32_t high_current_mA = 0;         // above this a sagging cell ...
  std::uint32_t high_current_delay_ms = 0;  // ... is given this long (cell_uv)
};

}  // namespace packbench::firmware
