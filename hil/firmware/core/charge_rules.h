// The part of a profile that is about charge: the cell model behind the state of charge, balancing, dead band.
#pragma once

#include <cstdint>

namespace packbench::firmware {

struct ChargeRules {
  std::int32_t dead_band_mA = 0;  // currents smaller than this do not count
};

}  // namespace packbench::firmware
