// The interrupt controller of ARMv7-M: which exception is pending, enabled, active, and which comes next.
//
// Exception numbers of the architecture: 15 SysTick, 16 + n for interrupt n. All four priority bits are preemption
// (PRIGROUP at reset). A line that is still high when its handler returns is pending again.
#pragma once

#include <array>
#include <cstdint>

namespace packbench::hil::stm32 {

class Nvic {
 public:
  static constexpr int kExceptions = 16 + 150;
  static constexpr int kPendSv = 14, kSysTick = 15;
  static constexpr int kDeepest = 32;

  Nvic() {
    for (int exception = 1; exception < 16; ++exception) enabled_[exception] = true;
  }

  // A peripheral's interrupt line.
  void set_line(int interrupt, bool high);
  void pend(int exception, bool on);
  void enable(int exception, bool on);
  void set_priority(int exception, std::uint8_t priority);
  bool pending(int exception) const { return pending_[exception]; }
  bool enabled(int exception) const { return enabled_[exception]; }
  std::uint8_t priority(int exception) const { return priority_[exception]; }

  // Something enabled is pending: WFI does not sleep, PRIMASK or not.
  bool wakes() const { return candidate_ != 0; }
  // The exception that interrupts what runs now, masks apart; 0: none.
  int next() const { return preempts_ ? candidate_ : 0; }
  int active() const { return depth_ == 0 ? 0 : active_[depth_ - 1]; }
  bool full() const { return depth_ == kDeepest; }
  void enter(int exception);
  void leave();

 private:
  void refresh();
  int current_priority() const;

  std::array<bool, kExceptions> enabled_{}, pending_{}, line_{};
  std::array<std::uint8_t, kExceptions> priority_{};
  std::array<std::uint16_t, kDeepest> active_{};
  int depth_ = 0, candidate_ = 0, waiting_ = 0;
  bool preempts_ = false;
};

}  // namespace packbench::hil::stm32
