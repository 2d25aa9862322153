// The cloud side of a run: a Device API server with its store, a gateway that sends what the device reported, and a
// client that fetches it back over a real socket at every telemetry instant; and the judge that compares the three.
//
// Instants are the multiples of scenario.telemetry_period; at an instant without a new report nothing is sent. Sending
// and fetching are synchronous, so the same run gives the same api.* signals. The server's clock is the simulated time
// and stays at the last instant of the run.
//
// The judge asks: is every report there once, in order, equal to the wire's digit (fixed point, no tolerance); is it
// within the sensing's stated bounds of the truth it rests on (sensing_bounds.h, truth_log.h); are contactors as
// reported, and as the contacts were within their timing; do the presets give what the range gives; did each report
// become a record in time. Channels with an injected fault between truth and report are left out while it lasts and
// settles (fault_windows.h), and the verdict's detail names channel and times.
//
// Of a board's own telemetry it asks: is every record explained by what the board reported, within how long; was the
// newest one never too old; did the reports agree with the truth, and the contactors with the contacts; none lost, no
// gap, double or disorder.
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
  std::uint64_t seed = 1;  // record ids are derived from seed, device, boot and sequence
  // Not empty: an API elsewhere instead of the built-in server (key from PACKBENCH_API_KEY). The run registers a device
  // of its own there, device_id with a random ending, so that runs do not meet each other's records; presets are not
  // judged. When the API goes away in between, records wait in a buffer, at the end for at most 30 s.
  std::string remote_url;
  std::string ca_file{};      // PEM file of the authorities to trust over https; empty: the system's
  bool verify_remote = true;  // the certificate of remote_url
  // Not empty: what this device itself sends there is judged instead of the gateway's (board_telemetry.h). The run only
  // reads, and must be paced in real time.
  std::string board_id;
  // Simulated seconds per real second: records wait for an API elsewhere while the run goes on. 0: simulated time waits
  // for the API, at most 30 s, so that latencies say nothing of how fast the run is.
  double speed = 0;
};

class Telemetry {
 public:
  // Starts server and store on a free loopback port. Throws std::system_error when that fails, std::invalid_argument
  // when remote_url or the scenario's epoch is not understood. A remote API is first reached in step(), for a board's
  // own telemetry here.
  Telemetry(const sim::Scenario& scenario, TelemetryOptions options);
  ~Telemetry();

  // `after` and `until` of telemetry checks count from here (default: the start of the run), and `at` of faults.
  void start_phases(sim::TimeNs now);

  // An outage of the API that the scenario injects: from now on nothing reaches it, or everything does again. A
  // board that sends by itself cannot be cut off: then nothing is judged, and that is said.
  void set_outage(bool active);

  // At a sample: when a telemetry instant is due and the device has reported, sends the report as one record, fetches
  // it back and fills api.* of the frame; between instants api.* is held, and api.age grows. Sets the server's clock to
  // the simulated time. Call it at every sample, after truth.* and device.* are filled: truth is remembered for the
  // judge. An empty string, or once what went wrong with the API (the run goes on without it; telemetry checks become
  // inconclusive).
  std::string step(sim::TimeNs now, const DeviceReport& report, sim::Frame& frame);

  // Fetches the whole run back page by page (start/end) and compares record by record: API, device report, truth. One
  // result per telemetry_consistent spec. measured, limit and margin: the latency from report to record in ms when all
  // is consistent, else the number of findings against 0.
  std::vector<sim::CheckResult> judge(sim::TimeNs now, const std::vector<sim::CheckSpec>& specs);
  TelemetrySummary summary() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::hil::api
