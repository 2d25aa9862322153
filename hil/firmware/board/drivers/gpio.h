// General-purpose pins: the same block in all chips here (RM0433 chapter 11, RM0090 chapter 8).
#pragma once

#include "hil/firmware/board/cortexm/mmio.h"

namespace packbench::firmware {

struct GpioRegisters {
  Register MODER, OTYPER, OSPEEDR, PUPDR, IDR, ODR, BSRR, LCKR, AFR[2];
};

inline void write_pin(GpioRegisters& port, unsigned pin, bool high) { port.BSRR = 1u << (high ? pin : pin + 16); }

// Low first, then output: the pin never drives high by accident.
inline void make_output(GpioRegisters& port, unsigned pin) {
  write_pin(port, pin, false);
  replace_bits(port.MODER, 3u << (2 * pin), 1u << (2 * pin));
}

inline void make_alternate(GpioRegisters& port, unsigned pin, std::uint32_t function) {
  const unsigned shift = 4 * (pin % 8);
  replace_bits(port.AFR[pin / 8], 0xFu << shift, function << shift);
  replace_bits(port.OSPEEDR, 3u << (2 * pin), 2u << (2 * pin));
  replace_bits(port.PUPDR, 3u << (2 * pin), 1u << (2 * pin));  // an open line reads as idle
  replace_bits(port.MODER, 3u << (2 * pin), 2u << (2 * pin));
}

}  // namespace packbench::firmware
