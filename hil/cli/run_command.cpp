#include <filesystem>
#include <memory>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "hil/api/client/connection.h"
#include "hil/cli/api_key.h"
#include "hil/cli/command.h"
#include "hil/cli/interrupt.h"
#include "hil/cli/load.h"
#include "hil/cli/output_folder.h"
#include "hil/cli/run_metrics.h"
#include "hil/cli/terminal.h"
#include "hil/cli/trace_options.h"
#include "hil/cli/usage_error.h"
#include "hil/device_uri.h"
#include "hil/firmware/core/defects.h"
#include "hil/report/report.h"
#include "hil/session.h"
#include "sim/spelling.h"

namespace packbench::hil {
namespace {

struct RunOptions {
  Selection selection;
  std::vector<std::string> devices;
  std::string out, junit, metrics, defect, api, api_ca, board_id;
  TraceChoice trace;
  int jobs = 1;
  bool realtime = false, no_api = false, insecure = false;
  double speed = 0, watchdog_s = 5;
};

bool known_defect(const std::string& name) {
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i) {
    if (name == firmware::kDefects[i].name) return true;
  }
  return false;
}

std::string unknown_defect(const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i) known.emplace_back(firmware::kDefects[i].name);
  const auto meant = sim::nearest_word(name, known);
  return fmt::format("the reference BMS has no defect '{}' ({}packbench list --defects shows them)", name,
                     meant ? fmt::format("did you mean '{}'? ", *meant) : "");
}

