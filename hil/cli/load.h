// Reading scenarios for a command: every problem goes to standard error, complete, before anything runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "sim/language/requirements.h"
#include "sim/language/scenario.h"

namespace packbench::hil {

struct Selection {
  std::vector<std::string> paths{};
  std::vector<std::string> set{};  // key=value overrides
  std::string filter{};            // glob on name or file; empty: all
  std::string tag{};
  std::optional<std::uint64_t> seed{};
  bool with_profiles = false;  // pack profiles, BMS profiles and cell files among the paths are read as well
};

struct Loaded {
  bool ok = false;                             // false: the problems have been printed, exit 3
  std::vector<sim::Scenario> scenarios;        // a variant of a branched one is a scenario of its own
  std::size_t files = 0;                       // that hold them
  std::size_t profiles = 0;                    // read and good, when they were asked for
  std::vector<sim::Requirement> requirements;  // of requirements.yaml beside or above the paths
};

Loaded load_scenarios(const Selection& selection);

// PATH..., --seed, --set, --filter and --tag, for every command that carries scenarios out.
void add_selection_options(CLI::App& command, Selection& selection);

}  // namespace packbench::hil
