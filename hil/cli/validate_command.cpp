#include <memory>

#include <fmt/format.h>

#include "hil/cli/command.h"
#include "hil/cli/load.h"

namespace packbench::hil {

void add_validate_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("validate", "read scenarios and profiles completely, run nothing");
  auto selection = std::make_shared<Selection>();
  command->add_option("PATH", selection->paths, "scenario files or folders")->required()->type_name("");
  command->add_option("--set", selection->set, "override a key, as in --set pack.soc='80 %' (repeatable)")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->final_callback([selection, &exit_code] {
    const Loaded loaded = load_scenarios(*selection);
    exit_code = loaded.ok ? kExitPass : kExitUsage;
    if (loaded.ok)
      fmt::print("{}\n", loaded.scenarios.size() == 1 ? "1 scenario is valid"
                                                      : fmt::format("{} scenarios are valid", loaded.scenarios.size()));
  });
}

}  // namespace packbench::hil
