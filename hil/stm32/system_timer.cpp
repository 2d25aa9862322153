// SysTick and the registers of the interrupt controller.
#include "hil/stm32/system_control.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  SYST_CSR = 0x010,
  SYST_RVR = 0x014,
  SYST_CVR = 0x018,
  NVIC_ISER = 0x100,
  NVIC_ICER = 0x180,
  NVIC_ISPR = 0x200,
  NVIC_ICPR = 0x280,
  NVIC_IABR = 0x300,
  NVIC_IPR = 0x400
};

enum SystCsr : std::uint32_t { ENABLE = 1, TICKINT = 2, CLKSOURCE = 4, COUNTFLAG = 1 << 16 };

}  // namespace

// Counted by the core's clock.
std::uint64_t SystemControl::systick_period_ns() const {
  return (state_.systick_load + 1ull) * kSecond_ns / chip_.time.core_hz();
}

std::uint32_t SystemControl::read_systick(std::uint32_t offset) {
  const std::uint64_t now_ns = chip_.time.now_ns();
  advance(now_ns);
  switch (offset) {
    case SYST_CSR: {
      const std::uint32_t counted = state_.systick_counted ? std::uint32_t{COUNTFLAG} : 0;
      state_.systick_counted = false;
      return state_.systick_csr | counted;
    }
    case SYST_RVR:
      return state_.systick_load;
    case SYST_CVR:
      if (state_.systick_ns == 0) return 0;
      return static_cast<std::uint32_t>((state_.systick_ns - now_ns) * chip_.time.core_hz() / kSecond_ns);
    default:
      return 0;
  }
}

void SystemControl::write_systick(std::uint32_t offset, std::uint32_t value) {
  if (offset == SYST_RVR) state_.systick_load = only("SYST_RVR", value, 0xFFFFFF);
  if (offset == SYST_CSR) state_.systick_csr = only("SYST_CSR", value, ENABLE | TICKINT | CLKSOURCE);
  if ((state_.systick_csr & (ENABLE | CLKSOURCE)) == ENABLE)
    refuse("SysTick is modelled on the core's clock only (CLKSOURCE)");
  const bool counts = (state_.systick_csr & ENABLE) && state_.systick_load > 0;
  if (offset == SYST_CVR || state_.systick_ns == 0 || !counts)
    state_.systick_ns = counts ? chip_.time.now_ns() + systick_period_ns() : 0;
}

std::uint32_t SystemControl::read_nvic(std::uint32_t offset, unsigned size) {
  std::uint32_t value = 0;
  const bool priorities = offset >= NVIC_IPR;
  const int first = priorities ? static_cast<int>(offset - NVIC_IPR) : static_cast<int>(offset & 0x7C) * 8;
  for (int i = 0; i < (priorities ? static_cast<int>(size) : 32); ++i) {
    const int exception = 16 + first + i;
    if (exception >= Nvic::kExceptions) break;
    if (priorities)
      value |= std::uint32_t{chip_.nvic.priority(exception)} << (8 * i);
    else if (offset < NVIC_ISPR)
      value |= std::uint32_t{chip_.nvic.enabled(exception)} << i;
    else if (offset < NVIC_IABR)
      value |= std::uint32_t{chip_.nvic.pending(exception)} << i;
    else
      value |= std::uint32_t{chip_.nvic.active() == exception} << i;
  }
  return value;
}

void SystemControl::write_nvic(std::uint32_t offset, std::uint32_t value, unsigned size) {
  const bool priorities = offset >= NVIC_IPR;
  const int first = priorities ? static_cast<int>(offset - NVIC_IPR) : static_cast<int>(offset & 0x7C) * 8;
  for (int i = 0; i < (priorities ? static_cast<int>(size) : 32); ++i) {
    const int exception = 16 + first + i;
    if (exception >= Nvic::kExceptions) break;
    if (priorities)
      chip_.nvic.set_priority(exception, static_cast<std::uint8_t>(value >> (8 * i)));
    else if (!(value >> i & 1))
      continue;
    else if (offset < NVIC_ISPR)
      chip_.nvic.enable(exception, offset < NVIC_ICER);
    else if (offset < NVIC_IABR)
      chip_.nvic.pend(exception, offset < NVIC_ICPR);
  }
}

}  // namespace packbench::hil::stm32
