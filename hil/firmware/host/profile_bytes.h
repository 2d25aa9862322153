// The BMS profile as the bytes of CONFIG messages. Layout: hil/firmware/core/profile.h.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/language/bms_profile.h"

namespace packbench::firmware {

// Throws std::invalid_argument for a protection that the vocabulary does not know, for too many OCV points, and for a
// number that the wire cannot hold.
std::vector<std::uint8_t> encode_profile(const sim::BmsProfile& profile);

}  // namespace packbench::firmware
