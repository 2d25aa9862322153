// What outlives a reset of an emulated machine: the firmware's retained bytes, and its count of boots.
//
// Owned by the transport, so that it also outlives the process or object that the firmware is. A loss of power fills it
// with 0xA5, as RAM that comes up with anything in it, and the boots are counted from 1 again.
#pragma once

#include <algorithm>
#include <iterator>

#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/retained.h"

namespace packbench::hil {

struct RetainedMemory {
  firmware::Retained retained;
  std::uint32_t boots = 0;

  // Before each boot.
  void prepare(firmware::ResetReason reason) {
    if (reason == firmware::ResetReason::power_on || reason == firmware::ResetReason::brown_out) {
      std::ranges::fill(retained.bytes, std::uint8_t{0xA5});
      boots = 0;
    }
    ++boots;
  }
};

}  // namespace packbench::hil
