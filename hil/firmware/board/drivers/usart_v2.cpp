#include "hil/firmware/board/drivers/usart_v2.h"

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kIsrErrors = 0xFu, kIsrRxne = 1u << 5, kIsrTxe = 1u << 7;  // errors: PE, FE, NE, ORE
constexpr std::uint32_t kCr1Ue = 1u << 0, kCr1Re = 1u << 2, kCr1Te = 1u << 3, kCr1Rxneie = 1u << 5;

}  // namespace

void start_usart(UsartV2Registers& usart, std::uint32_t clock_Hz, std::uint32_t baud) {
  usart.CR1 = 0;
  usart.CR2 = 0;
  usart.CR3 = 0;
  usart.PRESC = 0;
  usart.BRR = (clock_Hz + baud / 2) / baud;
  usart.CR1 = kCr1Ue;
  usart.CR1 = kCr1Ue | kCr1Te | kCr1Re | kCr1Rxneie;
}

void send_by_usart(UsartV2Registers& usart, const std::uint8_t* data, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    while ((usart.ISR & kIsrTxe) == 0) {
    }
    usart.TDR = data[i];
  }
}

// Errors stay until ICR clears them (an overrun interrupts until then); reading RDR clears RXNE.
void take_from_usart(UsartV2Registers& usart, RxRing& received) {
  const std::uint32_t status = usart.ISR;
  if ((status & kIsrErrors) != 0) {
    usart.ICR = status & kIsrErrors;
    received.line_errors = received.line_errors + 1;
  }
  if ((status & kIsrRxne) != 0) received.push(static_cast<std::uint8_t>(usart.RDR));
}

}  // namespace packbench::firmware
