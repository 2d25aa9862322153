#include "sim/language/yaml_node.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <memory>
#include <sstream>

namespace packbench::sim {
namespace {

constexpr std::size_t kDeepest = 32;

struct TooDeep {};

// Builds the tree from the parser's events. `open_` is the path from the root to the collection being filled.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& source, const std::string& file) : source_(source), file_(file) {}

  YamlNode root;
  Problems problems;

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(leaf(YamlNode::Kind::null, mark, anchor), false);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    problem(at(mark), "an alias is not allowed here", "expected the value itself, written out");
    add(leaf(YamlNode::Kind::null, mark, 0), false);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = leaf(YamlNode::Kind::scalar, mark, anchor);
    node.text = value;
    node.text_column = verbatim_column(mark, value);
    if (tag != "?" && tag != "!")
      problem(node.mark, "the tag '" + tag + "' is not allowed here", "expected a plain value");
    const bool is_null = tag == "?" && (value.empty() || value == "~" || value == "null");
    if (is_null) node.kind = YamlNode::Kind::null;
    add(std::move(node), false);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    add(leaf(YamlNode::Kind::list, mark, anchor), true);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    add(leaf(YamlNode::Kind::map, mark, anchor), true);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode* node;
    bool awaits_value = false;  // of a map: a key has been read
  };

  Mark at(const YAML::Mark& mark) const { return {file_, std::max(0, mark.line) + 1, std::max(0, mark.column) + 1}; }

  void problem(const Mark& mark, std::string what, std::string expected) {
    problems.push_back({mark, "", std::move(what), std::move(expected)});
  }

  YamlNode leaf(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    YamlNode node;
    node.kind = kind;
    node.mark = at(mark);
    if (anchor != 0)
      problem(node.mark, "an anchor is not allowed here", "expected every value written out where it is used");
    return node;
  }

  // Column where `value` itself begins: behind an opening quote, or 0 when the file spells it differently.
  int verbatim_column(const YAML::Mark& mark, const std::string& value) const {
    if (mark.pos < 0) return 0;
    for (std::size_t quote : {0u, 1u}) {
      const std::size_t from = static_cast<std::size_t>(mark.pos) + quote;
      if (from <= source_.size() && source_.compare(from, value.size(), value) == 0 &&
          value.find('\n') == std::string::npos)
        return mark.column + 1 + static_cast<int>(quote);
    }
    return 0;
  }

  void add(YamlNode node, bool opens) {
    if (opens && open_.size() >= kDeepest) throw TooDeep{};
    if (open_.empty()) {
      root = std::move(node);
      if (opens) open_.push_back({&root});
      return;
    }
    Open& parent = open_.back();
    if (parent.node->kind == YamlNode::Kind::list) {
      parent.node->items.push_back(std::move(node));
      if (opens) open_.push_back({&parent.node->items.back()});
    } else if (!parent.awaits_value) {
      add_key(parent, std::move(node), opens);
    } else {
      parent.awaits_value = false;
      YamlNode& value = parent.node->entries.back().value;
      value = std::move(node);
      if (opens) open_.push_back({&value});
    }
  }

  void add_key(Open& parent, YamlNode key, bool opens) {
    if (key.kind != YamlNode::Kind::scalar)
      problem(key.mark, "a key is " + std::string(kind_name(key.kind)), "expected plain text");
    const YamlEntry* earlier = key.text.empty() ? nullptr : parent.node->find(key.text);
    if (earlier != nullptr)
      problem(key.mark, "duplicate key '" + key.text + "'",
              "expected it once; it stands already in line " + std::to_string(earlier->mark.line));
    parent.node->entries.push_back({key.text, key.mark, YamlNode{}});
    parent.node->entries.back().value.mark = key.mark;
    parent.awaits_value = true;
    if (opens) {  // a collection as a key: its content is read into a node that nobody looks at
      discarded_.push_back(std::make_unique<YamlNode>(std::move(key)));
      open_.push_back({discarded_.back().get()});
    }
  }

  void close() { open_.pop_back(); }

  const std::string& source_;
  const std::string file_;
  std::vector<Open> open_;
  std::vector<std::unique_ptr<YamlNode>> discarded_;
};

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
  for (const YamlEntry& entry : entries)
    if (entry.key == key) return &entry;
  return nullptr;
}

std::string_view kind_name(YamlNode::Kind kind) {
  switch (kind) {
    case YamlNode::Kind::null:
      return "empty";
    case YamlNode::Kind::scalar:
      return "text";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a mapping";
  }
  return "unknown";
}

std::variant<YamlNode, Problems> parse_yaml(const std::string& text, const std::string& file) {
  TreeBuilder builder(text, file);
  const auto fail = [&](const YAML::Mark& mark, const std::string& what, const std::string& expected) {
    builder.problems.push_back({{file, std::max(0, mark.line) + 1, std::max(0, mark.column) + 1}, "", what, expected});
  };
  try {
    std::istringstream in(text);
    YAML::Parser parser(in);
    if (!parser.HandleNextDocument(builder)) {
      fail(YAML::Mark(), "the file is empty", "expected a YAML mapping");
    } else {
      TreeBuilder rest(text, file);
      if (parser.HandleNextDocument(rest))
        builder.problems.push_back(
            {rest.root.mark, "", "a second document begins here", "expected one document per file"});
    }
  } catch (const TooDeep&) {
    builder.problems.push_back({{file, 0, 0},
                                "",
                                "the file is nested too deeply",
                                "expected at most " + std::to_string(kDeepest) + " levels"});
  } catch (const YAML::DeepRecursion& error) {
    fail(error.mark, "the file is nested too deeply", "expected at most " + std::to_string(kDeepest) + " levels");
  } catch (const YAML::Exception& error) {
    fail(error.mark, "YAML syntax: " + error.msg, "expected valid YAML");
  }
  if (!builder.problems.empty()) return builder.problems;
  return std::move(builder.root);
}

}  // namespace packbench::sim
