#include <exception>
#include <string>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "hil/cli/command.h"
#include "hil/cli/usage_error.h"
#include "hil/version.h"

namespace packbench::hil {
namespace {

constexpr char kAbout[] =
    "packbench: a test bench for battery management systems.\n"
    "A pack model runs scripted scenarios, feeds a BMS over a UART, closes the loop through its contactors, and judges "
    "what it did.\n";

constexpr char kExamples[] =
    "\nExamples:\n"
    "  packbench run scenarios                                   all scenarios on the emulated BMS\n"
    "  packbench run scenarios/protection --out out              some of them, with reports in out/\n"
    "  packbench run scenarios --device serial:/dev/ttyACM0,baud=921600   on a real board\n"
    "  packbench simulate scenarios/abuse --out out              the pack alone, without a BMS\n"
    "  packbench list --faults                                   what a scenario can inject\n"
    "\nExit codes: 0 pass, 1 fail, 2 inconclusive, 3 bad input, 4 internal error or unwritable report, 130/143/129 "
    "interrupted.\n";

void set_up_log(const std::string& level) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("packbench"));
  spdlog::set_pattern("packbench: %^%l%$: %v");
  spdlog::set_level(spdlog::level::from_str(level));
}

int run(int argc, char** argv) {
  CLI::App app{kAbout, "packbench"};
  app.set_version_flag("--version", fmt::format("packbench {} ({})", kVersion, kCommit));
  std::string log_level = "warning";
  app.add_option("--log-level", log_level, "trace, debug, info, warning, error or off")
      ->check(one_of({"trace", "debug", "info", "warning", "error", "off"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.require_subcommand(1);
  app.parse_complete_callback([&] { set_up_log(log_level); });

  int exit_code = kExitPass;
  add_run_command(app, exit_code);
  add_simulate_command(app, exit_code);
  add_list_command(app, exit_code);
  add_validate_command(app, exit_code);
  add_fit_command(app, exit_code);
  add_device_command(app, exit_code);
  add_serve_command(app, exit_code);
  add_keys_command(app, exit_code);
  add_gateway_command(app, exit_code);
  add_probe_command(app, exit_code);
  add_ports_command(app, exit_code);
  add_export_fmu_command(app, exit_code);
  app.footer(kExamples);  // after the commands, which would take it over
  app.failure_message(usage_message);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitPass : kExitUsage;
  }
  return exit_code;
}

}  // namespace
}  // namespace packbench::hil

int main(int argc, char** argv) {
  try {
    return packbench::hil::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "packbench: internal error: {}\n", error.what());
    return packbench::hil::kExitInternal;
  }
}
