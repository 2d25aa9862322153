// Registers of the STM32F405 that the image uses, with the names and addresses of RM0090.
#pragma once

#include <cstddef>

#include "hil/firmware/board/cortexm/mmio.h"
#include "hil/firmware/board/drivers/gpio.h"
#include "hil/firmware/board/drivers/iwdg.h"
#include "hil/firmware/board/drivers/usart_v1.h"

namespace packbench::firmware::stm32f405 {

// Reset and clock control, RM0090 7.3.
struct RccRegisters {
  Register CR, PLLCFGR, CFGR;
  Register reserved_0C[9];
  Register AHB1ENR;
  Register reserved_34[4];
  Register APB2ENR;
  Register reserved_48[11];
  Register CSR;
};
static_assert(offsetof(RccRegisters, AHB1ENR) == 0x30 && offsetof(RccRegisters, APB2ENR) == 0x44);
static_assert(offsetof(RccRegisters, CSR) == 0x74);

inline constexpr std::uint32_t kCrPllon = 1u << 24, kCrPllrdy = 1u << 25;
inline constexpr std::uint32_t kCfgrSw = 3u << 0, kCfgrSwPll = 2u << 0, kCfgrSws = 3u << 2, kCfgrSwsPll = 2u << 2;
inline constexpr std::uint32_t kCfgrApb1By4 = 5u << 10, kCfgrApb2By2 = 4u << 13;
inline constexpr std::uint32_t kCsrRmvf = 1u << 24, kCsrBor = 1u << 25, kCsrPin = 1u << 26, kCsrPor = 1u << 27,
                               kCsrSoftware = 1u << 28, kCsrIwdg = 1u << 29, kCsrWwdg = 1u << 30;
inline constexpr std::uint32_t kAhb1Gpioa = 1u << 0, kAhb1Gpiob = 1u << 1, kApb2Usart1 = 1u << 4;

inline RccRegisters& rcc() { return *reinterpret_cast<RccRegisters*>(0x40023800u); }
inline Register& flash_acr() { return *reinterpret_cast<Register*>(0x40023C00u); }  // RM0090 3.9.1
inline GpioRegisters& gpioa() { return *reinterpret_cast<GpioRegisters*>(0x40020000u); }
inline GpioRegisters& gpiob() { return *reinterpret_cast<GpioRegisters*>(0x40020400u); }
inline IwdgRegisters& iwdg() { return *reinterpret_cast<IwdgRegisters*>(0x40003000u); }
inline UsartV1Registers& usart1() { return *reinterpret_cast<UsartV1Registers*>(0x40011000u); }
static_assert(offsetof(UsartV1Registers, CR1) == 0x0C && offsetof(GpioRegisters, AFR) == 0x20);

inline constexpr unsigned kUsart1Interrupt = 37, kInterrupts = 82;  // RM0090 table 62

}  // namespace packbench::firmware::stm32f405
