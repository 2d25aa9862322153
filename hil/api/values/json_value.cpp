#include "hil/api/values/json_value.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "hil/api/values/malformed_json.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kMaxDepth = 32, kMaxMembers = 256;

// Receives the events of nlohmann's parser and builds the tree.
class Builder {
 public:
  Builder(std::string_view body, JsonLimits limits) : text_(body), limits_(limits) {}

  JsonValue root;
  std::optional<JsonProblem> problem;

  bool null() { return put({}); }
  bool boolean(bool value) { return put({.kind = JsonValue::Kind::boolean, .boolean = value}); }
  bool number_integer(std::int64_t value) { return number(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) { return number(std::to_string(value)); }
  bool number_float(double, const std::string& text) { return number(text); }
  bool string(std::string& value) { return put({.kind = JsonValue::Kind::string, .text = std::move(value)}); }
  bool binary(nlohmann::json::binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::Kind::object); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(std::string& name) {
    if (name.size() > limits_.key_bytes) {
      return refuse(JsonProblem::Kind::long_key,
                    "A key is longer than " + std::to_string(limits_.key_bytes) + " bytes.");
    }
    std::vector<std::string>& keys = open_.back()->keys;
    if (std::ranges::find(keys, name) != keys.end()) {
      problem = JsonProblem{JsonProblem::Kind::duplicate_key, "The key \"" + name + "\" appears twice in one object.",
                            json_pointer(place(), name)};
      return false;
    }
    if (keys.size() == kMaxMembers) {
      return refuse(JsonProblem::Kind::too_many_members, "An object has more than 256 members.");
    }
    keys.push_back(std::move(name));
    return true;
  }

  // `position` is that of the last byte read, from 1; behind the text it is one more.
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::json::exception& error) {
    if (error.id == 406)
      return refuse(JsonProblem::Kind::number_overflow, "The number " + token.substr(0, 32) + " is too large.");
    const std::size_t byte = position > 0 ? position - 1 : 0;
    const std::string_view wrong = token_at(text_, byte);
    if (!wrong.empty() && awaits_value() && !in_string(wrong) && says_no_number(wrong)) {
      return refuse(JsonProblem::Kind::no_number,
                    std::string(wrong) + " is not a number of JSON; write null where there is no reading.");
    }
    return refuse(JsonProblem::Kind::malformed, malformed_text(text_, byte));
  }

 private:
  bool refuse(JsonProblem::Kind kind, std::string what) {
    problem = JsonProblem{kind, std::move(what), place()};
    return false;
  }
  // Of a piece of the text at which an escape in a string, or the string, may begin.
  bool in_string(std::string_view piece) const {
    const auto begin = static_cast<std::size_t>(piece.data() - text_.data());
    return begin > 0 && (text_[begin - 1] == '"' || text_[begin - 1] == '\\');
  }
  bool awaits_value() const {
    if (open_.empty() || open_.back()->kind == JsonValue::Kind::array) return true;
    return open_.back()->keys.size() > open_.back()->items.size();
  }
  // The pointer to the value that comes next, or to the object whose next key is not known.
  std::string place() const {
    std::string at;
    for (const JsonValue* container : open_) {
      const std::size_t count = container->items.size() - (container == open_.back() ? 0 : 1);
      if (container->kind == JsonValue::Kind::array) at += "/" + std::to_string(count);
      if (container->keys.size() > count) at = json_pointer(at, container->keys[count]);
    }
    return at;
  }
  bool number(std::string text) { return put({.kind = JsonValue::Kind::number, .text = std::move(text)}); }
  bool put(JsonValue value) {
    if (++values_ > limits_.values) {
      return refuse(JsonProblem::Kind::too_many_values,
                    "There are more than " + std::to_string(limits_.values) + " values.");
    }
    if (open_.empty()) {
      root = std::move(value);
    } else {
      open_.back()->items.push_back(std::move(value));
    }
    return true;
  }
  bool open(JsonValue::Kind kind) {
    if (open_.size() == kMaxDepth) {
      problem = JsonProblem{JsonProblem::Kind::too_deep, "The JSON is nested deeper than 32 levels."};
      return false;
    }
    if (!put({.kind = kind})) return false;
    open_.push_back(open_.empty() ? &root : &open_.back()->items.back());
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonLimits limits_;
  std::size_t values_ = 0;
  std::vector<JsonValue*> open_;  // ancestors never move: only the innermost array grows
};

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
}

}  // namespace

const JsonValue* JsonValue::find(std::string_view key) const {
  const auto at = std::ranges::find(keys, key);
  return at == keys.end() ? nullptr : &items[static_cast<std::size_t>(at - keys.begin())];
}

std::variant<JsonValue, JsonProblem> parse_json(std::string_view text, JsonLimits limits) {
  // To the parser a zero byte is the end of its text.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return JsonProblem{JsonProblem::Kind::malformed, malformed_text(text, zero)};
  }
  Builder builder(text, limits);
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return std::move(builder.root);
  return builder.problem.value_or(JsonProblem{JsonProblem::Kind::malformed, "The body is not valid JSON."});
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

std::string json_pointer(const std::string& at, std::string_view key) {
  std::string pointer = at + "/";
  for (const char c : key) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return pointer;
}

std::size_t utf8_length(std::string_view text) {
  const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; };
  return static_cast<std::size_t>(std::ranges::count_if(text, begins));
}

void append_json_string(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out.append("\"").append(text).append("\"");
  } else {
    out += nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}

}  // namespace packbench::hil::api
