// Registers of the STM32H753 that the image uses, with the names and addresses of RM0433.
#pragma once

#include <cstddef>

#include "hil/firmware/board/cortexm/mmio.h"
#include "hil/firmware/board/drivers/gpio.h"
#include "hil/firmware/board/drivers/iwdg.h"
#include "hil/firmware/board/drivers/usart_v2.h"

namespace packbench::firmware::stm32h753 {

// Reset and clock control, RM0433 8.7.
struct RccRegisters {
  Register CR, HSICFGR, CRRCR, CSICFGR, CFGR, reserved_14, D1CFGR, D2CFGR, D3CFGR, reserved_24, PLLCKSELR, PLLCFGR,
      PLL1DIVR;
  Register reserved_34[39];
  Register RSR, AHB3ENR, AHB1ENR, AHB2ENR, AHB4ENR, APB3ENR, APB1LENR, APB1HENR, APB2ENR, APB4ENR;
};
static_assert(offsetof(RccRegisters, PLLCKSELR) == 0x28 && offsetof(RccRegisters, RSR) == 0xD0);
static_assert(offsetof(RccRegisters, AHB4ENR) == 0xE0 && offsetof(RccRegisters, APB1LENR) == 0xE8);

inline constexpr std::uint32_t kCrHseon = 1u << 16, kCrHserdy = 1u << 17, kCrHsebyp = 1u << 18, kCrPll1on = 1u << 24,
                               kCrPll1rdy = 1u << 25;
inline constexpr std::uint32_t kCfgrSw = 7u << 0, kCfgrSwPll1 = 3u << 0, kCfgrSws = 7u << 3, kCfgrSwsPll1 = 3u << 3;
inline constexpr std::uint32_t kRsrRmvf = 1u << 16, kRsrBor = 1u << 21, kRsrPin = 1u << 22, kRsrPor = 1u << 23,
                               kRsrSoftware = 1u << 24, kRsrIwdg1 = 1u << 26, kRsrWwdg1 = 1u << 28;
inline constexpr std::uint32_t kAhb4Gpiob = 1u << 1, kAhb4Gpiod = 1u << 3, kAhb4Gpioe = 1u << 4;
inline constexpr std::uint32_t kApb1lUsart3 = 1u << 18;

// Power control, RM0433 6.8.
struct PwrRegisters {
  Register CR1, CSR1, CR2, CR3, CPUCR, reserved_14, D3CR;
};
static_assert(offsetof(PwrRegisters, D3CR) == 0x18);
inline constexpr std::uint32_t kCsr1Actvosrdy = 1u << 13, kCr3Ldoen = 1u << 1, kD3crVos1 = 3u << 14,
                               kD3crVosrdy = 1u << 13;

inline RccRegisters& rcc() { return *reinterpret_cast<RccRegisters*>(0x58024400u); }
inline PwrRegisters& pwr() { return *reinterpret_cast<PwrRegisters*>(0x58024800u); }
inline Register& flash_acr() { return *reinterpret_cast<Register*>(0x52002000u); }  // RM0433 4.9.1
inline GpioRegisters& gpiob() { return *reinterpret_cast<GpioRegisters*>(0x58020400u); }
inline GpioRegisters& gpiod() { return *reinterpret_cast<GpioRegisters*>(0x58020C00u); }
inline GpioRegisters& gpioe() { return *reinterpret_cast<GpioRegisters*>(0x58021000u); }
inline IwdgRegisters& iwdg1() { return *reinterpret_cast<IwdgRegisters*>(0x58004800u); }
inline UsartV2Registers& usart3() { return *reinterpret_cast<UsartV2Registers*>(0x40004800u); }
static_assert(offsetof(UsartV2Registers, TDR) == 0x28 && offsetof(GpioRegisters, AFR) == 0x20);

inline constexpr unsigned kUsart3Interrupt = 39, kInterrupts = 150;           // RM0433 table 147
inline constexpr std::uint32_t kUniqueIdAt = 0x1FF1E800, kUniqueIdWords = 3;  // RM0433 61.1

}  // namespace packbench::firmware::stm32h753
