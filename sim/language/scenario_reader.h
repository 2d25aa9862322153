// Reads a scenario file with its profiles into a Scenario, or says every problem of all those files at once.
//
// The defaults of the C++ structs are the format's defaults, the file overrides them, and overrides override the file.
// A problem names file, line, column and key path; its text is "file:line:col: path: what is wrong (what was
// expected)".
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "sim/language/profile_search.h"
#include "sim/language/scenario.h"

namespace packbench::sim {

// `overrides` are "pack.soc=80 %", "step=10 ms", "phases[0].limit=1 h" (lists count from 0, as in problems' paths).
// Profiles and current profiles are looked for beside the file, in the folders above it, then in `data_dir`
// (profile_search.h).
std::variant<Scenario, Problems> read_scenario(const std::filesystem::path& file,
                                               const std::vector<std::string>& overrides = {},
                                               const std::filesystem::path& data_dir = default_data_dir());

// The same from text in memory; `file` is used in marks and as the place where the search for profiles starts.
std::variant<Scenario, Problems> read_scenario_text(const std::string& text, const std::filesystem::path& file,
                                                    const std::vector<std::string>& overrides = {},
                                                    const std::filesystem::path& data_dir = default_data_dir());

// The names that formulas of a scenario can use besides signals: bms.<protection>.trip, pack.capacity, ...
SymbolTable symbols_of(const PackProfile& pack, const BmsProfile& bms, TimeNs step);

}  // namespace packbench::sim
