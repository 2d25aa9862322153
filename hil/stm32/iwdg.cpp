#include "hil/stm32/iwdg.h"

#include <algorithm>

namespace packbench::hil::stm32 {
namespace {

enum Offset : std::uint32_t { KR = 0x00, PR = 0x04, RLR = 0x08, SR = 0x0C, WINR = 0x10 };
constexpr std::uint32_t kStart = 0xCCCC, kReload = 0xAAAA, kUnlock = 0x5555;
constexpr std::uint64_t kLsi_hz = 32'000;
constexpr std::uint64_t kUpdate_ns = 5 * kSecond_ns / kLsi_hz;  // up to five cycles of the watchdog's clock

}  // namespace

std::uint64_t Iwdg::bites_at_ns() const {
  const std::uint64_t divider = std::uint64_t{4} << std::min(state_.prescaler, 6u);
  return state_.reloaded_ns + (state_.reload + 1) * divider * kSecond_ns / kLsi_hz;
}

std::uint64_t Iwdg::advance(std::uint64_t now_ns) {
  if (!state_.started) return kNever;
  if (now_ns >= bites_at_ns()) chip_.reset = ResetReason::watchdog;
  return bites_at_ns();
}

void Iwdg::key(std::uint32_t value) {
  state_.unlocked = value == kUnlock;
  if (value == kStart) state_.started = true;
  if (value == kStart || value == kReload) state_.reloaded_ns = chip_.time.now_ns();
  if (value != kStart && value != kReload && value != kUnlock) refuse("KR = " + hex(value) + " is no key");
  chip_.time.alarm = 0;
}

std::uint32_t Iwdg::read(std::uint32_t offset, unsigned) {
  if (offset == PR) return state_.prescaler;
  if (offset == RLR) return state_.reload;
  if (offset == SR) return chip_.time.now_ns() < state_.settled_ns ? 3 : 0;
  if (offset == KR) return 0;
  return no_register(offset);
}

void Iwdg::write(std::uint32_t offset, std::uint32_t value, unsigned size) {
  whole_words(size);
  if (offset == KR) return key(value);
  if (offset != PR && offset != RLR) return void(no_register(offset));
  if (!state_.unlocked) return refuse("PR or RLR is written without the key 0x5555 in KR");
  if (offset == PR) state_.prescaler = only("PR", value, 7);
  if (offset == RLR) state_.reload = only("RLR", value, 0xFFF);
  state_.settled_ns = chip_.time.now_ns() + kUpdate_ns;
  chip_.time.alarm = 0;
}

}  // namespace packbench::hil::stm32
