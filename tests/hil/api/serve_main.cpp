// The commands `serve` and `keys` alone, for serve_test: the whole program would make this test depend on every part.
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "hil/cli/command.h"

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_logger_mt("packbench"));  // as packbench itself
  CLI::App app("serve");
  app.require_subcommand(1);
  int exit_code = 0;
  packbench::hil::add_serve_command(app, exit_code);
  packbench::hil::add_keys_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : packbench::hil::kExitUsage;
  }
  return exit_code;
}
