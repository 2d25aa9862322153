// The cloud side of a run: a Device API server with its store, a gateway that sends what the device reported, and a client
// that fetches it back over a real socket at every telemetry instant; and the judge that compares the three.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "hil/device.h"
#include "hil/run_result.h"
#include "sim/checks/check.h"
#include "sim/language/scenario.h"

namespace packbench::hil::api {

struct TelemetryOptions {
  std::string device_id = "STM32H753ZI";
  std::string device_name = "BMS_DEVICE_1";
  std::uint64_t seed = 1;   // record ids are derived from seed, device, boot and sequence
  std::string remote_url;   // not empty: an API elsewhere instead of the built-in server (key from PACKBENCH_API_KEY)
};

class Telemetry {
 public:
  // Starts server and store on a free loopback port. Throws std::system_error when that fails.
  Telemetry(const sim::Scenario& scenario, TelemetryOptions options);
  ~Telemetry();

  // At a sample: when a telemetry instant is due and the device has reported, sends the report as one record, fetches it back
  // and fills api.* of the frame; between instants api.* is held. Sets the server's clock to the simulated time.
  // An empty string, or what went wrong with the API (the run goes on; telemetry checks become inconclusive).
  std::string step(sim::TimeNs now, const DeviceReport& report, sim::Frame& frame);

  // Fetches the whole run back page by page (start/end) and compares record by record: API, device report, truth. One result per
  // telemetry_consistent spec.
  std::vector<sim::CheckResult> judge(sim::TimeNs now, const std::vector<sim::CheckSpec>& specs);
  TelemetrySummary summary() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
