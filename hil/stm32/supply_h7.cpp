#include "hil/stm32/supply_h7.h"

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t { CR1 = 0x00, CSR1 = 0x04, CR3 = 0x0C, D3CR = 0x18 };
constexpr std::uint32_t kReady = 1 << 13, kVosMask = 3u << 14;
constexpr std::uint64_t kScaling_ns = 40'000;  // ours, of the order of the regulator's start-up

// 1 scale 3, 2 scale 2, 3 scale 1.
std::uint32_t scale(std::uint32_t d3cr) { return 4 - (d3cr >> 14 & 3); }

}  // namespace

void PwrH7::reset(ResetReason reason) {
  const bool supply_set = reason != ResetReason::power_on && reason != ResetReason::brown_out && state_.supply_set;
  state_ = State{};
  state_.supply_set = supply_set;
  chip_.vos = 3;
}

std::uint64_t PwrH7::advance(std::uint64_t now_ns) {
  if (!state_.supply_set || now_ns >= state_.ready_ns) {
    if (state_.supply_set) chip_.vos = scale(state_.d3cr);
    return kNever;
  }
  return state_.ready_ns;
}

std::uint32_t PwrH7::read(std::uint32_t offset, unsigned) {
  switch (offset) {
    case CR1:
      return state_.cr1;
    case CSR1:  // ACTVOS, ACTVOSRDY
      return (ready() ? state_.d3cr & kVosMask : 1u << 14) | (ready() ? kReady : 0u);
    case CR3:
      return state_.cr3;
    case D3CR:
      return state_.d3cr | (ready() ? kReady : 0u);
    default:
      return no_register(offset);
  }
}

void PwrH7::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset == CR3) {
    state_.cr3 = only("CR3", value, 7);
    if (!(value & 2)) refuse("CR3 switches the LDO off, and this board has no other supply");
    state_.supply_set = true;
  } else if (offset == D3CR) {
    state_.d3cr = only("D3CR", value & ~kReady, kVosMask);
    if (!state_.supply_set) refuse("D3CR asks for a voltage scale before the supply is configured in CR3");
    if ((value & kVosMask) == 0) refuse("D3CR names the reserved voltage scale 0");
    if (scale(value) > chip_.vos) chip_.vos = scale(value);
  } else {
    no_register(offset);
  }
  state_.ready_ns = chip_.time.now_ns() + kScaling_ns;
  chip_.time.alarm = 0;
}

std::uint32_t FlashH7::read(std::uint32_t offset, unsigned) {
  return offset == 0 ? chip_.flash_acr : no_register(offset);
}

void FlashH7::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset != 0) return void(no_register(offset));
  chip_.flash_acr = only("ACR", value, 0x3F);
}

}  // namespace packbench::hil::stm32
