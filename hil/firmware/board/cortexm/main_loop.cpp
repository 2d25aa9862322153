#include "hil/firmware/board/cortexm/main_loop.h"

#include <new>

#include "hil/firmware/app/firmware.h"
#include "hil/firmware/board/cortexm/board_support.h"
#include "hil/firmware/board/cortexm/boot_record.h"
#include "hil/firmware/board/cortexm/processor.h"
#include "hil/firmware/board/cortexm/vectors.h"
#include "hil/firmware/board/default_profile.h"

extern "C" {
// For whoever can write this memory: the image's interface, as packbench_boot_record is.
packbench::firmware::Variable packbench_variables[packbench::firmware::kMaxVariables];
}

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kTicksPerSecond = 1000;

RxRing received;
volatile std::uint32_t ticks;                                       // of SysTick; wraps after 49 days
alignas(Firmware) unsigned char firmware_memory[sizeof(Firmware)];  // never destroyed

void send(void*, const std::uint8_t* data, std::size_t size) {
  serve_watchdog();  // a long answer takes its time on the line
  send_bytes(data, size);
}
void drive(void*, bool main, bool charger, bool precharge) { drive_outputs(main, charger, precharge); }
void alive(void*) { serve_watchdog(); }

void start_systick(std::uint32_t cpu_Hz) {
  systick().RVR = cpu_Hz / kTicksPerSecond - 1;
  systick().CVR = 0;
  systick().CSR = kSysTickEnable | kSysTickInterrupt | kSysTickProcessorClock;
}

Firmware& start_firmware(const BoardFacts& facts) {
  Wire wire{};
  wire.send = send;
  wire.own_process = true;
  wire.drive = drive;
  wire.alive = alive;
  wire.retained = &retained();
  wire.device_id = facts.device_id;
  wire.notice = facts.notice;
  const Boot boot = begin_boot(facts.reset_reason);
  Firmware& firmware = *::new (static_cast<void*>(firmware_memory)) Firmware(wire);
  firmware.power_on(static_cast<std::uint8_t>(boot.reason), boot.count);
  firmware.load_profile(kDefaultProfile, kDefaultProfileSize);
  firmware.variables(packbench_variables);
  firmware.announce();
  return firmware;
}

// An interrupt that comes between the look at the ring and WFI still ends WFI: it is pending, only not taken.
void sleep_until_interrupt() {
  asm volatile("cpsid i" ::: "memory");
  if (received.empty()) asm volatile("wfi" ::: "memory");
  asm volatile("cpsie i" ::: "memory");
}

// Time that passed since the last call, on a clock that does not wrap.
std::uint64_t now_us(std::uint32_t& seen_ticks) {
  static std::uint64_t time_us = 0;
  const std::uint32_t now = ticks;
  time_us += std::uint64_t{now - seen_ticks} * (1'000'000 / kTicksPerSecond);
  seen_ticks = now;
  return time_us;
}

}  // namespace

void main_loop() {
  const BoardFacts facts = start_board(received);
  Firmware& firmware = start_firmware(facts);
  start_systick(facts.cpu_Hz);
  std::uint32_t seen_ticks = 0;
  for (;;) {
    std::uint8_t byte;
    for (std::uint32_t i = 0; i < RxRing::kCapacity && received.pop(byte); ++i) firmware.receive(byte);
    note_boots(firmware.boot_count());
    if (ticks != seen_ticks) {
      serve_watchdog();
      const std::uint64_t time_us = now_us(seen_ticks);
      if (firmware.free_running()) firmware.run_until(time_us);
    }
    sleep_until_interrupt();
  }
}

}  // namespace packbench::firmware

extern "C" {

void packbench_systick() { packbench::firmware::ticks = packbench::firmware::ticks + 1; }

// Nothing can be trusted any more, so: outputs open, and start anew.
void packbench_fault() {
  packbench::firmware::drive_outputs(false, false, false);
  packbench::firmware::announce_reset(packbench::firmware::ResetReason::software);
  packbench::firmware::reset_processor();
}
}
