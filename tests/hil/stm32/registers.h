// Addresses for the tests, with the names of RM0433.
#pragma once

#include <cstdint>

namespace packbench::hil::stm32 {

inline constexpr std::uint32_t kRcc = 0x58024400, RCC_CR = kRcc, RCC_CFGR = kRcc + 0x10, RCC_D1CFGR = kRcc + 0x18,
                               RCC_D2CFGR = kRcc + 0x1C, RCC_PLLCKSELR = kRcc + 0x28, RCC_PLLCFGR = kRcc + 0x2C,
                               RCC_PLL1DIVR = kRcc + 0x30, RCC_RSR = kRcc + 0xD0, RCC_AHB4ENR = kRcc + 0xE0,
                               RCC_APB1LENR = kRcc + 0xE8;
inline constexpr std::uint32_t PWR_CSR1 = 0x58024804, PWR_CR3 = 0x5802480C, PWR_D3CR = 0x58024818;
inline constexpr std::uint32_t FLASH_ACR = 0x52002000;
inline constexpr std::uint32_t IWDG1_KR = 0x58004800, IWDG1_PR = 0x58004804, IWDG1_RLR = 0x58004808;
inline constexpr std::uint32_t kGpioA = 0x58020000, kGpioB = 0x58020400, kGpioD = 0x58020C00, kGpioE = 0x58021000;
inline constexpr std::uint32_t kModer = 0x00, kPupdr = 0x0C, kIdr = 0x10, kOdr = 0x14, kBsrr = 0x18, kAfrh = 0x24;
inline constexpr std::uint32_t kUsart3 = 0x40004800, USART3_CR1 = kUsart3, USART3_BRR = kUsart3 + 0x0C,
                               USART3_ISR = kUsart3 + 0x1C, USART3_TDR = kUsart3 + 0x28;
inline constexpr std::uint32_t SYST_CSR = 0xE000E010, SYST_RVR = 0xE000E014, SYST_CVR = 0xE000E018;
inline constexpr std::uint32_t SCB_CPUID = 0xE000ED00, SCB_AIRCR = 0xE000ED0C;

inline constexpr std::uint32_t HSEON = 1 << 16, HSERDY = 1 << 17, HSEBYP = 1 << 18, PLL1ON = 1 << 24, PLL1RDY = 1 << 25;

}  // namespace packbench::hil::stm32
