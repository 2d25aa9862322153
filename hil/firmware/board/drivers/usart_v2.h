// The newer USART (F0, F3, F7, L4, G4, H7): RM0433 chapter 48. Received by interrupt, sent by polling, 8N1, no FIFO.
#pragma once

#include <cstddef>

#include "hil/firmware/board/cortexm/mmio.h"
#include "hil/firmware/board/cortexm/rx_ring.h"

namespace packbench::firmware {

struct UsartV2Registers {
  Register CR1, CR2, CR3, BRR, GTPR, RTOR, RQR, ISR, ICR, RDR, TDR, PRESC;
};

void start_usart(UsartV2Registers& usart, std::uint32_t clock_Hz, std::uint32_t baud);
void send_by_usart(UsartV2Registers& usart, const std::uint8_t* data, std::size_t size);
void take_from_usart(UsartV2Registers& usart, RxRing& received);  // in its interrupt

}  // namespace packbench::firmware
