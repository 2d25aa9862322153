#include "sim/language/value.h"

#include <charconv>

namespace packbench::sim {

Value Value::of(const YamlEntry& entry) const {
  return Value(entry.value, path_.empty() ? entry.key : path_ + "." + entry.key, *context_);
}

Value Value::item(std::size_t index) const {
  return Value(node_->items[index], path_ + "[" + std::to_string(index) + "]", *context_);
}

Value Value::with_index(int index) const {
  Value copy = *this;
  copy.index_ = index;
  return copy;
}

void Value::problem_at(const Mark& where, std::string what, std::string expected) const {
  context_->problems.push_back({where, path_, std::move(what), std::move(expected)});
}

void Value::wrong_type(const std::string& wanted) const { problem(shown() + " stands here", "expected " + wanted); }

std::string Value::shown() const {
  constexpr std::size_t kShown = 60;
  if (is(YamlNode::Kind::null)) return "nothing";
  if (!is(YamlNode::Kind::scalar)) return std::string(kind_name(node_->kind));
  if (node_->text.size() <= kShown) return "'" + node_->text + "'";
  return "'" + node_->text.substr(0, kShown) + "...'";
}

std::optional<IndexedName> split_indexed(std::string_view text) {
  const std::size_t open = text.find('[');
  if (open == std::string_view::npos) return IndexedName{std::string(text), std::nullopt};
  int number = 0;
  const char* last = text.data() + text.size() - 1;
  const auto [end, error] = std::from_chars(text.data() + open + 1, last, number);
  if (error != std::errc() || end != last || *last != ']') return std::nullopt;
  return IndexedName{std::string(text.substr(0, open)), number};
}

}  // namespace packbench::sim
