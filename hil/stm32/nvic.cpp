#include "hil/stm32/nvic.h"

namespace packbench::hil::stm32 {

void Nvic::set_line(int interrupt, bool high) {
  const int exception = 16 + interrupt;
  if (line_[exception] == high) return;
  line_[exception] = high;
  if (high) pend(exception, true);
  // A line that falls before its handler ran leaves the pending bit set, except that nothing is left to serve: the
  // architecture keeps it, and so does this.
}

void Nvic::pend(int exception, bool on) {
  if (pending_[exception] == on) return;
  pending_[exception] = on;
  waiting_ += on ? 1 : -1;
  refresh();
}

void Nvic::enable(int exception, bool on) {
  if (enabled_[exception] == on) return;
  enabled_[exception] = on;
  refresh();
}

void Nvic::set_priority(int exception, std::uint8_t priority) {
  priority_[exception] = priority & 0xF0;
  refresh();
}

int Nvic::current_priority() const {
  int lowest = 256;
  for (int i = 0; i < depth_; ++i) lowest = priority_[active_[i]] < lowest ? priority_[active_[i]] : lowest;
  return lowest;
}

void Nvic::refresh() {
  candidate_ = 0;
  for (int exception = 1, left = waiting_; left > 0 && exception < kExceptions; ++exception) {
    if (!pending_[exception]) continue;
    --left;
    if (!enabled_[exception]) continue;
    if (candidate_ == 0 || priority_[exception] < priority_[candidate_]) candidate_ = exception;
  }
  preempts_ = candidate_ != 0 && priority_[candidate_] < current_priority();
}

void Nvic::enter(int exception) {
  active_[depth_++] = static_cast<std::uint16_t>(exception);
  pend(exception, false);
  refresh();
}

void Nvic::leave() {
  if (depth_ == 0) return;
  const int exception = active_[--depth_];
  if (line_[exception]) pend(exception, true);
  refresh();
}

}  // namespace packbench::hil::stm32
