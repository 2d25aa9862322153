// What one run of one scenario on one device came to: the source of every report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hil/device.h"
#include "sim/checks/check.h"
#include "sim/language/requirements.h"
#include "sim/plant/fault_schedule.h"
#include "sim/plant/pack_summary.h"
#include "sim/plant/phase_runner.h"
#include "sim/trace/trace.h"

namespace packbench::hil {

using sim::Requirement;

// From device report to API record: how long it took, and what the comparison found. In simulated time; of a board's
// own telemetry, and of a run in real time that sends to an API, in real time.
struct TelemetrySummary {
  std::int64_t reports = 0;  // device reports sent; of a board: records that a report explains
  std::int64_t records = 0;  // records fetched back
  double latency_max_s = 0;
  double latency_mean_s = 0;
  std::vector<std::string> findings;  // first few inconsistencies, in words
  std::int64_t latency_count = 0;     // of records whose latency was measured; quantiles by nearest rank
  double latency_p50_s = 0, latency_p95_s = 0, latency_p99_s = 0;
  bool real_time = false;
  std::int64_t never_arrived = 0;  // reports sent and not fetched back; of a board: by the gaps of its records
  // By how much they are ahead of this machine's; nothing where it was not told.
  std::optional<double> device_clock_ahead_s{}, api_clock_ahead_s{};
};

struct RunResult {
  bool simulated = false;  // the pack alone: no device
  std::string scenario, file, scenario_sha256;
  std::vector<std::string> requirement, tags;
  std::string description;
  std::string device, firmware, profile_sha256, defect;
  std::uint64_t seed = 0;
  sim::Verdict verdict = sim::Verdict::inconclusive;
  std::string reason;
  bool interrupted = false;
  double sim_s = 0, wall_s = 0;
  std::int64_t steps = 0;
  std::int64_t overruns = 0;  // steps of a paced run that ended after their real time
  double step_s = 0;
  double phases_start_s = 0;
  std::string trace_file, trace_hash;
  std::string trace;        // trace_file relative to the folder of the reports
  std::string trace_error;  // why there is no trace file although one was wanted
  std::optional<std::string> first_fault;
  std::string evidence;  // of what the contactors are driven to: evidence_name(); empty without a device
  LinkCounters link;
  std::vector<sim::CheckResult> checks;
  std::vector<sim::PhaseRecord> phases;
  std::vector<sim::FaultEvent> faults;
  std::vector<std::string> notes;  // "paced in real time", "driven: cell_voltage", evidence grade of ACTUATORS
  std::optional<TelemetrySummary> telemetry;
  std::optional<sim::PackSummary> pack;
  std::vector<sim::PlotSeries> plots;
  int cells = 15;
  std::string command;  // reproduces this run
};

// A whole call of `packbench run`.
struct SessionResult {
  std::string packbench_version, commit, started;  // started: RFC 3339
  double wall_s = 0;
  std::vector<RunResult> runs;
  std::vector<Requirement> requirements;  // of scenarios/requirements.yaml, for the coverage matrix
  bool interrupted = false;
  int signal = 0;
};

}  // namespace packbench::hil
