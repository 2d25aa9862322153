// From the findings of a run to the verdict of one `telemetry: consistent` check.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "hil/api/judge/comparison.h"
#include "hil/run_result.h"
#include "sim/checks/check.h"

namespace packbench::hil::api {

struct TelemetryEvidence {
  const std::vector<Sent>& sent;
  const std::vector<Finding>& findings;  // ordered by time
  const std::string& trouble;            // why the API could not be asked, empty when it could
  const TruthLog& truth;
  sim::TimeNs phases_start;
  sim::TimeNs resolution;   // of latencies: one step, or the time between two looks at the API
  std::string about_api{};  // what else is to say of an API elsewhere: a clause
  bool elsewhere = false;   // then the distribution of the latencies is told
  std::span<const Staleness> stale{};
  std::span<const Silence> silences{};
};

// The latencies of the records that have one.
void summarise_latencies(const std::vector<Sent>& sent, TelemetrySummary& summary);

// Inconclusive without a record in the check's window or when the API failed, and with `latest` when a record's latency
// is not known; fail with a finding, a latency that is over `latest` at least, or an API that was silent for longer.
sim::CheckResult telemetry_verdict(const sim::CheckSpec& spec, const TelemetryEvidence& evidence);

}  // namespace packbench::hil::api
