// Exception entry and return of ARMv7-M (ARM DDI 0403, B1.5.6 to B1.5.8), by hand on the emulator's registers.
#include <algorithm>
#include <array>

#include "hil/stm32/cpu.h"

namespace packbench::hil::stm32 {
namespace {

constexpr std::uint32_t kFpca = 1 << 2, kSpsel = 1 << 1;  // CONTROL
constexpr std::uint32_t kItBits = 0x0600FC00;             // CPSR as xPSR
constexpr std::uint32_t kFlags = 0xF80F0000, kThumb = 1 << 24, kAligned = 1 << 9;
constexpr std::uint32_t kBasicBytes = 32, kFloatingBytes = 72;
constexpr std::uint32_t kNoFloatingFrame = 1 << 4;  // EXC_RETURN
constexpr int kHardFault = 3;

constexpr std::array kBasic{UC_ARM_REG_R0, UC_ARM_REG_R1, UC_ARM_REG_R2, UC_ARM_REG_R3, UC_ARM_REG_R12, UC_ARM_REG_LR};

}  // namespace

bool Cpu::interrupts_allowed(int exception) {
  if (get(UC_ARM_REG_PRIMASK) & 1 || get(UC_ARM_REG_FAULTMASK) & 1) return false;
  const std::uint32_t base = get(UC_ARM_REG_BASEPRI) & 0xF0;
  return base == 0 || chip_.nvic.priority(exception) < base;
}

void Cpu::enter(int exception, std::uint32_t return_address) {
  const bool floating = (get(UC_ARM_REG_CONTROL) & kFpca) != 0;
  if (get(UC_ARM_REG_CONTROL) & kSpsel) return refusal_.refuse("the process stack (CONTROL.SPSEL) is not modelled");
  if (chip_.nvic.full()) return refusal_.refuse("exceptions are nested too deep");
  push_frame(return_address, floating);
  if (refusal_.happened()) return;
  ++counters_.exceptions;
  counters_.floating_frames += floating;
  const std::uint32_t to = chip_.nvic.active() != 0 ? 0xFFFFFFF1 : 0xFFFFFFF9;
  start_handler(exception, floating ? to & ~kNoFloatingFrame : to);
}

void Cpu::push_frame(std::uint32_t return_address, bool floating) {
  if (floating && !chip_.fpu_enabled)
    return refusal_.refuse("floating-point instructions run while CPACR keeps the FPU off");
  std::array<std::uint32_t, (kBasicBytes + kFloatingBytes) / 4> frame{};
  for (std::size_t i = 0; i < kBasic.size(); ++i) frame[i] = get(kBasic[i]);
  const std::uint32_t sp = get(UC_ARM_REG_SP), cpsr = get(UC_ARM_REG_CPSR);
  const bool odd = (sp & 4) != 0;
  frame[6] = return_address;
  frame[7] =
      (cpsr & (kFlags | kItBits)) | kThumb | (odd ? kAligned : 0u) | static_cast<std::uint32_t>(chip_.nvic.active());
  if (floating) {
    for (int i = 0; i < 8; ++i) uc_reg_read(engine_, UC_ARM_REG_D0 + i, &frame[8 + 2 * i]);
    frame[24] = get(UC_ARM_REG_FPSCR);
  }
  const std::uint32_t bytes = floating ? kBasicBytes + kFloatingBytes : kBasicBytes;
  const std::uint32_t top = (sp - bytes) & ~7u;
  const auto stack = memory(top, bytes);
  if (stack.empty())
    return refusal_.refuse("an exception finds the stack pointer at " + hex(sp) + ", outside RAM " + where());
  std::copy_n(reinterpret_cast<const std::uint8_t*>(frame.data()), bytes, stack.data());
  set(UC_ARM_REG_SP, top);
}

// CPSR is written last: it makes the emulator see the new mode.
void Cpu::start_handler(int exception, std::uint32_t exc_return) {
  chip_.nvic.enter(exception);
  const auto vector = memory(chip_.vector_table + 4 * static_cast<std::uint32_t>(exception), 4);
  if (vector.empty()) return refusal_.refuse("there is no vector for exception " + std::to_string(exception));
  std::uint32_t handler = 0;
  std::copy_n(vector.data(), 4, reinterpret_cast<std::uint8_t*>(&handler));
  set(UC_ARM_REG_CONTROL, get(UC_ARM_REG_CONTROL) & ~kFpca);
  set(UC_ARM_REG_LR, exc_return);
  set(UC_ARM_REG_IPSR, static_cast<std::uint32_t>(exception));
  set(UC_ARM_REG_CPSR, get(UC_ARM_REG_CPSR) & ~kItBits);
  set(UC_ARM_REG_PC, handler | 1);
  pc_ = handler & ~1u;
}

void Cpu::on_interrupt(uc_engine*, std::uint32_t number, void* self) {
  auto& cpu = *static_cast<Cpu*>(self);
  constexpr std::uint32_t kExceptionExit = 8, kPrefetchAbort = 3;
  const std::uint32_t pc = cpu.get(UC_ARM_REG_PC);
  const bool exit = number == kExceptionExit || (number == kPrefetchAbort && pc >= 0xFFFFFF00);
  if (exit) {
    cpu.leave(pc);
    return cpu.stop_if_refused();
  }
  const char* what = number == 2 ? "SVC" : number == 7 ? "BKPT" : "a fault of the processor";
  cpu.refusal_.refuse(std::string(what) + " (exception " + std::to_string(number) + " of the emulator) " + cpu.where());
  cpu.stop_if_refused();
}

// A pending exception that may run now takes over the frame that lies on the stack already.
void Cpu::leave(std::uint32_t exc_return) {
  if (chip_.nvic.active() == 0) return refusal_.refuse("a return from an exception while none is active " + where());
  chip_.nvic.leave();
  branch_end_ = 0;
  if (const int next = chip_.nvic.next(); next != 0 && interrupts_allowed(next)) {
    ++counters_.exceptions;
    ++counters_.tail_chained;
    return start_handler(next, exc_return | 1);
  }
  pop_frame(!(exc_return & kNoFloatingFrame));
}

void Cpu::pop_frame(bool floating) {
  std::array<std::uint32_t, (kBasicBytes + kFloatingBytes) / 4> frame{};
  const std::uint32_t bytes = floating ? kBasicBytes + kFloatingBytes : kBasicBytes;
  const std::uint32_t sp = get(UC_ARM_REG_SP);
  const auto stack = memory(sp, bytes);
  if (stack.empty())
    return refusal_.refuse("a return from an exception finds the stack pointer at " + hex(sp) + " " + where());
  std::copy_n(stack.data(), bytes, reinterpret_cast<std::uint8_t*>(frame.data()));
  for (std::size_t i = 0; i < kBasic.size(); ++i) set(kBasic[i], frame[i]);
  if (floating) {
    for (int i = 0; i < 8; ++i) uc_reg_write(engine_, UC_ARM_REG_D0 + i, &frame[8 + 2 * i]);
    set(UC_ARM_REG_FPSCR, frame[24]);
  }
  set(UC_ARM_REG_SP, (sp + bytes) + (frame[7] & kAligned ? 4 : 0));
  const std::uint32_t control = get(UC_ARM_REG_CONTROL);
  set(UC_ARM_REG_CONTROL, floating ? control | kFpca : control & ~kFpca);
  set(UC_ARM_REG_IPSR, frame[7] & 0x1FF);
  set(UC_ARM_REG_CPSR, (get(UC_ARM_REG_CPSR) & 0x3FF) | (frame[7] & (kFlags | kItBits)));
  set(UC_ARM_REG_PC, frame[6] | 1);
}

// The handler does not come back, so the return address is only near the fault.
bool Cpu::enter_hard_fault() {
  if (chip_.nvic.active() == kHardFault) return false;  // lockup
  refusal_.forget();
  enter(kHardFault, block_address_);
  return !refusal_.happened();
}

bool Cpu::used_fpu_while_off() { return !chip_.fpu_enabled && (get(UC_ARM_REG_CONTROL) & kFpca) != 0; }

}  // namespace packbench::hil::stm32
