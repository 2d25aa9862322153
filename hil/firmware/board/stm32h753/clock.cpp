#include "hil/firmware/board/stm32h753/clock.h"

#include "hil/firmware/board/stm32h753/registers.h"

namespace packbench::firmware::stm32h753 {
namespace {

constexpr unsigned kTries = 50'000;  // at 64 MHz and at least 5 cycles each: 4 ms, where a PLL needs 0.15 ms

constexpr Clocks kOnPll{400'000'000, 100'000'000, nullptr};
constexpr Clocks on_hsi(const char* trouble) { return {64'000'000, 64'000'000, trouble}; }

// The regulator, not the bypass, and voltage scale 1: up to 400 MHz (RM0433 6.6.2).
bool raise_voltage() {
  pwr().CR3 = kCr3Ldoen;
  if (!wait_for(pwr().CSR1, kCsr1Actvosrdy, kCsr1Actvosrdy, kTries)) return false;
  pwr().D3CR = kD3crVos1;
  return wait_for(pwr().D3CR, kD3crVosrdy, kD3crVosrdy, kTries);
}

bool start_hse() {
  set_bits(rcc().CR, kCrHsebyp);
  set_bits(rcc().CR, kCrHseon);
  return wait_for(rcc().CR, kCrHserdy, kCrHserdy, kTries);
}

bool start_pll() {
  rcc().PLLCKSELR = 2u | 4u << 4;               // PLLSRC = HSE, DIVM1 = 4
  rcc().PLLCFGR = 1u << 2 | 1u << 16;           // PLL1RGE: 2 to 4 MHz in, wide VCO; DIVP1EN
  rcc().PLL1DIVR = (400u - 1) | (2u - 1) << 9;  // DIVN1, DIVP1
  set_bits(rcc().CR, kCrPll1on);
  return wait_for(rcc().CR, kCrPll1rdy, kCrPll1rdy, kTries);
}

// Dividers and wait states for the faster clock first, then the clock.
bool switch_to_pll() {
  rcc().D1CFGR = 8u | 4u << 4;       // HPRE / 2, D1PPRE / 2, D1CPRE / 1
  rcc().D2CFGR = 4u << 4 | 4u << 8;  // D2PPRE1, D2PPRE2 / 2
  rcc().D3CFGR = 4u << 4;            // D3PPRE / 2
  flash_acr() = 2u | 2u << 4;        // 200 MHz at scale 1: 2 wait states, WRHIGHFREQ 2 (RM0433 table 17)
  if (!wait_for(flash_acr(), 0xFu, 2u, kTries)) return false;
  replace_bits(rcc().CFGR, kCfgrSw, kCfgrSwPll1);
  return wait_for(rcc().CFGR, kCfgrSws, kCfgrSwsPll1, kTries);
}

void stay_on_hsi() {
  clear_bits(rcc().CFGR, kCfgrSw);
  rcc().D1CFGR = 0;
  rcc().D2CFGR = 0;
  rcc().D3CFGR = 0;
}

}  // namespace

Clocks start_clocks() {
  const char* trouble = nullptr;
  if (!raise_voltage()) {
    trouble = "The core voltage did not reach scale 1: running from HSI at 64 MHz.";
  } else if (!start_hse()) {
    trouble = "The HSE clock of 8 MHz did not start: running from HSI at 64 MHz.";
  } else if (!start_pll()) {
    trouble = "PLL1 did not lock: running from HSI at 64 MHz.";
  } else if (!switch_to_pll()) {
    trouble = "The switch to PLL1 did not take place: running from HSI at 64 MHz.";
  }
  if (trouble == nullptr) return kOnPll;
  stay_on_hsi();
  return on_hsi(trouble);
}

}  // namespace packbench::firmware::stm32h753
