#include <memory>
#include <string>

#include <fmt/format.h>

#include "hil/cli/command.h"
#include "hil/cli/load.h"

namespace packbench::hil {
namespace {

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

// "20 scenarios and 9 profiles are valid"
std::string counted(std::size_t scenarios, std::size_t profiles) {
  if (profiles == 0) return counted(scenarios, "scenario") + (scenarios == 1 ? " is valid" : " are valid");
  if (scenarios == 0) return counted(profiles, "profile") + (profiles == 1 ? " is valid" : " are valid");
  return counted(scenarios, "scenario") + " and " + counted(profiles, "profile") + " are valid";
}

}  // namespace

void add_validate_command(CLI::App& app, int& exit_code) {
  CLI::App* command = app.add_subcommand("validate", "read scenarios and profiles completely, run nothing");
  auto selection = std::make_shared<Selection>();
  command->add_option("PATH", selection->paths, "files or folders of scenarios, pack profiles, BMS profiles and cells")
      ->required()
      ->type_name("");
  command->add_option("--set", selection->set, "override a key, as in --set pack.soc='80 %' (repeatable)")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  selection->with_profiles = true;
  command->final_callback([selection, &exit_code] {
    const Loaded loaded = load_scenarios(*selection);
    exit_code = loaded.ok ? kExitPass : kExitUsage;
    if (loaded.ok) fmt::print("{}\n", counted(loaded.files, loaded.profiles));
  });
}

}  // namespace packbench::hil
