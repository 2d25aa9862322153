#include <csignal>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "hil/cli/command.h"
#include "hil/cli/interrupt.h"
#include "hil/cli/load.h"
#include "hil/cli/output_folder.h"
#include "hil/cli/terminal.h"
#include "hil/cli/trace_options.h"
#include "hil/cli/usage_error.h"
#include "hil/report/report.h"
#include "hil/session.h"
#include "hil/simulation.h"

namespace packbench::hil {
namespace {

struct SimulateOptions {
  Selection selection;
  std::string out, step, plant_step;
  TraceChoice trace;
  int jobs = 1;
};

std::string base_command(const SimulateOptions& options) {
  std::string text = "packbench simulate";
  for (const std::string& set : options.selection.set) text += fmt::format(" --set {}", shell_quoted(set));
  if (options.selection.seed) text += fmt::format(" --seed {}", *options.selection.seed);
  return text + options.trace.text();
}

SessionOptions session_options(const SimulateOptions& options, Terminal& terminal) {
  SessionOptions session;
  session.devices = {""};
  session.out = options.out;
  session.jobs = options.jobs;
  session.base_command = base_command(options);
  session.run = simulate_scenario;
  session.variants = nullptr;
  session.bench.trace = options.trace.options();
  session.bench.interrupted = interruption();
  session.bench.progress = [&terminal](const Progress& progress) { terminal.progress(progress); };
  session.finished = [&terminal](const RunResult& result) { terminal.finished(result); };
  return session;
}

int fail_with(const std::string& error) {
  fmt::print(stderr, "packbench: {}\n", error);
  return kExitInternal;
}

int simulate(const SimulateOptions& options) {
  const Loaded loaded = load_scenarios(options.selection);
  if (!loaded.ok) return kExitUsage;
  if (const std::string error = prepare_output(options.out); !error.empty()) return fail_with(error);
  listen_to_signals();
  Terminal terminal(loaded.scenarios.size(), options.jobs > 1);
  SessionResult session = run_session(loaded.scenarios, session_options(options, terminal));
  terminal.summary(session);
  if (!options.out.empty()) {
    if (const std::string error = write_reports(session, options.out, std::nullopt); !error.empty())
      return fail_with(error);
  }
  if (const std::string error = first_trace_error(session); !error.empty()) return fail_with(error);
  if (!options.out.empty()) fmt::print("report: {}\n", (std::filesystem::path(options.out) / "report.html").string());
  return simulation_exit_code_of(session);
}

}  // namespace

void add_simulate_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand(
      "simulate", "run the pack of scenarios alone, without a device: a BMS that never intervenes stands in");
  auto options = std::make_shared<SimulateOptions>();
  command->add_option("--out", options->out, "folder for results.json, report.html and traces")
      ->check(not_empty())
      ->type_name("DIR");
  command->add_option("--step", options->step, "time between two samples, instead of the scenario's")
      ->check(time_above_zero())
      ->type_name("TIME");
  command->add_option("--plant-step", options->plant_step, "longest step of the plant between two samples")
      ->check(time_above_zero())
      ->type_name("TIME");
  add_trace_options(*command, options->trace);
  add_selection_options(*command, options->selection);
  command->add_option("--jobs", options->jobs, "runs at once")
      ->check(whole_number(1, 256))
      ->type_name("N")
      ->capture_default_str();
  command->footer(
      "Checks on truth.* and sensed.* are judged as in a run; those that need a device are skipped.\n"
      "Exit codes: 0 carried out and no check failed, 1 a check failed, 2 a check or a phase is inconclusive, 3 bad "
      "input, 4 internal error or unwritable report, 130/143/129 interrupted.");
  command->final_callback([options, &exit_code] {
    if (!options->step.empty()) options->selection.set.push_back("step=" + options->step);
    if (!options->plant_step.empty()) options->selection.set.push_back("plant_step=" + options->plant_step);
    exit_code = simulate(*options);
  });
}

}  // namespace packbench::hil
