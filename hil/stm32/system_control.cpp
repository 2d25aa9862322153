#include "hil/stm32/system_control.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t {
  ICTR = 0x004,
  SYST_CSR = 0x010,
  SYST_CALIB = 0x01C,
  NVIC_ISER = 0x100,
  NVIC_END = 0x500,
  CPUID = 0xD00,
  ICSR = 0xD04,
  VTOR = 0xD08,
  AIRCR = 0xD0C,
  SCR = 0xD10,
  CCR = 0xD14,
  SHPR1 = 0xD18,
  SHPR3 = 0xD20,
  SHCSR = 0xD24,
  CFSR = 0xD28,
  HFSR = 0xD2C,
  MMFAR = 0xD34,
  BFAR = 0xD38,
  CLIDR = 0xD78,
  CTR = 0xD7C,
  CCSIDR = 0xD80,
  CSSELR = 0xD84,
  CPACR = 0xD88,
  FPCCR = 0xF34,
  FPDSCR = 0xF3C,
  ICIALLU = 0xF50,
  BPIALL = 0xF78
};

constexpr std::uint32_t kVectKey = 0x05FA, kVectKeyRead = 0xFA05, kSysResetReq = 1 << 2;
constexpr std::uint32_t kFpuFull = 0xF << 20;
constexpr std::uint32_t PENDSTCLR = 1 << 25, PENDSTSET = 1 << 26, PENDSVCLR = 1 << 27, PENDSVSET = 1 << 28;

}  // namespace

void SystemControl::reset(ResetReason) {
  state_ = State{};
  chip_.vector_table = vector_table_;
  chip_.fpu_enabled = false;
}

std::uint64_t SystemControl::advance(std::uint64_t now_ns) {
  if (state_.systick_ns == 0) return kNever;
  for (; now_ns >= state_.systick_ns; state_.systick_ns += systick_period_ns()) {
    state_.systick_counted = true;
    if (state_.systick_csr & 2) chip_.nvic.pend(Nvic::kSysTick, true);
  }
  return state_.systick_ns;
}

std::uint32_t SystemControl::read(std::uint32_t offset, unsigned size) {
  if (offset >= SYST_CSR && offset <= SYST_CALIB) return read_systick(offset);
  if (offset >= NVIC_ISER && offset < NVIC_END) return read_nvic(offset, size);
  return read_scb(offset);
}

void SystemControl::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  chip_.time.alarm = 0;
  if (offset >= SYST_CSR && offset <= SYST_CALIB) return write_systick(offset, value);
  if (offset >= NVIC_ISER && offset < NVIC_END) return write_nvic(offset, value, size);
  if (offset >= SHPR1 && offset < SHPR3 + 4) {
    for (unsigned i = 0; i < size; ++i)
      chip_.nvic.set_priority(static_cast<int>(4 + offset - SHPR1 + i), static_cast<std::uint8_t>(value >> (8 * i)));
    return;
  }
  whole_words(size);
  write_scb(offset, value);
}

std::uint32_t SystemControl::read_scb(std::uint32_t offset) {
  switch (offset) {
    case ICTR:
      return 4;
    case CPUID:
      return cpuid_;
    case ICSR:
      return static_cast<std::uint32_t>(chip_.nvic.active()) | (chip_.nvic.pending(Nvic::kSysTick) ? PENDSTSET : 0) |
             (chip_.nvic.pending(Nvic::kPendSv) ? PENDSVSET : 0);
    case VTOR:
      return chip_.vector_table;
    case AIRCR:
      return kVectKeyRead << 16;
    case SCR:
      return state_.scr;
    case CCR:
      return state_.ccr;
    case SHCSR:
      return state_.shcsr;
    case CFSR:
    case HFSR:
    case MMFAR:
    case BFAR:
    case FPDSCR:
      return 0;
    case CLIDR:  // 16 KB of each, lines of 32 bytes
      return 0x09000003;
    case CTR:
      return 0x8303C003;
    case CCSIDR:
      return state_.csselr & 1 ? 0xF01FE009 : 0xF00FE019;
    case CSSELR:
      return state_.csselr;
    case CPACR:
      return state_.cpacr;
    case FPCCR:
      return state_.fpccr;
    default:
      return no_register(offset);
  }
}

void SystemControl::write_scb(std::uint32_t offset, std::uint32_t value) {
  if (offset >= ICIALLU && offset <= BPIALL) return;  // cache maintenance
  switch (offset) {
    case ICSR:
      return write_icsr(value);
    case VTOR:
      chip_.vector_table = value & 0xFFFFFF80;
      return;
    case AIRCR:
      return write_aircr(value);
    case SCR:
      state_.scr = only("SCR", value, 0);
      return;
    case CCR:  // stack alignment, traps (not raised), caches, branch prediction
      state_.ccr = only("CCR", value, 0x7031B);
      return;
    case SHCSR:
      state_.shcsr = only("SHCSR", value, 7 << 16);
      return;
    case CFSR:
    case HFSR:
      return;
    case CSSELR:
      state_.csselr = value & 15;
      return;
    case CPACR:
      return write_cpacr(value);
    case FPCCR:
      state_.fpccr = only("FPCCR", value, 3u << 30);
      return;
    default:
      no_register(offset);
  }
}

void SystemControl::write_icsr(std::uint32_t value) {
  only("ICSR", value, PENDSTCLR | PENDSTSET | PENDSVCLR | PENDSVSET);
  if (value & (PENDSTSET | PENDSTCLR)) chip_.nvic.pend(Nvic::kSysTick, (value & PENDSTSET) != 0);
  if (value & (PENDSVSET | PENDSVCLR)) chip_.nvic.pend(Nvic::kPendSv, (value & PENDSVSET) != 0);
}

void SystemControl::write_aircr(std::uint32_t value) {
  if (value >> 16 != kVectKey) return;  // ignored, as the core does
  only("AIRCR", value & 0xFFFF, kSysResetReq);
  if (value & kSysResetReq) chip_.reset = ResetReason::software;
}

void SystemControl::write_cpacr(std::uint32_t value) {
  state_.cpacr = only("CPACR", value, kFpuFull);
  chip_.fpu_enabled = (value & kFpuFull) == kFpuFull;
}

}  // namespace packbench::hil::stm32
