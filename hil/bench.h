// The bench: runs one scenario on one device under test and judges it.
//
// One step, as in the picture of README.md: the plant is sampled, sensing measures, the link exchanges MEASUREMENTS and
// TICK for ACTUATORS, STATUS and TICK_DONE, the cloud side sends and fetches telemetry, checks and trace see the whole
// row, and the device's outputs act back on the plant. Single-threaded and deterministic: simulated time is the only
// clock of a run; the pacer only slows it down.
#pragma once

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "hil/run_result.h"
#include "sim/language/scenario.h"
#include "sim/trace/trace.h"

namespace packbench::hil {

// What a person sees while a run goes on.
struct Progress {
  const std::string& scenario;
  std::string_view phase;
  double sim_s = 0;
  double total_s = 0;  // upper bound
  sim::Verdict so_far = sim::Verdict::inconclusive;
};

struct BenchOptions {
  std::string device = "native:";
  std::string defect;                     // deliberate defect of the reference BMS
  bool api = true;                        // run the Device API side
  std::string remote_api;                 // judge this API instead of the built-in one
  std::string remote_ca;                  // PEM file of the authorities to trust over https; empty: the system's
  bool verify_remote = true;              // the certificate of remote_api
  std::string board_id;                   // not empty: what this device itself sends to remote_api
  double speed = 0;                       // simulated seconds per real second; 0: as fast as possible
  double watchdog_s = 5.0;                // real seconds without an answer before a device counts as stalled
  std::filesystem::path trace_directory;  // empty: no trace files
  std::string trace_name;                 // without extension
  sim::TraceOptions trace;
  std::string executable;  // packbench itself, for native: (empty: the running program)
  std::string command;     // reproduces the run, for the report
  std::function<void(const Progress&)> progress;
  const volatile std::sig_atomic_t* interrupted = nullptr;  // non-zero ends the run at the next step
};

// Runs the scenario. Trouble with the device or the bench becomes a verdict with a reason; throws only for bugs. A
// trace that cannot be written is noted in RunResult::trace_error; when it cannot even be begun, the run is
// inconclusive.
RunResult run_scenario(const sim::Scenario& scenario, const BenchOptions& options);

// Runs the variants of one prepared scenario, all on one device: the preparation is carried out once, and every variant
// goes on from a snapshot of its end. Each gives what run_scenario gives for it, which is also what is called where
// there is no snapshot to go on from: for a kind of device without them, or a run that is paced by the wall clock. The
// results are handed over one by one, each with its place in `variants`, until a signal comes.
struct VariantRun {
  const sim::Scenario& scenario;
  BenchOptions options;
};
void run_variants(const std::vector<VariantRun>& variants, const std::function<void(std::size_t, RunResult)>& finished);

}  // namespace packbench::hil
