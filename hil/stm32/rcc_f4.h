// Reset and clock control, flash and power interface of the STM32F405 (RM0090 7.3, 3.9, 5.4).
#pragma once

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class RccF4 : public Peripheral {
 public:
  RccF4(std::uint32_t hse_hz, Chip& chip, Refusal& refusal) : Peripheral("RCC", chip, refusal), hse_hz_(hse_hz) {}

  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason reason) override;
  std::span<std::byte> state() override { return bytes_of(state_); }
  const std::uint32_t* enable_register(std::uint32_t offset) const { return &state_.registers[offset / 4]; }

  static constexpr std::uint32_t AHB1ENR = 0x30, APB1ENR = 0x40, APB2ENR = 0x44;

 private:
  struct State {
    std::uint32_t registers[0x90 / 4] = {};
    std::uint64_t hse_ready_ns = kNever, pll_ready_ns = kNever;
  };

  std::uint32_t& at(std::uint32_t offset) { return state_.registers[offset / 4]; }
  std::uint32_t control();
  void write_control(std::uint32_t value);
  void update();
  std::uint32_t pll_hz();
  std::uint32_t system_hz();

  std::uint32_t hse_hz_;
  State state_;
};

// FLASH_ACR: wait states, prefetch, caches.
class FlashF4 : public Peripheral {
 public:
  FlashF4(Chip& chip, Refusal& refusal) : Peripheral("FLASH", chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason) override { chip_.flash_acr = 0; }
  std::span<std::byte> state() override { return {}; }  // lives in Chip
};

// PWR_CR and PWR_CSR: the regulator's scale, always ready.
class PwrF4 : public Peripheral {
 public:
  PwrF4(Chip& chip, Refusal& refusal) : Peripheral("PWR", chip, refusal) {}
  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason) override { cr_ = 0x4000; }
  std::span<std::byte> state() override { return bytes_of(cr_); }

 private:
  std::uint32_t cr_ = 0x4000;
};

}  // namespace packbench::hil::stm32
