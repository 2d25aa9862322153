#include "hil/firmware/core/sleep.h"

namespace packbench::firmware {

void Sleep::reset(std::uint64_t now_us) {
  idle_since_us_ = empty_since_us_ = now_us;
  asleep_ = false;
}

void Sleep::step(std::uint64_t now_us, const WatchRules& rules, bool current_flows, bool empty) {
  if (current_flows) idle_since_us_ = now_us;
  if (current_flows || !empty) empty_since_us_ = now_us;
  asleep_ = asleep_ || now_us - idle_since_us_ >= std::uint64_t{rules.sleep_after_ms} * 1000 ||
            now_us - empty_since_us_ >= std::uint64_t{rules.sleep_undervoltage_ms} * 1000;
}

}  // namespace packbench::firmware
