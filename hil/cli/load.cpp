#include "hil/cli/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "hil/cli/unknown_variables.h"
#include "hil/cli/usage_error.h"
#include "sim/language/branch.h"
#include "sim/language/profile_set.h"
#include "sim/language/requirements.h"
#include "sim/language/scenario_reader.h"
#include "sim/language/scenario_set.h"

namespace packbench::hil {
namespace {

void add(sim::Problems& to, const sim::Problems& from) { to.insert(to.end(), from.begin(), from.end()); }

std::vector<sim::Requirement> read_known_requirements(const std::vector<std::filesystem::path>& paths,
                                                      sim::Problems& problems) {
  const std::filesystem::path file = sim::find_requirements(paths);
  if (file.empty()) return {};
  auto read = sim::read_requirements(file);
  if (const auto* found = std::get_if<sim::Problems>(&read)) {
    add(problems, *found);
    return {};
  }
  return std::get<std::vector<sim::Requirement>>(std::move(read));
}

// Reads the profiles among the paths; what is left of the paths may hold scenarios.
std::vector<std::filesystem::path> read_profiles(std::vector<std::filesystem::path> paths, sim::Problems& problems,
                                                 std::size_t& good) {
  for (const sim::ProfileEntry& profile : sim::find_profiles(paths)) {
    const sim::Problems found = sim::problems_of(profile);
    add(problems, found);
    good += found.empty() ? 1 : 0;
    std::erase(paths, profile.file);
  }
  return paths;
}

// A profile's problem comes once, however many scenarios name the profile.
void remove_repeated(sim::Problems& problems) {
  std::set<std::string> seen;
  std::erase_if(problems, [&](const sim::Problem& problem) { return !seen.insert(problem.text()).second; });
}

void print(const sim::Problems& problems) {
  for (const sim::Problem& problem : problems) fmt::print(stderr, "{}\n", problem.text());
  fmt::print(stderr, "packbench: {} {} found; nothing was run\n", problems.size(),
             problems.size() == 1 ? "problem" : "problems");
}

bool nothing_selected(const Selection& selection, std::size_t found) {
  if (found == 0)
    fmt::print(stderr, "packbench: no scenario files in {} (expected *.yaml with a key `scenario`)\n",
               fmt::join(selection.paths, ", "));
  std::string wanted;
  if (!selection.filter.empty()) wanted += fmt::format(" --filter '{}'", selection.filter);
  if (!selection.tag.empty()) wanted += fmt::format(" --tag '{}'", selection.tag);
  if (found != 0)
    fmt::print(stderr, "packbench: of {} scenario{} none matches{} (packbench list shows names and tags)\n", found,
               found == 1 ? "" : "s", wanted);
  return false;
}

// Of a branched scenario that the filter does not name, the variants that it names.
void take_runs(std::vector<sim::Scenario> runs, bool all, const Selection& selection, Loaded& loaded,
               sim::Problems& problems) {
  const std::size_t before = loaded.scenarios.size();
  for (sim::Scenario& run : runs) {
    if (!all && !sim::matches_glob(run.name, selection.filter)) continue;
    add(problems, unknown_variables(run));
    if (!loaded.requirements.empty()) add(problems, sim::unknown_requirements(run, loaded.requirements));
    if (selection.seed) run.seed = *selection.seed;
    loaded.scenarios.push_back(std::move(run));
  }
  loaded.files += loaded.scenarios.size() > before ? 1 : 0;
}

}  // namespace

Loaded load_scenarios(const Selection& selection) {
  std::vector<std::filesystem::path> paths(selection.paths.begin(), selection.paths.end());
  Loaded loaded;
  sim::Problems of_profiles;
  if (selection.with_profiles) paths = read_profiles(std::move(paths), of_profiles, loaded.profiles);
  const sim::ScenarioSet set = sim::find_scenarios(paths);
  sim::Problems problems = set.problems;
  loaded.requirements = read_known_requirements(paths, problems);
  const std::vector<std::string> tags =
      selection.tag.empty() ? std::vector<std::string>{} : std::vector<std::string>{selection.tag};
  for (const sim::ScenarioEntry& entry : sim::select(set.entries, "", tags)) {
    const bool named = !sim::select({entry}, selection.filter, {}).empty();
    if (!named && !entry.branches) continue;
    auto read = sim::read_scenario(entry.file, selection.set);
    if (const auto* found = std::get_if<sim::Problems>(&read)) {
      if (named) add(problems, *found);
      continue;
    }
    take_runs(sim::runs_of(std::get<sim::Scenario>(std::move(read))), named, selection, loaded, problems);
  }
  add(problems, of_profiles);
  remove_repeated(problems);
  if (!problems.empty())
    print(problems);
  else
    loaded.ok = !loaded.scenarios.empty() || loaded.profiles > 0 || nothing_selected(selection, set.entries.size());
  return loaded;
}

void add_selection_options(CLI::App& command, Selection& selection) {
  command.add_option("PATH", selection.paths, "scenario files or folders")->required()->type_name("");
  command.add_option("--seed", selection.seed, "seed instead of the scenario's")->check(seed_number())->type_name("S");
  command
      .add_option("--set", selection.set, "override a key of every scenario, as in --set pack.soc='80 %' (repeatable)")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command
      .add_option("--filter", selection.filter, "only scenarios whose name or file matches this pattern with * and ?")
      ->type_name("GLOB");
  command.add_option("--tag", selection.tag, "only scenarios with this tag")->type_name("T");
}

}  // namespace packbench::hil
