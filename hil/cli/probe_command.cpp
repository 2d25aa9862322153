// `packbench probe`: judges an instance of the Device API from outside.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

#include "hil/api/client/connection.h"
#include "hil/api/probe/probe.h"
#include "hil/api/values/device_id.h"
#include "hil/cli/api_key.h"
#include "hil/cli/command.h"
#include "hil/cli/interrupt.h"
#include "hil/cli/output_folder.h"
#include "hil/cli/probe_report.h"
#include "hil/cli/usage_error.h"
#include "hil/report/output_file.h"

namespace packbench::hil {
namespace {

using api::probe::Grade;
using api::probe::Report;

constexpr const char* kFooter =
    "Exit code: 0 pass, perhaps with warnings; 1 a check failed; 2 no record could be judged, or nothing answered;\n"
    "3 bad input; 4 a file could not be written; 130 interrupted.\n"
    "It goes straight to the host: http_proxy and its like count for nothing.\n"
    "Example: PACKBENCH_API_KEY=... packbench probe --url https://HOST/v1 --quirks xbattery-2025 --junit probe.xml";

struct ProbeOptions {
  api::probe::Options probe;
  std::string quirks = "none", json, junit;
  double timeout_s = 10;
  long most_records = 20'000;
  bool insecure = false;
};

// Reads what is left to read; throws std::invalid_argument for what is not usable.
void complete(ProbeOptions& options) {
  api::parse_endpoint(options.probe.url);
  options.probe.key = needed_api_key();
  options.probe.quirks = *api::probe::find_quirks(options.quirks);
  options.probe.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(options.timeout_s * 1000) + 1);
  options.probe.most_records = static_cast<std::size_t>(options.most_records);
  options.probe.verify = !options.insecure;
  options.probe.waits = [](const std::string& what) { fmt::print(stderr, "packbench probe: {}\n", what); };
  options.probe.interrupted = interruption();
}

std::string write_files(const ProbeOptions& options, const Report& report) {
  std::string error;
  if (!options.json.empty()) error = write_whole_file(options.json, probe_json(report));
  if (error.empty() && !options.junit.empty()) error = write_whole_file(options.junit, probe_junit(report));
  return error;
}

int exit_code_of(const Report& report) {
  if (report.interrupted) return 128 + *interruption();
  const std::string verdict = probe_verdict(report);
  return verdict == "fail" ? kExitFail : verdict == "pass" ? kExitPass : kExitInconclusive;
}

int run_probe(ProbeOptions options) {
  const auto trouble = [](const std::string& what, int code) {
    fmt::print(stderr, "packbench probe: {}\n", what);
    return code;
  };
  try {
    complete(options);
    for (const auto& [option, file] : {std::pair("--json", options.json), {"--junit", options.junit}}) {
      if (const std::string error = prepare_file(option, file); !error.empty()) return trouble(error, kExitInternal);
    }
    listen_to_signals();
    const Report report = api::probe::run(options.probe);
    fmt::print("{}", probe_text(report, isatty(STDOUT_FILENO) != 0 ? Colours::on : Colours::off));
    if (const std::string error = write_files(options, report); !error.empty()) return trouble(error, kExitInternal);
    return exit_code_of(report);
  } catch (const std::invalid_argument& error) {
    return trouble(error.what(), kExitUsage);
  }
}

void add_judging(CLI::App& command, ProbeOptions& options) {
  command
      .add_option(
          "--quirks", options.quirks,
          "what may differ from the given document without a remark: none, or xbattery-2025 (both forms of ids and "
          "times, 'ocv soc', no Device_id)")
      ->check(one_of({"none", "xbattery-2025"}))
      ->type_name("NAME")
      ->capture_default_str();
  command
      .add_option("--period", options.probe.period_s,
                  "seconds expected between records; a gap is remarked upon (0: what is usual in the last hour)")
      ->check(number_from_zero())
      ->type_name("S")
      ->capture_default_str();
  command
      .add_option("--stale", options.probe.stale_s, "seconds from which the age of the newest record is remarked upon")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  command.add_option("--skew", options.probe.skew_s, "seconds between the clocks that are not remarked upon")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  command
      .add_option("--slow", options.probe.slow_ms,
                  "ms within which 95 of 100 answers are expected; slower is remarked upon")
      ->check(number_above_zero())
      ->type_name("MS")
      ->capture_default_str();
  command
      .add_option("--soc-apart", options.probe.soc_apart_pct,
                  "points of percent by which soc and ocv_soc may differ without a remark")
      ->check(number_above_zero())
      ->type_name("PCT")
      ->capture_default_str();
}

void add_reach(CLI::App& command, ProbeOptions& options) {
  command.add_option("--timeout", options.timeout_s, "seconds for one answer")
      ->check(number_above_zero())
      ->type_name("S")
      ->capture_default_str();
  command.add_option("--records", options.most_records, "records that are read of one window at most")
      ->check(whole_number(1, 10'000'000))
      ->type_name("N")
      ->capture_default_str();
  auto* ca = command
                 .add_option("--ca", options.probe.ca_file,
                             "certificates to trust over https, a PEM file (default: the system's)")
                 ->check(not_empty())
                 ->type_name("FILE");
  command.add_flag("--insecure", options.insecure, "accept any certificate; the verdict says so")->excludes(ca);
}

}  // namespace

void add_probe_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("probe", "judge an instance of the Device API, reading only; key: PACKBENCH_API_KEY");
  command->footer(kFooter);
  const auto options = std::make_shared<ProbeOptions>();
  command->add_option("--url", options->probe.url, "the Device API: http://127.0.0.1:8080/v1 or https://HOST/v1")
      ->required()
      ->type_name("URL");
  command
      ->add_option("--device", options->probe.devices,
                   "device to look at, repeatable (default: the first three of the list)")
      ->allow_extra_args(false)
      ->check(not_empty())
      ->type_name("ID");
  add_judging(*command, *options);
  add_reach(*command, *options);
  command->add_flag("--write", options->probe.write, "also register a device, packbench-probe-..., which stays there");
  command->add_option("--json", options->json, "write what was found to this file, as JSON")
      ->check(not_empty())
      ->type_name("FILE");
  command->add_option("--junit", options->junit, "write JUnit XML to this file")->check(not_empty())->type_name("FILE");
  command->final_callback([options, &exit_code] { exit_code = run_probe(*options); });
}

}  // namespace packbench::hil
