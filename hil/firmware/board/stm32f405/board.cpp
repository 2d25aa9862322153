// The STM32F405 as emulators have it (the netduinoplus2 of QEMU): USART1, outputs on PB0, PB1 and PB10.
//
// Clocks: HSI 16 MHz / 16 x 336 / 2 -> 168 MHz, APB2 84 MHz. QEMU has no clock control (its registers read zero) and
// always runs at 168 MHz, so a PLL that is not ready within the bound is passed over. The unique id is not read: QEMU
// has nothing at its address.
#include "hil/firmware/board/cortexm/board_support.h"
#include "hil/firmware/board/cortexm/processor.h"
#include "hil/firmware/board/cortexm/vectors.h"
#include "hil/firmware/board/stm32f405/registers.h"

namespace packbench::firmware {
namespace {

using namespace stm32f405;

constexpr std::uint32_t kBaud = 921'600, kCpu_Hz = 168'000'000, kApb2_Hz = 84'000'000;
constexpr unsigned kMainPin = 0, kChargerPin = 1, kPrechargePin = 10;
constexpr unsigned kTxPin = 9, kRxPin = 10, kUsartFunction = 7;
constexpr unsigned kTries = 5'000;  // at 16 MHz and at least 5 cycles each: 1.5 ms, where the PLL needs 0.3 ms

RxRing* line_ring;

// RM0090 7.3.21; a loss of power sets all of the others' flags as well, any reset that of the pin.
std::optional<ResetReason> take_reset_reason() {
  const std::uint32_t flags = rcc().CSR;
  set_bits(rcc().CSR, kCsrRmvf);
  if ((flags & kCsrPor) != 0) return ResetReason::power_on;
  if ((flags & kCsrBor) != 0) return ResetReason::brown_out;
  if ((flags & (kCsrIwdg | kCsrWwdg)) != 0) return ResetReason::watchdog;
  if ((flags & kCsrSoftware) != 0) return ResetReason::software;
  if ((flags & kCsrPin) != 0) return ResetReason::external;
  return std::nullopt;
}

void start_pins() {
  set_bits(rcc().AHB1ENR, kAhb1Gpioa | kAhb1Gpiob);
  static_cast<void>(rcc().AHB1ENR);
  for (const unsigned pin : {kMainPin, kChargerPin, kPrechargePin}) make_output(gpiob(), pin);
}

void start_clocks() {
  rcc().PLLCFGR = 16u | 336u << 6 | 7u << 24;  // from HSI: PLLM, PLLN, PLLP / 2, PLLQ
  set_bits(rcc().CR, kCrPllon);
  if (!wait_for(rcc().CR, kCrPllrdy, kCrPllrdy, kTries)) return;
  flash_acr() = 5u | 7u << 8;  // five wait states, prefetch and both caches (RM0090 table 10)
  rcc().CFGR = kCfgrApb1By4 | kCfgrApb2By2;
  replace_bits(rcc().CFGR, kCfgrSw, kCfgrSwPll);
  wait_for(rcc().CFGR, kCfgrSws, kCfgrSwsPll, kTries);
}

void start_line() {
  make_alternate(gpioa(), kTxPin, kUsartFunction);
  make_alternate(gpioa(), kRxPin, kUsartFunction);
  set_bits(rcc().APB2ENR, kApb2Usart1);
  static_cast<void>(rcc().APB2ENR);
  start_usart(usart1(), kApb2_Hz, kBaud);
  enable_interrupt(kUsart1Interrupt);
}

}  // namespace

BoardFacts start_board(RxRing& received) {
  start_pins();
  const std::optional<ResetReason> reason = take_reset_reason();
  start_clocks();
  start_iwdg(iwdg(), kWatchdog_us);
  line_ring = &received;
  start_line();
  return {kCpu_Hz, reason, nullptr, nullptr};
}

void drive_outputs(bool main, bool charger, bool precharge) {
  write_pin(gpiob(), kMainPin, main);
  write_pin(gpiob(), kChargerPin, charger);
  write_pin(gpiob(), kPrechargePin, precharge);
}

void send_bytes(const std::uint8_t* data, std::size_t size) { send_by_usart(usart1(), data, size); }
void serve_watchdog() { serve_iwdg(iwdg()); }

}  // namespace packbench::firmware

extern "C" {

void packbench_line() {
  packbench::firmware::take_from_usart(packbench::firmware::stm32f405::usart1(), *packbench::firmware::line_ring);
}

[[gnu::section(".vectors"), gnu::used]] constinit const auto packbench_vectors =
    packbench::firmware::make_vectors<packbench::firmware::stm32f405::kInterrupts>(
        packbench::firmware::stm32f405::kUsart1Interrupt);
}
