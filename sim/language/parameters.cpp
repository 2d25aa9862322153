#include "sim/language/parameters.h"

#include <charconv>
#include <optional>

namespace packbench::sim {
namespace {

constexpr int kLongestRange = 10'000;

std::optional<int> whole(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

// "1..15"
std::optional<std::pair<int, int>> range(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  const auto first = whole(text.substr(0, dots)), last = whole(text.substr(dots + 2));
  if (!first || !last || *last < *first || *last - *first >= kLongestRange) return std::nullopt;
  return std::pair(*first, *last);
}

void add_value(const Value& item, std::vector<std::string>& values) {
  if (!item.is(YamlNode::Kind::scalar)) return item.wrong_type("a value, or a range such as 1..15");
  const auto numbers = range(item.node().text);
  if (!numbers) return values.push_back(item.node().text);
  for (int number = numbers->first; number <= numbers->second; ++number) values.push_back(std::to_string(number));
}

bool replace(std::string& text, const Combination& combination) {
  const std::string before = text;
  for (const auto& [name, value] : combination) {
    const std::string place = "${" + name + "}";
    for (std::size_t at = 0; (at = text.find(place, at)) != std::string::npos; at += value.size())
      text.replace(at, place.size(), value);
  }
  return text != before;
}

std::string placeholder(const std::string& text) {
  const std::size_t open = text.find("${");
  const std::size_t close = open == std::string::npos ? open : text.find('}', open);
  return close == std::string::npos ? "" : text.substr(open, close - open + 1);
}

}  // namespace

std::vector<Parameter> read_parameters(const Value& value) {
  std::vector<Parameter> out;
  if (!value.is(YamlNode::Kind::map)) return value.wrong_type("a mapping from parameter to values"), out;
  std::size_t count = 1;
  for (const YamlEntry& entry : value.node().entries) {
    Parameter parameter{entry.key, {}, entry.mark};
    const Value list = value.of(entry);
    if (!list.is(YamlNode::Kind::list)) {
      list.wrong_type("a list of values, such as [1..15] or [10 mV, 20 mV]");
      return {};
    }
    for (std::size_t i = 0; i < list.node().items.size(); ++i) add_value(list.item(i), parameter.values);
    count *= parameter.values.size();
    if (count == 0 || count > kMostCombinations) {
      list.problem("the parameters have " + std::to_string(count) + " combinations",
                   "expected 1 to " + std::to_string(kMostCombinations));
      return {};
    }
    out.push_back(std::move(parameter));
  }
  return out;
}

std::vector<Combination> combinations(const std::vector<Parameter>& parameters) {
  std::vector<Combination> out{{}};
  for (const Parameter& parameter : parameters) {
    std::vector<Combination> longer;
    for (const Combination& start : out) {
      for (const std::string& value : parameter.values) {
        longer.push_back(start);
        longer.back().emplace_back(parameter.name, value);
      }
    }
    out = std::move(longer);
  }
  return out;
}

void substitute(YamlNode& node, const Combination& combination) {
  if (replace(node.text, combination)) node.text_column = 0;
  for (YamlNode& item : node.items) substitute(item, combination);
  for (YamlEntry& entry : node.entries) {
    replace(entry.key, combination);
    substitute(entry.value, combination);
  }
}

std::pair<std::string, Mark> first_placeholder(const YamlNode& node) {
  if (std::string found = placeholder(node.text); !found.empty()) return {std::move(found), node.mark};
  for (const YamlNode& item : node.items) {
    if (auto found = first_placeholder(item); !found.first.empty()) return found;
  }
  for (const YamlEntry& entry : node.entries) {
    if (std::string found = placeholder(entry.key); !found.empty()) return {std::move(found), entry.mark};
    if (auto found = first_placeholder(entry.value); !found.first.empty()) return found;
  }
  return {};
}

std::string combination_text(const Combination& combination) {
  std::string out;
  for (const auto& [name, value] : combination) out += (out.empty() ? "" : ", ") + name + " " + value;
  return out;
}

}  // namespace packbench::sim
