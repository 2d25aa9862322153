// The ways on which the reports of a run become records of a Device API, and come back. Telemetry has one of them.
//
//   built in   a server of the run's own: sent and looked at synchronously, the same bits
//   remote     an API elsewhere: by way of an outbox and a thread, through outages
//   board      an API elsewhere to which the board sends by itself: only read
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/client/client.h"
#include "hil/api/judge/comparison.h"
#include "hil/api/judge/telemetry.h"

namespace packbench::hil::api {

// What all ways share.
struct CloudRun {
  // Throws std::invalid_argument when the scenario's epoch is not understood.
  CloudRun(const sim::Scenario& scenario, TelemetryOptions options);

  std::int64_t wall_ms(sim::TimeNs time) const { return epoch_ms + time / sim::kMillisecond; }
  // All records of the run, as they came back, with what was sent, and the contacts with them.
  void compare(const Answer<std::vector<Record>>& whole, sim::TimeNs end);
  // Whether the contacts were as the records say.
  void judge_contacts(sim::TimeNs end);
  void put_findings_in_order();
  // Of the records that were sent, those from `first` on could not go: why nothing is judged.
  std::string waiting_text(std::size_t first, const std::string& why) const;

  TelemetryOptions options;
  std::int64_t epoch_ms;
  sim::TimeNs period, step;
  TruthLog truth;
  std::vector<Sent> sent;  // in the order of their times
  std::vector<Finding> findings;
  bool cut_off = false;           // by a fault of the scenario: nothing reaches the API
  std::string trouble;            // why the API could not be asked; empty while it could
  std::optional<Record> newest;   // as the API gave it
  std::int64_t count = 0;         // how often another one was the newest
  std::int64_t arrived = 0;       // records of which that is known, to the last
  sim::TimeNs allowed = 0;        // from report to record, the longest of all checks; 0: any time
  std::vector<Staleness> stale;   // looks at a newest record that was not the newest report's, in the order of time
  std::vector<Silence> silences;  // of the API
};

inline constexpr const char* kCutOff = "the outage that the scenario injects is not over.";

class CloudPath {
 public:
  virtual ~CloudPath() = default;

  // Every sample, before the report of that sample is sent.
  virtual void sample(sim::TimeNs now) = 0;
  // A report that was not there before.
  virtual void hear(const packlink_status_t& report, sim::TimeNs at) = 0;
  // At a telemetry instant: the newest report, which came at `reported`.
  virtual void send(const packlink_status_t& report, sim::TimeNs reported, sim::TimeNs now) = 0;
  // At the end, when something was heard: fetches what is there and compares.
  virtual void judge(sim::TimeNs now) = 0;

  virtual std::int64_t now_ms(sim::TimeNs now) const = 0;  // by the clock of the records' times
  virtual sim::TimeNs resolution() const = 0;              // of latencies
  virtual std::string about_api() const { return {}; }     // what else is to say of the API: a clause
  virtual void summarise(TelemetrySummary& summary) const = 0;
};

// `run` outlives the way. They throw like Telemetry.
std::unique_ptr<CloudPath> make_built_in_path(CloudRun& run);
std::unique_ptr<CloudPath> make_remote_path(CloudRun& run);
std::unique_ptr<CloudPath> make_board_path(CloudRun& run);

}  // namespace packbench::hil::api
