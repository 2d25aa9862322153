// A command of the packbench executable: adds itself to the parser and leaves its exit code.
#pragma once

#include <CLI/CLI.hpp>

namespace packbench::hil {

// Exit codes (design): 0 pass, 1 fail, 2 inconclusive or nothing judged, 3 bad input or usage, 4 internal error or
// unwritable report, 130, 143 and 129 (terminal closed) interrupted.
enum ExitCode : int { kExitPass = 0, kExitFail = 1, kExitInconclusive = 2, kExitUsage = 3, kExitInternal = 4 };

// Each adds one sub-command whose callback stores its exit code.
void add_run_command(CLI::App& app, int& exit_code);
void add_simulate_command(CLI::App& app, int& exit_code);
void add_list_command(CLI::App& app, int& exit_code);
void add_validate_command(CLI::App& app, int& exit_code);
void add_device_command(CLI::App& app, int& exit_code);
void add_ports_command(CLI::App& app, int& exit_code);
void add_serve_command(CLI::App& app, int& exit_code);
void add_fit_command(CLI::App& app, int& exit_code);
void add_keys_command(CLI::App& app, int& exit_code);
void add_gateway_command(CLI::App& app, int& exit_code);
void add_probe_command(CLI::App& app, int& exit_code);
void add_export_fmu_command(CLI::App& app, int& exit_code);

}  // namespace packbench::hil
