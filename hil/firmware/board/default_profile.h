// The profile that an image starts with; the build writes it from scenarios/bms/lfp-15s-100ah.yaml. CONFIG replaces it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packbench::firmware {

extern const std::uint8_t kDefaultProfile[];
extern const std::size_t kDefaultProfileSize;

}  // namespace packbench::firmware
