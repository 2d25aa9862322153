// The NUCLEO-H753ZI: USART3 (PD8, PD9) to the ST-LINK's serial port, three LEDs as contactor outputs.
#include "hil/firmware/board/cortexm/board_support.h"
#include "hil/firmware/board/cortexm/processor.h"
#include "hil/firmware/board/cortexm/vectors.h"
#include "hil/firmware/board/stm32h753/clock.h"
#include "hil/firmware/board/stm32h753/registers.h"

namespace packbench::firmware {
namespace {

using namespace stm32h753;

constexpr std::uint32_t kBaud = 921'600;
constexpr unsigned kMainPin = 0, kChargerPin = 1, kPrechargePin = 14;  // PB0 green, PE1 yellow, PB14 red (UM2407)
constexpr unsigned kTxPin = 8, kRxPin = 9, kUsartFunction = 7;

RxRing* line_ring;
char unique_id[kUniqueIdWords * 8 + 1];

// RM0433 table 56; a loss of power sets all of the others' flags as well, any reset that of the pin.
std::optional<ResetReason> take_reset_reason() {
  const std::uint32_t flags = rcc().RSR;
  set_bits(rcc().RSR, kRsrRmvf);
  if ((flags & kRsrPor) != 0) return ResetReason::power_on;
  if ((flags & kRsrBor) != 0) return ResetReason::brown_out;
  if ((flags & (kRsrIwdg1 | kRsrWwdg1)) != 0) return ResetReason::watchdog;
  if ((flags & kRsrSoftware) != 0) return ResetReason::software;
  if ((flags & kRsrPin) != 0) return ResetReason::external;
  return std::nullopt;
}

const char* read_unique_id() {
  const Register* words = reinterpret_cast<const Register*>(kUniqueIdAt);
  for (std::uint32_t i = 0; i < kUniqueIdWords * 8; ++i) {
    unique_id[i] = "0123456789ABCDEF"[words[i / 8] >> (28 - 4 * (i % 8)) & 0xF];
  }
  return unique_id;
}

void start_pins() {
  set_bits(rcc().AHB4ENR, kAhb4Gpiob | kAhb4Gpiod | kAhb4Gpioe);
  static_cast<void>(rcc().AHB4ENR);  // the clock runs two cycles after the write; a read takes longer
  make_output(gpiob(), kMainPin);
  make_output(gpioe(), kChargerPin);
  make_output(gpiob(), kPrechargePin);
}

void start_line(std::uint32_t clock_Hz) {
  make_alternate(gpiod(), kTxPin, kUsartFunction);
  make_alternate(gpiod(), kRxPin, kUsartFunction);
  set_bits(rcc().APB1LENR, kApb1lUsart3);
  static_cast<void>(rcc().APB1LENR);
  start_usart(usart3(), clock_Hz, kBaud);
  enable_interrupt(kUsart3Interrupt);
}

}  // namespace

BoardFacts start_board(RxRing& received) {
  start_pins();
  const std::optional<ResetReason> reason = take_reset_reason();
  const Clocks clocks = start_clocks();
  start_iwdg(iwdg1(), kWatchdog_us);
  line_ring = &received;
  start_line(clocks.apb1_Hz);
  return {clocks.cpu_Hz, reason, read_unique_id(), clocks.trouble};
}

void drive_outputs(bool main, bool charger, bool precharge) {
  write_pin(gpiob(), kMainPin, main);
  write_pin(gpioe(), kChargerPin, charger);
  write_pin(gpiob(), kPrechargePin, precharge);
}

void send_bytes(const std::uint8_t* data, std::size_t size) { send_by_usart(usart3(), data, size); }
void serve_watchdog() { serve_iwdg(iwdg1()); }

}  // namespace packbench::firmware

extern "C" {

void packbench_line() {
  packbench::firmware::take_from_usart(packbench::firmware::stm32h753::usart3(), *packbench::firmware::line_ring);
}

[[gnu::section(".vectors"), gnu::used]] constinit const auto packbench_vectors =
    packbench::firmware::make_vectors<packbench::firmware::stm32h753::kInterrupts>(
        packbench::firmware::stm32h753::kUsart3Interrupt);
}
