#include <csignal>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "hil/cli/command.h"
#include "hil/cli/load.h"
#include "hil/cli/output_folder.h"
#include "hil/cli/terminal.h"
#include "hil/device_uri.h"
#include "hil/firmware/core/defects.h"
#include "hil/report/report.h"
#include "hil/session.h"

namespace packbench::hil {
namespace {

volatile std::sig_atomic_t g_signal = 0;

// The first signal ends the run at the next step, with teardown and report; a second one ends the program at once.
void on_signal(int number) {
  g_signal = number;
  std::signal(number, SIG_DFL);
}

struct RunOptions {
  Selection selection;
  std::vector<std::string> devices;
  std::string out, junit, defect, api;
  int jobs = 1;
  bool realtime = false, no_api = false;
  double speed = 0, watchdog_s = 5;
};

bool known_defect(const std::string& name) {
  for (std::size_t i = 0; i < firmware::kDefectCount; ++i) {
    if (name == firmware::kDefects[i].name) return true;
  }
  return false;
}

// Complains about what can be seen to be wrong before anything runs.
bool usable(const RunOptions& options) {
  for (const std::string& uri : options.devices) {
    if (const std::string error = check_device_uri(uri); !error.empty()) {
      fmt::print(stderr, "packbench: {}\n", error);
      return false;
    }
  }
  if (options.defect.empty() || known_defect(options.defect)) return true;
  fmt::print(stderr, "packbench: the reference BMS has no defect '{}' (packbench list --defects shows them)\n", options.defect);
  return false;
}

std::string base_command(const RunOptions& options) {
  std::string text = "packbench run";
  for (const std::string& set : options.selection.set) text += fmt::format(" --set '{}'", set);
  if (options.selection.seed) text += fmt::format(" --seed {}", *options.selection.seed);
  if (!options.defect.empty()) text += " --defect " + options.defect;
  if (options.no_api) text += " --no-api";
  if (!options.api.empty()) text += " --api " + options.api;
  return text;
}

SessionOptions session_options(const RunOptions& options, Terminal& terminal) {
  SessionOptions session;
  session.devices = options.devices;
  session.out = options.out;
  session.jobs = options.jobs;
  session.base_command = base_command(options);
  session.bench.defect = options.defect;
  session.bench.api = !options.no_api;
  session.bench.remote_api = options.api;
  session.bench.speed = options.realtime ? 1.0 : options.speed;
  session.bench.watchdog_s = options.watchdog_s;
  session.bench.interrupted = &g_signal;
  session.bench.progress = [&terminal](const Progress& progress) { terminal.progress(progress); };
  session.finished = [&terminal](const RunResult& result) { terminal.finished(result); };
  return session;
}

std::string write_files(const RunOptions& options, const SessionResult& session) {
  const std::optional<std::filesystem::path> junit = options.junit.empty() ? std::nullopt : std::make_optional<std::filesystem::path>(options.junit);
  if (options.out.empty() && !junit) return "";
  return write_reports(session, options.out, junit);
}

std::string trace_errors(const SessionResult& session) {
  for (const RunResult& result : session.runs) {
    if (!result.trace_error.empty()) return result.trace_error;
  }
  return "";
}

int run(RunOptions options) {
  if (options.devices.empty()) options.devices.emplace_back("native:");
  if (!usable(options)) return kExitUsage;
  const Loaded loaded = load_scenarios(options.selection);
  if (!loaded.ok) return kExitUsage;
  if (const std::string error = prepare_output(options.out, options.junit); !error.empty()) {
    fmt::print(stderr, "packbench: {}\n", error);
    return kExitInternal;
  }
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error of write(), not the end of the program
  Terminal terminal(loaded.scenarios.size() * options.devices.size(), options.jobs > 1);
  SessionResult session;
  try {
    session = run_session(loaded.scenarios, session_options(options, terminal));
  } catch (const std::system_error& error) {
    fmt::print(stderr, "\npackbench: {}\n", error.what());
    return kExitInternal;
  }
  session.requirements = loaded.requirements;
  terminal.summary(session);
  if (const std::string error = write_files(options, session); !error.empty()) {
    fmt::print(stderr, "packbench: {}\n", error);
    return kExitInternal;
  }
  if (const std::string error = trace_errors(session); !error.empty()) {
    fmt::print(stderr, "packbench: {}\n", error);
    return kExitInternal;
  }
  if (!options.out.empty()) fmt::print("report: {}\n", (std::filesystem::path(options.out) / "report.html").string());
  return exit_code_of(session);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("run", "run scenarios on a device and judge it");
  auto options = std::make_shared<RunOptions>();
  command->add_option("PATH", options->selection.paths, "scenario files or folders")->required();
  command->add_option("--device", options->devices, "device URI (repeatable; `packbench list --devices`); default native:")->allow_extra_args(false);
  command->add_option("--out", options->out, "folder for results.json, junit.xml, report.html and traces");
  command->add_option("--junit", options->junit, "write JUnit XML to this file");
  command->add_option("--jobs", options->jobs, "runs at once")->check(CLI::Range(1, 256))->capture_default_str();
  command->add_option("--seed", options->selection.seed, "seed instead of the scenario's");
  command->add_flag("--realtime", options->realtime, "one simulated second per second");
  command->add_option("--speed", options->speed, "simulated seconds per second (0: as fast as possible)")->check(CLI::NonNegativeNumber)->excludes("--realtime");
  command->add_option("--filter", options->selection.filter, "only scenarios whose name or file matches this glob");
  command->add_option("--tag", options->selection.tag, "only scenarios with this tag");
  command->add_option("--defect", options->defect, "give the reference BMS this defect (`packbench list --defects`)");
  command->add_option("--set", options->selection.set, "override a key of every scenario, as in --set pack.soc='80 %' (repeatable)")->allow_extra_args(false);
  command->add_option("--watchdog", options->watchdog_s, "real seconds without an answer before a device counts as stalled")->check(CLI::PositiveNumber)->capture_default_str();
  auto* api = command->add_option("--api", options->api, "judge the Device API at this URL instead of the built-in one (key in PACKBENCH_API_KEY)");
  command->add_flag("--no-api", options->no_api, "run without the Device API")->excludes(api);
  command->final_callback([options, &exit_code] { exit_code = run(*options); });
}

}  // namespace packbench::hil
