// The requirements that scenarios judge: a YAML list of {id, text, source}.
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "sim/language/scenario.h"
#include "sim/mark.h"

namespace packbench::sim {

struct Requirement {
  std::string id;      // "OV-2"
  std::string text;    // what is asked
  std::string source;  // where it comes from
  Mark mark;
};

// Every requirement, in the order of the file, or every problem of the file.
std::variant<std::vector<Requirement>, Problems> read_requirements(const std::filesystem::path& file);

// Requirement ids of the scenario and its checks that `requirements` does not have.
Problems unknown_requirements(const Scenario& scenario, const std::vector<Requirement>& requirements);

}  // namespace packbench::sim
