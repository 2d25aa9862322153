#include "sim/language/profile_search.h"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "sim/spelling.h"

namespace packbench::sim {

namespace fs = std::filesystem;

namespace {

// Folders named `kind` from `from` upwards, then in the data folder.
std::vector<fs::path> folders(const std::string& kind, const fs::path& from, const fs::path& data_dir) {
  std::vector<fs::path> out;
  std::error_code error;
  fs::path folder = fs::absolute(from.empty() ? fs::path(".") : from, error).lexically_normal();
  const auto consider = [&](const fs::path& candidate) {
    if (fs::is_directory(candidate, error) && std::ranges::find(out, candidate) == out.end()) out.push_back(candidate);
  };
  while (!folder.empty()) {
    consider(folder / kind);
    const fs::path parent = folder.parent_path();
    if (parent == folder) break;
    folder = parent;
  }
  if (!data_dir.empty()) consider(data_dir / kind);
  return out;
}

std::vector<std::string> names_in(const std::vector<fs::path>& where, const std::string& extension) {
  std::set<std::string> names;
  for (const fs::path& folder : where) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().extension() == extension)
        names.insert(extension == ".yaml" ? entry.path().stem().string() : entry.path().filename().string());
  }
  return {names.begin(), names.end()};
}

std::string expected_names(const std::string& name, const std::vector<std::string>& names) {
  return names.empty() ? "expected a file; there is no folder with any" : expected_one_of(name, names);
}

}  // namespace

fs::path default_data_dir() {
  const char* configured = std::getenv("PACKBENCH_DATA");
  return configured != nullptr && *configured != '\0' ? fs::path(configured) : fs::path(PACKBENCH_SCENARIOS_DIR);
}

std::variant<fs::path, Problem> find_profile(const std::string& kind, const std::string& name, const fs::path& from,
                                             const fs::path& data_dir, const Mark& asked_by, const std::string& path) {
  std::error_code error;
  const bool is_file = name.find('/') != std::string::npos || name.ends_with(".yaml");
  if (is_file) {
    const fs::path file = (from / name).lexically_normal();
    if (fs::is_regular_file(file, error)) return file;
    return Problem{asked_by, path, "file '" + file.string() + "' does not exist", "expected a profile"};
  }
  const std::vector<fs::path> where = folders(kind, from, data_dir);
  for (const fs::path& folder : where)
    if (fs::is_regular_file(folder / (name + ".yaml"), error)) return folder / (name + ".yaml");
  return Problem{asked_by, path, "there is no profile '" + name + "'", expected_names(name, names_in(where, ".yaml"))};
}

std::variant<fs::path, Problem> find_data_file(const std::string& name, const fs::path& from, const fs::path& data_dir,
                                               const Mark& asked_by, const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(from / name, error)) return (from / name).lexically_normal();
  const std::vector<fs::path> where = folders("profiles", from, data_dir);
  for (const fs::path& folder : where)
    if (fs::is_regular_file(folder / name, error)) return folder / name;
  return Problem{asked_by, path, "file '" + name + "' does not exist", expected_names(name, names_in(where, ".csv"))};
}

}  // namespace packbench::sim
