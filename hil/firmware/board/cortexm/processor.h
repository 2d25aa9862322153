// The part of the processor that every Cortex-M4 and M7 has: ARM DDI 0403 (ARMv7-M), chapter B3.
//
// One level of interrupts (all priorities stay 0), main stack only, no MPU.
#pragma once

#include <cstddef>

#include "hil/firmware/board/cortexm/mmio.h"

namespace packbench::firmware {

struct SysTickRegisters {
  Register CSR, RVR, CVR;
};
struct SystemControlRegisters {
  Register CPUID, ICSR, VTOR, AIRCR, SCR, CCR;
};

inline constexpr std::uint32_t kSysTickEnable = 1u << 0, kSysTickInterrupt = 1u << 1, kSysTickProcessorClock = 1u << 2;
inline constexpr std::uint32_t kAircrKey = 0x05FAu << 16, kAircrSystemReset = 1u << 2;
inline constexpr std::uint32_t kCcrDivisionByZeroTraps = 1u << 4;
inline constexpr std::uint32_t kCpacrFullAccess = 0xFu << 20;  // CP10 and CP11: the floating-point unit

inline SysTickRegisters& systick() { return *reinterpret_cast<SysTickRegisters*>(0xE000E010u); }
inline SystemControlRegisters& system_control() { return *reinterpret_cast<SystemControlRegisters*>(0xE000ED00u); }
inline Register& cpacr() { return *reinterpret_cast<Register*>(0xE000ED88u); }

inline void enable_interrupt(unsigned irq) {
  reinterpret_cast<Register*>(0xE000E100u)[irq / 32] = 1u << (irq % 32);  // NVIC_ISER
}

inline void barrier() { asm volatile("dsb\n\tisb" ::: "memory"); }

[[noreturn]] inline void reset_processor() {
  barrier();
  system_control().AIRCR = kAircrKey | kAircrSystemReset;
  for (;;) barrier();
}

}  // namespace packbench::firmware
