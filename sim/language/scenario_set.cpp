#include "sim/language/scenario_set.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "sim/language/file_bytes.h"
#include "sim/language/yaml_node.h"

namespace packbench::sim {

namespace fs = std::filesystem;

namespace {

enum class Asked { by_name, by_folder };

std::vector<std::string> texts(const YamlNode& node) {
  if (node.kind == YamlNode::Kind::scalar) return {node.text};
  std::vector<std::string> out;
  for (const YamlNode& item : node.items)
    if (item.kind == YamlNode::Kind::scalar) out.push_back(item.text);
  return out;
}

void append(Problems& to, const Problems& from) { to.insert(to.end(), from.begin(), from.end()); }

std::optional<ScenarioEntry> peek(const fs::path& file, Asked asked, Problems& problems) {
  const auto bytes = read_bytes(file);
  if (const auto* problem = std::get_if<Problem>(&bytes)) return problems.push_back(*problem), std::nullopt;
  const auto tree = parse_yaml(std::get<std::string>(bytes), file.string());
  if (const auto* found = std::get_if<Problems>(&tree)) return append(problems, *found), std::nullopt;
  const YamlNode& root = std::get<YamlNode>(tree);
  const YamlEntry* name = root.find("scenario");
  if (name == nullptr) {
    if (asked == Asked::by_name)
      problems.push_back(
          {{file.string(), 1, 1}, "", "this is no scenario", "expected a YAML mapping with the key 'scenario'"});
    return std::nullopt;
  }
  ScenarioEntry out{file, name->value.text, {}, name->value.mark, root.find("branch") != nullptr};
  if (const YamlEntry* tags = root.find("tags")) out.tags = texts(tags->value);
  return out;
}

std::vector<fs::path> yaml_files(const fs::path& folder, Problems& problems) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error), end;
       !error && it != end; it.increment(error))
    if (it->path().extension() == ".yaml" && it->is_regular_file(error)) out.push_back(it->path());
  if (error) problems.push_back({{folder.string(), 0, 0}, "", "the folder cannot be read", error.message()});
  std::ranges::sort(out);
  return out;
}

void note_duplicates(ScenarioSet& set) {
  std::map<std::string, const ScenarioEntry*> seen;
  for (const ScenarioEntry& entry : set.entries) {
    const auto [first, is_new] = seen.emplace(entry.name, &entry);
    if (is_new) continue;
    set.problems.push_back({entry.mark, "scenario", "two scenarios have the name '" + entry.name + "'",
                            "expected names that differ; the other is in " + first->second->file.string()});
  }
}

}  // namespace

ScenarioSet find_scenarios(const std::vector<fs::path>& paths) {
  ScenarioSet set;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& file, Asked asked) {
    std::error_code error;
    if (!seen.insert(fs::weakly_canonical(file, error)).second) return;
    if (auto entry = peek(file, asked, set.problems)) set.entries.push_back(std::move(*entry));
  };
  for (const fs::path& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error))
      for (const fs::path& file : yaml_files(path, set.problems)) add(file, Asked::by_folder);
    else
      add(path, Asked::by_name);
  }
  note_duplicates(set);
  return set;
}

bool matches_glob(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<ScenarioEntry> select(const std::vector<ScenarioEntry>& entries, const std::string& glob,
                                  const std::vector<std::string>& tags) {
  std::vector<ScenarioEntry> out;
  for (const ScenarioEntry& entry : entries) {
    const bool named = glob.empty() || matches_glob(entry.name, glob) ||
                       matches_glob(entry.file.filename().string(), glob) ||
                       matches_glob(entry.file.stem().string(), glob) || matches_glob(entry.file.string(), glob);
    const bool tagged = tags.empty() || std::ranges::any_of(tags, [&](const std::string& tag) {
                          return std::ranges::find(entry.tags, tag) != entry.tags.end();
                        });
    if (named && tagged) out.push_back(entry);
  }
  return out;
}

fs::path find_requirements(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) {
    std::error_code error;
    fs::path folder = fs::absolute(path, error).lexically_normal();
    while (true) {
      if (fs::is_regular_file(folder / "requirements.yaml", error)) return folder / "requirements.yaml";
      if (folder == folder.parent_path() || folder.empty()) break;
      folder = folder.parent_path();
    }
  }
  return {};
}

}  // namespace packbench::sim
