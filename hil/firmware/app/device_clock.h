// The device's own clock beside the bench's: they agree until the device's oscillator drifts.
//
//   own(t) = own(t0) + (t - t0) (1 + drift), t0 the instant at which the drift last changed; in us, rounded towards t0
//
// Everything inside the device is timed by it: tasks, delays, the stamps of measurements, the charge that is counted.
#pragma once

#include <cstdint>

namespace packbench::firmware {

inline constexpr std::int32_t kMostDrift_ppm = 100'000;

class DeviceClock {
 public:
  // Both clocks say this. The drift goes on.
  void start(std::uint64_t bench_us) { since_us_ = own_since_us_ = bench_us; }
  void set_drift(std::int32_t drift_ppm, std::uint64_t bench_us) {
    own_since_us_ = own_us(bench_us);
    since_us_ = bench_us;
    drift_ppm_ = drift_ppm;
  }
  std::uint64_t own_us(std::uint64_t bench_us) const {
    if (bench_us <= since_us_) return own_since_us_ - (since_us_ - bench_us);
    const auto elapsed_us = static_cast<std::int64_t>(bench_us - since_us_);
    return own_since_us_ + static_cast<std::uint64_t>(elapsed_us + elapsed_us * drift_ppm_ / 1'000'000);
  }

 private:
  std::uint64_t since_us_ = 0, own_since_us_ = 0;
  std::int32_t drift_ppm_ = 0;
};

}  // namespace packbench::firmware
