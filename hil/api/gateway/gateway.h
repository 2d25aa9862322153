// The gateway: turns what a device reported over the line into the record that goes to the Device API.
//
// Every value is taken over in its fixed-point unit, so a record equals its report exactly. The temperature is the
// highest of the cell sensors: the last sensor sits on the board and counts only where there is no other, and an open
// or shorted sensor (below -40 or above 120 degC) does not count at all.
#pragma once

#include <cstdint>
#include <string>

#include "hil/api/values/record.h"
#include "hil/packlink/messages.h"

namespace packbench::hil::api {

struct Gateway {
  std::string device_id, device_name;
  std::uint64_t seed = 1;

  // measured_ms: when the device reported. sequence: of the record, unique in this run.
  Record record(const packlink_status_t& status, std::int64_t measured_ms, std::int64_t sequence) const;
};

}  // namespace packbench::hil::api
