// How `packbench gateway` is doing: as a line, and as a file for a monitor.
#pragma once

#include <cstdint>
#include <string>

#include "hil/api/gateway/forwarder.h"

namespace packbench::hil {

struct GatewayStatus {
  std::string device_id;
  std::int64_t accepted = 0, lost = 0, room = 0;      // records; lost: the buffer did not take them; room: left in it
  std::uint64_t good_frames = 0, damaged_frames = 0;  // of the line
  bool device_reports = false;
  api::OutboxCounts buffer;
  api::ForwarderState api;
};

// "accepted 60, delivered 58, ... ; 2 records wait, the oldest for 1.2 s."
std::string status_line(const GatewayStatus& status, std::int64_t now_ms);

// The text format of Prometheus, for the textfile collector of its node exporter. Label `device` on every one:
//   gateway_records_total{result}      accepted, delivered, duplicate (the API had it), refused (set aside), lost
//   gateway_records_waiting, gateway_records_set_aside, gateway_buffer_room_records, gateway_oldest_waiting_seconds
//   gateway_device_up, gateway_api_up  1 while the device reports, and the last exchange with the API succeeded
//   gateway_clock_ahead_seconds        this machine's clock against the API's, once known
//   uart_frames_total{dir,result}      dir in; good, damaged
std::string status_metrics(const GatewayStatus& status, std::int64_t now_ms);

// Replaces the file at once, so that a reader sees the old text or the new. False when it could not be written.
[[nodiscard]] bool replace_file(const std::string& name, const std::string& text);

}  // namespace packbench::hil
