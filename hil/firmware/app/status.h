// STATUS: what the application reports about itself, from the core's state alone.
#pragma once

#include "hil/firmware/core/bms.h"
#include "hil/packlink/messages.h"

namespace packbench::firmware {

// What is known outside the core.
struct BootRecord {
  std::uint64_t uptime_us = 0;
  std::uint32_t boot_count = 0;
  std::uint8_t reset_reason = 0;
  std::uint16_t rx_errors = 0;
};

packlink_status_t make_status(const Bms& bms, const BootRecord& boot);

// A frame of readings as the core wants it: reserved values become kNoReading.
Measurement to_measurement(const packlink_measurements_t& readings, std::uint16_t sequence);

}  // namespace packbench::firmware
