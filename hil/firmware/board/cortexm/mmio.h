// Registers as the processor sees them: volatile words, changed by whole reads and writes.
#pragma once

#include <cstdint>

namespace packbench::firmware {

using Register = volatile std::uint32_t;

inline void set_bits(Register& reg, std::uint32_t bits) { reg = reg | bits; }
inline void clear_bits(Register& reg, std::uint32_t bits) { reg = reg & ~bits; }
inline void replace_bits(Register& reg, std::uint32_t mask, std::uint32_t value) { reg = (reg & ~mask) | value; }

// Reads until the masked bits have this value, `tries` times at most. False: they never had.
inline bool wait_for(const Register& reg, std::uint32_t mask, std::uint32_t value, unsigned tries) {
  for (; tries > 0; --tries) {
    if ((reg & mask) == value) return true;
  }
  return false;
}

}  // namespace packbench::firmware
