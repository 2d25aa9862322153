// When the BMS goes to sleep to spare an idle or empty pack: after sleep_after without current and without a command,
// or after sleep_undervoltage in under-voltage without a charger. A command or a charger wakes it; the times start
// anew.
#pragma once

#include <cstdint>

#include "hil/firmware/core/watch_rules.h"

namespace packbench::firmware {

class Sleep {
 public:
  void reset(std::uint64_t now_us);
  void wake(std::uint64_t now_us) { reset(now_us); }
  void step(std::uint64_t now_us, const WatchRules& rules, bool current_flows, bool empty);
  bool asleep() const { return asleep_; }

 private:
  std::uint64_t idle_since_us_ = 0, empty_since_us_ = 0;
  bool asleep_ = false;
};

}  // namespace packbench::firmware
