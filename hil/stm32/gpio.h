// GPIO port (RM0433 11.4, RM0090 8.4): the same registers on both families.
#pragma once

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class Gpio : public Peripheral {
 public:
  // `initial_moder`: the analog or input pins after reset, and the debug port's on A and B.
  Gpio(int port, std::uint32_t initial_moder, Chip& chip, Refusal& refusal);

  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason reason) override;
  std::span<std::byte> state() override { return {}; }  // lives in Chip

 private:
  std::uint32_t levels() const;

  Port& port_;
  std::uint32_t initial_moder_;
};

}  // namespace packbench::hil::stm32
