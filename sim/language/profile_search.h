// Where profiles lie: a name becomes a file.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "sim/mark.h"

namespace packbench::sim {

// Environment variable PACKBENCH_DATA, else the scenarios folder that the program was built with.
std::filesystem::path default_data_dir();

// The file NAME.yaml in a folder `kind` ("packs" or "bms") of `from` or of a folder above it, else in `data_dir`. A
// name with a slash or ending in .yaml is a file relative to `from`. The problem lists where it was looked for.
std::variant<std::filesystem::path, Problem> find_profile(const std::string& kind, const std::string& name,
                                                          const std::filesystem::path& from,
                                                          const std::filesystem::path& data_dir, const Mark& asked_by,
                                                          const std::string& path);

// A data file (a current profile): relative to `from`, else in a folder "profiles" of `from` or above it, else of
// `data_dir`.
std::variant<std::filesystem::path, Problem> find_data_file(const std::string& name, const std::filesystem::path& from,
                                                            const std::filesystem::path& data_dir, const Mark& asked_by,
                                                            const std::string& path);

}  // namespace packbench::sim
