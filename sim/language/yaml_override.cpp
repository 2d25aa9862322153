#include <charconv>
#include <optional>

#include "sim/language/yaml_node.h"

namespace packbench::sim {
namespace {

// A piece of a dotted path: a key, or an index into a list.
struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

// "phases[0].until" -> phases, 0, until. Nothing when it is malformed. Brackets that hold no index of a list belong to
// the key when `root` has such a key ("cell_voltage[8]"), which is decided while walking.
std::optional<std::vector<std::string>> split(std::string_view path) {
  std::vector<std::string> keys;
  while (true) {
    const std::size_t dot = path.find('.');
    keys.emplace_back(path.substr(0, dot));
    if (keys.back().empty()) return std::nullopt;
    if (dot == std::string_view::npos) return keys;
    path.remove_prefix(dot + 1);
  }
}

Step split_index(const std::string& key) {
  const std::size_t open = key.find('[');
  if (open == std::string::npos || key.back() != ']') return {key, std::nullopt};
  std::size_t index = 0;
  const char* last = key.data() + key.size() - 1;
  const auto [end, error] = std::from_chars(key.data() + open + 1, last, index);
  if (error != std::errc() || end != last) return {key, std::nullopt};
  return {key.substr(0, open), index};
}

YamlNode& child(YamlNode& map, const std::string& key, const Mark& mark) {
  if (map.kind != YamlNode::Kind::map) {
    map.kind = YamlNode::Kind::map;
    map.text.clear();
    map.items.clear();
  }
  for (YamlEntry& entry : map.entries)
    if (entry.key == key) return entry.value;
  map.entries.push_back({key, mark, YamlNode{}});
  map.entries.back().value.mark = mark;
  return map.entries.back().value;
}

void move_marks(YamlNode& node, const Mark& mark) {
  node.mark = mark;
  node.text_column = 0;
  for (YamlNode& item : node.items) move_marks(item, mark);
  for (YamlEntry& entry : node.entries) {
    entry.mark = mark;
    move_marks(entry.value, mark);
  }
}

}  // namespace

Mark mark_at(const YamlNode& root, std::string_view path) {
  const YamlNode* node = &root;
  Mark mark = root.mark;
  for (const std::string& key : split(path).value_or(std::vector<std::string>{})) {
    const Step step = split_index(key);
    const YamlEntry* entry =
        node->find(node->find(key) != nullptr ? std::string_view(key) : std::string_view(step.key));
    if (entry == nullptr) break;
    node = &entry->value;
    mark = node->mark;
    if (!step.index || entry->key == key) continue;
    if (*step.index >= node->items.size()) break;
    node = &node->items[*step.index];
    mark = node->mark;
  }
  return mark;
}

Problems apply_override(YamlNode& root, const std::string& assignment) {
  const Mark mark{"--set " + assignment, 0, 0};
  const std::size_t equals = assignment.find('=');
  const auto keys = equals == std::string::npos ? std::nullopt : split(std::string_view(assignment).substr(0, equals));
  if (!keys)
    return {{mark, "", "this is no assignment", "expected KEY=VALUE with a dotted key, such as pack.soc=80 %"}};
  auto parsed = parse_yaml(assignment.substr(equals + 1), mark.file);
  if (auto* problems = std::get_if<Problems>(&parsed)) {
    for (Problem& problem : *problems) problem.mark = mark;
    return *problems;
  }
  YamlNode* node = &root;
  for (const std::string& key : *keys) {
    const Step step = split_index(key);
    const YamlEntry* list = step.index ? node->find(step.key) : nullptr;
    if (list == nullptr || list->value.kind != YamlNode::Kind::list) {
      node = &child(*node, key, mark);
      continue;
    }
    YamlNode& items = child(*node, step.key, mark);
    if (*step.index >= items.items.size())
      return {{mark, key, "the list '" + step.key + "' has " + std::to_string(items.items.size()) + " items",
               "expected an index from 0 to " + std::to_string(items.items.size() - 1)}};
    node = &items.items[*step.index];
  }
  *node = std::move(std::get<YamlNode>(parsed));
  move_marks(*node, mark);
  return {};
}

}  // namespace packbench::sim
