// Reset and clock control of the STM32H753 (RM0433 8.7): HSI, HSE, PLL1, the three domains' prescalers, reset flags,
// and the limits that a clock tree must keep (voltage scale, wait states, PLL ranges).
//
// The board feeds HSE from outside, so HSE comes up only with HSEBYP. Oscillators and PLL take their time.
#pragma once

#include <map>

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class RccH7 : public Peripheral {
 public:
  RccH7(std::uint32_t hse_hz, Chip& chip, Refusal& refusal) : Peripheral("RCC", chip, refusal), hse_hz_(hse_hz) {}

  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason reason) override;
  std::span<std::byte> state() override { return bytes_of(state_); }
  // Of the enable registers, for those that ask whether a block is clocked.
  const std::uint32_t* enable_register(std::uint32_t offset) const { return &state_.registers[offset / 4]; }

  static constexpr std::uint32_t AHB4ENR = 0x0E0, APB1LENR = 0x0E8;

 private:
  struct State {
    std::uint32_t registers[0x160 / 4] = {};
    std::uint64_t hse_ready_ns = kNever, pll_ready_ns = kNever;
  };

  std::uint32_t& at(std::uint32_t offset) { return state_.registers[offset / 4]; }
  std::uint32_t control();
  void write_control(std::uint32_t value);
  void update();
  std::uint32_t pll1_p_hz();
  std::uint32_t system_hz();
  void check_limits(std::uint32_t core_hz, std::uint32_t bus_hz);

  std::uint32_t hse_hz_;
  State state_;
};

}  // namespace packbench::hil::stm32
