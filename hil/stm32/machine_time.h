// Time of the machine: one core cycle for each instruction, plus the time that passes while the core does not work
// (bytes on the wire, a stopped processor).
//
// Integers only, remainders kept, so equal programs see equal times. Not a cycle count: caches, wait states and
// instructions of several cycles are not modelled.
#pragma once

#include <cstdint>

namespace packbench::hil::stm32 {

inline constexpr std::uint64_t kNever = ~std::uint64_t{0};
inline constexpr std::uint64_t kSecond_ns = 1'000'000'000;

class MachineTime {
 public:
  std::uint64_t instructions = 0;  // executed since the machine was made
  std::uint64_t alarm = 0;         // instruction count from which on events must be looked at

  std::uint64_t now_ns() {
    settle();
    return now_ns_;
  }
  std::uint32_t core_hz() const { return core_hz_; }
  void set_core_hz(std::uint32_t hz) {
    if (hz == core_hz_) return;
    settle();
    core_hz_ = hz;
    remainder_ = 0;
    alarm = 0;
  }
  void pass_ns(std::uint64_t time_ns) {
    settle();
    now_ns_ += time_ns;
    alarm = 0;
  }
  // The alarm rings at the first instruction that ends at or after this time.
  void set_alarm_ns(std::uint64_t at_ns) {
    settle();
    if (at_ns <= now_ns_) {
      alarm = instructions;
      return;
    }
    constexpr std::uint64_t kFarthest_ns = 10 * kSecond_ns;
    const std::uint64_t wait_ns = at_ns - now_ns_ < kFarthest_ns ? at_ns - now_ns_ : kFarthest_ns;
    alarm = instructions + (wait_ns * (core_hz_ / 1000) + 999'999) / 1'000'000;
  }

 private:
  void settle() {
    while (settled_ < instructions) {
      const std::uint64_t left = instructions - settled_;
      const std::uint64_t cycles = left < kSecond_ns ? left : kSecond_ns;
      const std::uint64_t scaled = remainder_ + cycles * kSecond_ns;
      now_ns_ += scaled / core_hz_;
      remainder_ = scaled % core_hz_;
      settled_ += cycles;
    }
  }

  std::uint64_t settled_ = 0, now_ns_ = 0, remainder_ = 0;
  std::uint32_t core_hz_ = 64'000'000;
};

}  // namespace packbench::hil::stm32
