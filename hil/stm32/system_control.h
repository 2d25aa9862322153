// The private peripherals of ARMv7-M at 0xE000E000: SysTick, NVIC, system control block, FPU and cache control.
//
// Caches may be switched on and are without effect: memory is one. Fault handlers may be enabled; no fault is raised,
// because one ends the run. The MPU is refused.
#pragma once

#include "hil/stm32/peripheral.h"

namespace packbench::hil::stm32 {

class SystemControl : public Peripheral {
 public:
  // `cpuid` as the core gives it: 0x411FC271 for the Cortex-M7 r1p1, 0x410FC241 for the Cortex-M4 r0p1.
  SystemControl(std::uint32_t cpuid, std::uint32_t vector_table, Chip& chip, Refusal& refusal)
      : Peripheral("system control", chip, refusal), cpuid_(cpuid), vector_table_(vector_table) {}

  std::uint32_t read(std::uint32_t offset, unsigned size) override;
  void write(std::uint32_t offset, std::uint32_t value, unsigned size) override;
  void reset(ResetReason reason) override;
  std::uint64_t advance(std::uint64_t now_ns) override;
  std::span<std::byte> state() override { return bytes_of(state_); }

 private:
  struct State {
    std::uint32_t scr = 0, ccr = 0x200, shcsr = 0, cpacr = 0, fpccr = 0xC0000000, csselr = 0;
    std::uint32_t systick_csr = 0, systick_load = 0;
    std::uint64_t systick_ns = 0;  // next time that it counts to 0
    bool systick_counted = false;
  };

  std::uint32_t read_systick(std::uint32_t offset);
  void write_systick(std::uint32_t offset, std::uint32_t value);
  std::uint64_t systick_period_ns() const;
  std::uint32_t read_nvic(std::uint32_t offset, unsigned size);
  void write_nvic(std::uint32_t offset, std::uint32_t value, unsigned size);
  std::uint32_t read_scb(std::uint32_t offset);
  void write_scb(std::uint32_t offset, std::uint32_t value);
  void write_icsr(std::uint32_t value);
  void write_aircr(std::uint32_t value);
  void write_cpacr(std::uint32_t value);

  std::uint32_t cpuid_, vector_table_;
  State state_;
};

}  // namespace packbench::hil::stm32
