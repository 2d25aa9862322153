// An executable with the one command `device`, as native: starts it.
#include "hil/cli/command.h"

int main(int argc, char** argv) {
  CLI::App app;
  int exit_code = 0;
  packbench::hil::add_device_command(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : packbench::hil::kExitUsage;
  }
  return exit_code;
}
