// Finds scenario files and selects among them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/mark.h"

namespace packbench::sim {

// What is known of a scenario before it is read as a whole.
struct ScenarioEntry {
  std::filesystem::path file;
  std::string name;
  std::vector<std::string> tags;
  Mark mark;              // of the name
  bool branches = false;  // it has variants, whose names are not known yet
};

struct ScenarioSet {
  std::vector<ScenarioEntry> entries;  // in the order of the paths, within a folder sorted by file
  Problems problems;
};

// Files as given, and every *.yaml file with a top-level key `scenario` in folders and below them. Problems: a path
// that does not exist, a file that is no YAML, a file named explicitly that is no scenario, two files with the same
// name of scenario.
ScenarioSet find_scenarios(const std::vector<std::filesystem::path>& paths);

// Those whose name, file name or path matches the glob (* and ?; empty: all) and that have one of the tags (none: all).
std::vector<ScenarioEntry> select(const std::vector<ScenarioEntry>& entries, const std::string& glob,
                                  const std::vector<std::string>& tags);

// Whether `text` matches a pattern of *, ? and characters.
bool matches_glob(std::string_view text, std::string_view pattern);

// The file requirements.yaml of the first path that has one beside it or in a folder above it; empty when there is
// none.
std::filesystem::path find_requirements(const std::vector<std::filesystem::path>& paths);

}  // namespace packbench::sim
