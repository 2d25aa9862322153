// What the common part of the images asks of a board. Each board's folder defines these functions once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "hil/firmware/board/cortexm/rx_ring.h"
#include "hil/firmware/core/codes.h"

namespace packbench::firmware {

struct BoardFacts {
  std::uint32_t cpu_Hz = 0;
  std::optional<ResetReason> reset_reason;  // nothing when the chip does not say
  const char* device_id = nullptr;          // of this very chip; null: it has none
  const char* notice = nullptr;             // what the bench should know about this start; null: nothing
};

// Outputs open, clocks, watchdog, line; bytes come in by interrupt from here on.
BoardFacts start_board(RxRing& received);
// The three contactor outputs. Works from the first instruction on, also from a fault handler.
void drive_outputs(bool main, bool charger, bool precharge);
void send_bytes(const std::uint8_t* data, std::size_t size);
void serve_watchdog();

}  // namespace packbench::firmware
