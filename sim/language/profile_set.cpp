#include "sim/language/profile_set.h"

#include <algorithm>
#include <optional>
#include <set>

#include "sim/language/bms_profile_reader.h"
#include "sim/language/cell_file_reader.h"
#include "sim/language/file_bytes.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/yaml_node.h"

namespace packbench::sim {

namespace fs = std::filesystem;

namespace {

std::optional<ProfileKind> kind_of(const fs::path& file) {
  const auto bytes = read_bytes(file);
  if (!std::holds_alternative<std::string>(bytes)) return std::nullopt;
  const auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  const auto* root = std::get_if<YamlNode>(&tree);
  if (root == nullptr) return std::nullopt;
  if (root->find("pack_profile") != nullptr) return ProfileKind::pack;
  if (root->find("bms_profile") != nullptr) return ProfileKind::bms;
  if (root->find("cell") != nullptr) return ProfileKind::cell;
  return std::nullopt;
}

std::vector<fs::path> yaml_files(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return {path};
  std::vector<fs::path> out;
  for (fs::recursive_directory_iterator it(path, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end; it.increment(error))
    if (it->path().extension() == ".yaml" && it->is_regular_file(error)) out.push_back(it->path());
  std::ranges::sort(out);
  return out;
}

template <class Read>
Problems only_problems(Read read) {
  return std::holds_alternative<Problems>(read) ? std::get<Problems>(std::move(read)) : Problems{};
}

}  // namespace

std::vector<ProfileEntry> find_profiles(const std::vector<fs::path>& paths) {
  std::vector<ProfileEntry> out;
  std::set<fs::path> seen;
  std::error_code error;
  for (const fs::path& path : paths)
    for (const fs::path& file : yaml_files(path)) {
      if (!seen.insert(fs::weakly_canonical(file, error)).second) continue;
      if (const auto kind = kind_of(file)) out.push_back({file, *kind});
    }
  return out;
}

Problems problems_of(const ProfileEntry& profile) {
  switch (profile.kind) {
    case ProfileKind::pack:
      return only_problems(read_pack_profile(profile.file));
    case ProfileKind::bms:
      return only_problems(read_bms_profile(profile.file));
    case ProfileKind::cell:
      return only_problems(read_cell_file(profile.file));
  }
  return {};
}

}  // namespace packbench::sim
