// A session: every scenario on every device, one after the other or several at once, into one result.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "hil/bench.h"
#include "hil/run_result.h"

namespace packbench::hil {

struct SessionOptions {
  std::vector<std::string> devices{"native:"};
  std::filesystem::path out;  // traces go to out/traces; empty: none
  int jobs = 1;
  std::string base_command;  // "packbench run ..." without scenario and device, for RunResult::command
  BenchOptions bench;        // device, trace_directory, trace_name and command are set per run
  std::function<RunResult(const sim::Scenario&, const BenchOptions&)> run = run_scenario;
  // The variants of one scenario on one device; null: each is run by `run`, as a scenario of its own.
  std::function<void(const std::vector<VariantRun>&, const std::function<void(std::size_t, RunResult)>&)> variants =
      run_variants;
  std::function<void(const RunResult&)> finished;  // after each run, serialised
};

// Runs all, the variants of one scenario together, in as many parts as there are jobs; after a signal the remaining
// runs are left out. Results are in the order scenario by scenario, device by device, whatever the number of jobs.
SessionResult run_session(const std::vector<sim::Scenario>& scenarios, const SessionOptions& options);

// Why a trace could not be written, of the first run that has such a reason; empty when all were.
std::string first_trace_error(const SessionResult& session);

// A word as a shell takes it back.
std::string shell_quoted(const std::string& word);

// 0 at least one pass and the rest pass or skipped; 1 a fail; 2 an inconclusive and no fail, or nothing judged; 130,
// 143 or 129 (the terminal was closed) interrupted.
int exit_code_of(const SessionResult& session);

}  // namespace packbench::hil
