// The independent watchdog IWDG (RM0433 47, RM0090 21): once started, only a reset stops it. LSI, 32 kHz.
#pragma once

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class Iwdg : public Peripheral {
 public:
  using Peripheral::Peripheral;

  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason) override { state_ = State{}; }
  std::uint64_t advance(std::uint64_t now_ns) override;
  std::span<std::byte> state() override { return bytes_of(state_); }

 private:
  struct State {
    bool started = false, unlocked = false;
    std::uint32_t prescaler = 0, reload = 0xFFF;
    std::uint64_t reloaded_ns = 0, settled_ns = 0;  // settled: PR and RLR have reached the watchdog's clock domain
  };

  void key(std::uint32_t value);
  std::uint64_t bites_at_ns() const;

  State state_;
};

}  // namespace packbench::hil::stm32
