// The clock tree of the NUCLEO-H753ZI.
//
//   HSE 8 MHz (from the ST-LINK, bypass) / 4 -> 2 MHz x 400 -> 800 MHz / 2 -> 400 MHz processor (voltage scale 1)
//   / 2 -> 200 MHz AXI and AHB / 2 -> 100 MHz each APB
// Every wait is bounded. When one runs out the chip stays on HSI, 64 MHz, with all dividers 1.
#pragma once

#include <cstdint>

namespace packbench::firmware::stm32h753 {

struct Clocks {
  std::uint32_t cpu_Hz, apb1_Hz;
  const char* trouble;  // null, or why it is HSI
};
Clocks start_clocks();

}  // namespace packbench::firmware::stm32h753