std::string wrong_api(const RunOptions& options) {
  if (options.api.empty()) return "";
  try {
    api::check_access(options.api, options.api_ca);
    needed_api_key();
    return options.board_id.empty() || options.realtime
               ? ""
               : "--api-device needs --realtime: a board sends its telemetry by the wall clock.";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

// Complains about what can be seen to be wrong before anything runs.
bool usable(const RunOptions& options) {
  std::string wrong = wrong_api(options);
  for (const std::string& uri : options.devices) {
    if (wrong.empty()) wrong = check_device_uri(uri);
  }
  if (wrong.empty() && !options.defect.empty() && !known_defect(options.defect)) wrong = unknown_defect(options.defect);
  if (!wrong.empty()) fmt::print(stderr, "packbench: {}\n", wrong);
  return wrong.empty();
}

std::string base_command(const RunOptions& options) {
  std::string text = "packbench run";
  for (const std::string& set : options.selection.set) text += fmt::format(" --set {}", shell_quoted(set));
  if (options.selection.seed) text += fmt::format(" --seed {}", *options.selection.seed);
  if (!options.defect.empty()) text += " --defect " + options.defect;
  if (options.no_api) text += " --no-api";
  if (!options.api.empty()) text += " --api " + shell_quoted(options.api);
  if (!options.api_ca.empty()) text += " --ca " + shell_quoted(options.api_ca);
  if (options.insecure) text += " --insecure";
  if (!options.board_id.empty()) text += " --api-device " + shell_quoted(options.board_id);
  return text + options.trace.text();
}

SessionOptions session_options(const RunOptions& options, Terminal& terminal, RunMetrics& metrics) {
  SessionOptions session;
  session.devices = options.devices;
  session.out = options.out;
  session.jobs = options.jobs;
  session.base_command = base_command(options);
  session.bench.defect = options.defect;
  session.bench.api = !options.no_api;
  session.bench.remote_api = options.api;
  session.bench.remote_ca = options.api_ca;
  session.bench.verify_remote = !options.insecure;
  session.bench.board_id = options.board_id;
  session.bench.trace = options.trace.options();
  session.bench.speed = options.realtime ? 1.0 : options.speed;
  session.bench.watchdog_s = options.watchdog_s;
  session.bench.interrupted = interruption();
  session.bench.progress = [&terminal](const Progress& progress) { terminal.progress(progress); };
  session.finished = [&](const RunResult& result) {
    terminal.finished(result);
    metrics.add(result);
  };
  return session;
}

std::string write_files(const RunOptions& options, const SessionResult& session) {
  const std::optional<std::filesystem::path> junit =
      options.junit.empty() ? std::nullopt : std::make_optional<std::filesystem::path>(options.junit);
  if (options.out.empty() && !junit) return "";
  return write_reports(session, options.out, junit);
}

int report_trouble(const std::string& what) {
  fmt::print(stderr, "packbench: {}\n", what);
  return kExitInternal;
}

int run(RunOptions options) {
  if (options.devices.empty()) options.devices.emplace_back("native:");
  if (!usable(options)) return kExitUsage;
  const Loaded loaded = load_scenarios(options.selection);
  if (!loaded.ok) return kExitUsage;
  if (options.insecure && options.api.starts_with("https:"))
    fmt::print(stderr, "packbench: the certificate of {} is not verified, as --insecure asks.\n", options.api);
  for (const std::string& error : {prepare_output(options.out), prepare_file("--junit", options.junit),
                                   prepare_file("--metrics", options.metrics)}) {
    if (!error.empty()) return report_trouble(error);
  }
  listen_to_signals();
  RunMetrics metrics(options.metrics);
  Terminal terminal(loaded.scenarios.size() * options.devices.size(), options.jobs > 1);
  SessionResult session = run_session(loaded.scenarios, session_options(options, terminal, metrics));
  session.requirements = loaded.requirements;
  terminal.summary(session);
  for (const std::string& error : {write_files(options, session), first_trace_error(session), metrics.finish()}) {
    if (!error.empty()) return report_trouble(error);
  }
  if (!options.out.empty()) fmt::print("report: {}\n", (std::filesystem::path(options.out) / "report.html").string());
  return exit_code_of(session);
}

constexpr const char* kFooter =
    "Exit code: 0 pass; 1 a run failed; 2 a run was inconclusive, or nothing was judged; 3 bad input; 4 a report could "
    "not be written;\n130, 143 or 129 interrupted.\n"
    "Example: packbench run scenarios/protection --out out --metrics out/packbench.prom";

void add_api_options(CLI::App& command, RunOptions& options) {
  auto* api =
      command
          .add_option(
              "--api", options.api,
              "judge the Device API at this URL instead of the built-in one: the bench sends the reports there, as "
              "a device of this run, and reads them back (key in PACKBENCH_API_KEY)")
          ->check(not_empty())
          ->type_name("URL");
  command
      .add_option("--api-device", options.board_id,
                  "with --api and --realtime: judge what the board sends there by itself, as this device; nothing is "
                  "written")
      ->check(not_empty())
      ->needs(api)
      ->type_name("ID");
  auto* ca = command
                 .add_option("--ca", options.api_ca,
                             "with --api: certificates to trust over https, a PEM file (default: the system's)")
                 ->check(not_empty())
                 ->needs(api)
                 ->type_name("FILE");
  command.add_flag("--insecure", options.insecure, "with --api: accept any certificate; the report says so")
      ->needs(api)
      ->excludes(ca);
  command.add_flag("--no-api", options.no_api, "run without the Device API")->excludes(api);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "run scenarios on a device and judge it");
  command->footer(kFooter);
  auto options = std::make_shared<RunOptions>();
  command
      ->add_option("--device", options->devices,
                   "device, repeatable: each scenario runs on each (packbench list --devices; default native:)")
      ->allow_extra_args(false)
      ->type_name("URI");
  command->add_option("--out", options->out, "folder for results.json, junit.xml, report.html and traces")
      ->check(not_empty())
      ->type_name("DIR");
  command->add_option("--junit", options->junit, "write JUnit XML to this file")->check(not_empty())->type_name("FILE");
  command
      ->add_option("--metrics", options->metrics,
                   "write counters to this file after each run, as Prometheus reads them (textfile collector)")
      ->check(not_empty())
      ->type_name("FILE");
  add_trace_options(*command, options->trace);
  add_selection_options(*command, options->selection);
  command->add_option("--jobs", options->jobs, "runs at once")
      ->check(whole_number(1, 256))
      ->type_name("N")
      ->capture_default_str();
  command->add_flag("--realtime", options->realtime, "one simulated second per second, as --speed 1");
  command->add_option("--speed", options->speed, "simulated seconds per second (default: 0, as fast as possible)")
      ->check(number_from_zero())
      ->type_name("X")
      ->excludes("--realtime");
  command->add_option("--defect", options->defect, "give the reference BMS this defect (packbench list --defects)")
      ->check(not_empty())
      ->type_name("NAME");
  command
      ->add_option("--watchdog", options->watchdog_s,
                   "real seconds without an answer before a device counts as stalled")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  add_api_options(*command, *options);
  command->final_callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace packbench::hil
