// A place in a YAML document while it is read: the node, its path for people, and where problems are collected.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/checks/expression.h"
#include "sim/language/bms_profile.h"
#include "sim/language/yaml_node.h"
#include "sim/mark.h"

namespace packbench::sim {

// What a document is read against. The symbols and the capacity are known once the profiles are read.
struct ReadContext {
  Problems problems;
  std::filesystem::path folder;    // of the file: relative names start here
  std::filesystem::path data_dir;  // the installed library of profiles
  std::optional<SymbolTable> symbols;
  std::optional<double> capacity_Ah;  // of the pack, for C-rates
  const BmsProfile* bms = nullptr;    // for windows such as trip(cell_ov)
  TimeNs step = 0;
};

class Value {
 public:
  Value(const YamlNode& node, std::string path, ReadContext& context)
      : node_(&node), path_(std::move(path)), context_(&context) {}

  const YamlNode& node() const { return *node_; }
  const std::string& path() const { return path_; }
  ReadContext& context() const { return *context_; }
  const Mark& mark() const { return node_->mark; }

  bool is(YamlNode::Kind kind) const { return node_->kind == kind; }
  // The value of a key: its path is "path.key".
  Value of(const YamlEntry& entry) const;
  // An item of a list: its path is "path[index]".
  Value item(std::size_t index) const;
  // 0-based number in the brackets of the key that led here: 7 for "cell_voltage[8]".
  std::optional<int> index() const { return index_; }
  Value with_index(int index) const;

  void problem(std::string what, std::string expected) const {
    problem_at(mark(), std::move(what), std::move(expected));
  }
  void problem_at(const Mark& where, std::string what, std::string expected) const;
  // "'abc' is not a voltage (expected ...)": what stands here is of another type.
  void wrong_type(const std::string& wanted) const;
  // What stands here, quoted and shortened, for messages: "'abc'", "a list", "nothing".
  std::string shown() const;

 private:
  const YamlNode* node_;
  std::string path_;
  ReadContext* context_;
  std::optional<int> index_;
};

// "cell_voltage[8]" -> ("cell_voltage", 8); no number when there are no brackets; nothing when they hold no number.
struct IndexedName {
  std::string name;
  std::optional<int> number;  // as people count, from 1
};
std::optional<IndexedName> split_indexed(std::string_view text);

}  // namespace packbench::sim
