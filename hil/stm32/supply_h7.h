// Power control and flash interface of the STM32H753 (RM0433 6.8, 4.9), as far as a clock tree needs them.
//
// A voltage scale is granted only after the supply has been configured (a write to PWR_CR3), as the manual demands.
#pragma once

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class PwrH7 : public Peripheral {
 public:
  PwrH7(Chip& chip, Refusal& refusal) : Peripheral("PWR", chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason reason) override;
  std::uint64_t advance(std::uint64_t now_ns) override;
  std::span<std::byte> state() override { return bytes_of(state_); }

 private:
  struct State {
    std::uint32_t cr1 = 0xF000C000, cr3 = 6, d3cr = 0x4000;
    bool supply_set = false;
    std::uint64_t ready_ns = 0;
  };
  bool ready() { return state_.supply_set && chip_.time.now_ns() >= state_.ready_ns; }

  State state_;
};

// FLASH_ACR: wait states. The other registers program the flash, which this firmware does not.
class FlashH7 : public Peripheral {
 public:
  FlashH7(Chip& chip, Refusal& refusal) : Peripheral("FLASH", chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason) override { chip_.flash_acr = 0x37; }
  std::span<std::byte> state() override { return {}; }  // lives in Chip
};

}  // namespace packbench::hil::stm32
