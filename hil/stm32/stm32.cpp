#include "hil/stm32/stm32.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace packbench::hil::stm32 {
namespace {

constexpr std::uint8_t kNoise = 0xA5;  // RAM after power-on: nothing that a program could take for zeros
constexpr std::uint32_t kUniqueId[] = {0x00360042, 0x51325119, 0x50424348};  // ours

}  // namespace

Stm32::Stm32(const ElfImage& image, const BoardKind& board, Wire::Pace pace)
    : image_(image),
      wire_(pace, kBaud),
      board_(board.make(wire_, chip_, refusal_)),
      cpu_(board_, chip_, refusal_, image) {
  cpu_.on_alarm = [this] { return events_due(); };
  const auto id = cpu_.memory(board_.unique_id, sizeof kUniqueId);
  std::memcpy(id.data(), kUniqueId, sizeof kUniqueId);
  if (const auto task = image.find(kTask)) cpu_.watch(task->address & ~1u);
  reset(ResetReason::power_on);
}

void Stm32::reset(ResetReason reason) { chip_.reset = reason; }

void Stm32::reset_after(std::uint64_t instructions, ResetReason reason) {
  planned_ = {chip_.time.instructions + instructions, reason};
  chip_.time.alarm = 0;
}

// What was on the wire is lost with the receiver's clock.
void Stm32::boot(ResetReason reason) {
  chip_.reset.reset();
  planned_ = {};
  if (reason == ResetReason::power_on || reason == ResetReason::brown_out) {
    for (Cpu::Bank& bank : cpu_.banks())
      if (bank.area.kind == MemoryArea::ram) std::ranges::fill(bank.bytes, kNoise);
  }
  bites_ += reason == ResetReason::watchdog;
  ++boots_;
  wire_.drop_arriving();
  wire_.slept();
  chip_.nvic = Nvic{};
  for (const auto& device : board_.devices) device->reset(reason);
  cpu_.reset();
  woke_at_ = chip_.time.instructions;
  chip_.time.alarm = 0;
}

void Stm32::advance_devices() {
  const std::uint64_t now_ns = chip_.time.now_ns();
  next_event_ns_ = kNever;
  for (const auto& device : board_.devices) next_event_ns_ = std::min(next_event_ns_, device->advance(now_ns));
}

// True: the processor must stop at this block.
bool Stm32::events_due() {
  advance_devices();
  MachineTime& time = chip_.time;
  if (time.instructions >= planned_.at) chip_.reset = planned_.reason;
  time.set_alarm_ns(next_event_ns_);
  time.alarm = std::min({time.alarm, slice_end_, planned_.at});
  return chip_.reset || refusal_.happened() || time.instructions >= slice_end_;
}

Stm32::Rest Stm32::run(std::uint64_t instruction_limit) {
  slice_end_ = chip_.time.instructions + instruction_limit;
  chip_.time.alarm = 0;
  for (;;) {
    if (chip_.reset) {
      boot(*chip_.reset);
      at_rest_ = false;
    } else if (at_rest_ && !wake()) {
      return Rest::idle;
    }
    at_rest_ = false;
    const Cpu::Pause pause = cpu_.run();
    if (pause == Cpu::Pause::refused && !(disturbed_ && cpu_.enter_hard_fault())) return Rest::refused;
    if (pause == Cpu::Pause::stopped && !chip_.reset && chip_.time.instructions >= slice_end_) return Rest::busy;
    if (pause != Cpu::Pause::slept) continue;
    if (cpu_.used_fpu_while_off()) refusal_.refuse("floating-point instructions ran while CPACR keeps the FPU off");
    longest_wake_ = std::max(longest_wake_, chip_.time.instructions - woke_at_);
    at_rest_ = true;
  }
}

// The firmware sleeps: the wire's time passes, and what comes next may wake it.
bool Stm32::wake() {
  if (refusal_.happened()) return true;
  wire_.slept();
  if (!wire_.paced()) {
    const std::uint64_t moved = wire_.bytes_in + wire_.bytes_out;
    chip_.time.pass_ns((moved - std::exchange(wire_bytes_, moved)) * wire_.byte_ns());
    if (!board_.usart->receiving()) wire_.drop_arriving();
    board_.usart->poll();
  }
  advance_devices();
  while (wire_.paced() && !wire_.empty() && !chip_.nvic.wakes() && !chip_.reset) {
    const std::uint64_t now_ns = chip_.time.now_ns();
    chip_.time.pass_ns(std::max(next_event_ns_, now_ns) - now_ns);
    advance_devices();
  }
  if (!chip_.nvic.wakes() && !chip_.reset) return false;
  woke_at_ = chip_.time.instructions;
  chip_.time.alarm = 0;
  return true;
}

bool Stm32::stand_still(std::uint64_t time_us) {
  chip_.time.pass_ns(time_us * 1000);
  wire_.drop_arriving();
  advance_devices();
  return chip_.reset == ResetReason::watchdog;
}

std::uint32_t Stm32::outputs() const {
  std::uint32_t levels = 0;
  for (unsigned i = 0; i < 3; ++i) {
    const bool driven = chip_.ports[board_.outputs[i].port].drives_high(board_.outputs[i].pin);
    const bool high = stuck_[i] == Stuck::no ? driven : stuck_[i] == Stuck::high;
    levels |= std::uint32_t{high} << i;
  }
  return levels;
}

Statistics Stm32::statistics() {
  Statistics statistics;
  statistics.instructions = chip_.time.instructions;
  statistics.now_ns = chip_.time.now_ns();
  statistics.boots = boots_;
  statistics.watchdog_bites = bites_;
  statistics.longest_wake = longest_wake_;
  statistics.cpu = cpu_.counters();
  statistics.bytes_in = wire_.bytes_in;
  statistics.bytes_out = wire_.bytes_out;
  statistics.overruns = wire_.overruns;
  return statistics;
}

}  // namespace packbench::hil::stm32
