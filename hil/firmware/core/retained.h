// Memory that outlives a reset but not a loss of power: plain bytes at a fixed place, told from noise by a checksum.
//
// On a board it lies in a section that start-up code leaves alone; on the host whoever owns the firmware owns it too.
#pragma once

#include <cstdint>

namespace packbench::firmware {

struct Retained {
  alignas(8) std::uint8_t bytes[256];
};

}  // namespace packbench::firmware
