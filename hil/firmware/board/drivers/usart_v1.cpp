#include "hil/firmware/board/drivers/usart_v1.h"

namespace packbench::firmware {
namespace {

constexpr std::uint32_t kSrErrors = 0xFu, kSrRxne = 1u << 5, kSrTxe = 1u << 7;  // errors: PE, FE, NF, ORE
constexpr std::uint32_t kCr1Re = 1u << 2, kCr1Te = 1u << 3, kCr1Rxneie = 1u << 5, kCr1Ue = 1u << 13;

}  // namespace

void start_usart(UsartV1Registers& usart, std::uint32_t clock_Hz, std::uint32_t baud) {
  usart.CR1 = 0;
  usart.CR2 = 0;
  usart.CR3 = 0;
  usart.BRR = (clock_Hz + baud / 2) / baud;
  usart.CR1 = kCr1Ue | kCr1Te | kCr1Re | kCr1Rxneie;
}

void send_by_usart(UsartV1Registers& usart, const std::uint8_t* data, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    while ((usart.SR & kSrTxe) == 0) {
    }
    usart.DR = data[i];
  }
}

// Reading SR and then DR clears RXNE and the errors.
void take_from_usart(UsartV1Registers& usart, RxRing& received) {
  const std::uint32_t status = usart.SR;
  const std::uint32_t data = usart.DR;
  if ((status & kSrErrors) != 0) received.line_errors = received.line_errors + 1;
  if ((status & kSrRxne) != 0) received.push(static_cast<std::uint8_t>(data));
}

}  // namespace packbench::firmware
