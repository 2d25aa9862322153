// The BMS profile as the bytes of CONFIG messages, and its checksum.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/language/bms_profile.h"

namespace packbench::firmware {

std::vector<std::uint8_t> encode_profile(const sim::BmsProfile& profile);

}  // namespace packbench::firmware
