// The device that a run is to an API, and the gateway that speaks for it.
#pragma once

#include "hil/api/gateway/gateway.h"
#include "hil/api/judge/telemetry.h"

namespace packbench::hil::api {

inline Device device_of(const TelemetryOptions& options) {
  Device device;
  device.device_id = options.device_id;
  device.name = options.device_name;
  device.model = "packbench reference BMS";
  device.location = "test bench";
  return device;
}

inline Gateway gateway_of(const TelemetryOptions& options) {
  return {options.device_id, options.device_name, options.seed};
}

}  // namespace packbench::hil::api
