// A YAML document as a plain tree in which everything knows its line and column.
//
// Stricter than YAML: one document per file, no anchors and aliases, keys are plain text and unique, at most 32 levels.
// So a short file cannot unfold into a huge one, and what stands in a line is all there is to it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sim/mark.h"

namespace packbench::sim {

struct YamlEntry;

struct YamlNode {
  enum class Kind { null, scalar, list, map } kind = Kind::null;
  std::string text;             // of a scalar
  Mark mark;                    // where it begins
  int text_column = 0;          // column of the first character of `text`, 0 when the text is not verbatim in one line
  std::vector<YamlNode> items;  // of a list
  std::vector<YamlEntry> entries;  // of a map, in the order of the file

  const YamlEntry* find(std::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Mark mark;  // of the key
  YamlNode value;
};

// Where the deepest part of "protections.cell_ov.trip" or "ocv[2]" that exists below `root` stands.
Mark mark_at(const YamlNode& root, std::string_view path);

std::string_view kind_name(YamlNode::Kind kind);  // "a list", "a mapping", ...

// The tree, or every problem up to the first error of syntax. `file` is used in marks only.
std::variant<YamlNode, Problems> parse_yaml(const std::string& text, const std::string& file);

// Replaces or adds the value at the dotted path of "pack.soc=80 %" or "phases[0].until=...". List indices count from 0,
// as in the paths of problems. What stands right of '=' is YAML. Nodes that it makes have the mark "--set KEY=VALUE".
Problems apply_override(YamlNode& root, const std::string& assignment);

}  // namespace packbench::sim
