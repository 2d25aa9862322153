#include "hil/firmware/core/current_flow.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kFlows_mA = 500, kRests_mA = 200;
constexpr std::uint64_t kFlowHold_us = 1'000'000, kRestHold_us = 5'000'000;

// What the current says by itself; between the two thresholds it says nothing new.
Flow seen(std::int32_t current_mA, Flow before) {
  if (current_mA >= kFlows_mA) return Flow::charging;
  if (current_mA <= -kFlows_mA) return Flow::discharging;
  if (current_mA < kRests_mA && current_mA > -kRests_mA) return Flow::none;
  return before;
}

}  // namespace

void CurrentFlow::step(std::uint64_t now_us, std::int32_t current_mA) {
  const Flow now = seen(current_mA, flow_);
  if (now != candidate_) {
    candidate_ = now;
    since_us_ = now_us;
  }
  const std::uint64_t hold_us = now == Flow::none ? kRestHold_us : kFlowHold_us;
  if (candidate_ != flow_ && now_us - since_us_ >= hold_us) flow_ = candidate_;
}

}  // namespace packbench::firmware
