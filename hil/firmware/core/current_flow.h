// Which way current flows, with hold times so that it does not flap (domain thresholds): charging or discharging from
// 0.5 A held for 1 s, none again below 0.2 A held for 5 s.
#pragma once

#include <cstdint>

namespace packbench::firmware {

enum class Flow : std::uint8_t { none, charging, discharging };

class CurrentFlow {
 public:
  void reset() { *this = CurrentFlow{}; }
  void step(std::uint64_t now_us, std::int32_t current_mA);
  Flow flow() const { return flow_; }

 private:
  Flow flow_ = Flow::none, candidate_ = Flow::none;
  std::uint64_t since_us_ = 0;
};

}  // namespace packbench::firmware
