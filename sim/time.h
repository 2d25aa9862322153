// Simulated time: integer nanoseconds since the start of the run. Nothing in sim/ reads a wall clock.
#pragma once

#include <cstdint>

namespace packbench::sim {

using TimeNs = std::int64_t;

inline constexpr TimeNs kMicrosecond = 1'000;
inline constexpr TimeNs kMillisecond = 1'000'000;
inline constexpr TimeNs kSecond = 1'000'000'000;

constexpr double to_seconds(TimeNs time) { return static_cast<double>(time) / 1e9; }

}  // namespace packbench::sim
