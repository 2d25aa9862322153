// The older USART (F1, F2, F4): RM0090 chapter 30. Received by interrupt, sent by polling, 8N1.
#pragma once

#include <cstddef>

#include "hil/firmware/board/cortexm/mmio.h"
#include "hil/firmware/board/cortexm/rx_ring.h"

namespace packbench::firmware {

struct UsartV1Registers {
  Register SR, DR, BRR, CR1, CR2, CR3, GTPR;
};

void start_usart(UsartV1Registers& usart, std::uint32_t clock_Hz, std::uint32_t baud);
void send_by_usart(UsartV1Registers& usart, const std::uint8_t* data, std::size_t size);
void take_from_usart(UsartV1Registers& usart, RxRing& received);  // in its interrupt

}  // namespace packbench::firmware
