// Strict JSON: a tree that keeps numbers as written, so that decimals reach fixed point without a double between.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace packbench::hil::api {

struct JsonValue {
  enum class Kind { null, boolean, number, string, array, object };
  Kind kind = Kind::null;
  bool boolean = false;
  std::string text{};               // of a string its value, of a number its digits
  std::vector<std::string> keys{};  // of an object; keys[i] belongs to items[i]
  std::vector<JsonValue> items{};   // of an array or object

  const JsonValue* find(std::string_view key) const;  // member of an object, or null
};

// Why a text is not accepted. malformed: not JSON. The others are JSON whose content is refused: a key twice in an
// object, deeper than 32 levels, more than 256 members in an object, a number that overflows, NaN or Infinity, beyond
// the limits given.
struct JsonProblem {
  enum class Kind {
    malformed,
    duplicate_key,
    long_key,
    too_deep,
    too_many_members,
    too_many_values,
    number_overflow,
    no_number
  } kind = Kind::malformed;
  std::string what;  // a sentence
  std::string at{};  // the pointer to what is refused; of no meaning where the text is not JSON or too deep
};

// What a text from outside may hold: a value takes many times its bytes, a key comes back in an error.
struct JsonLimits {
  std::size_t key_bytes = std::string::npos, values = std::string::npos;
};

std::variant<JsonValue, JsonProblem> parse_json(std::string_view text, JsonLimits limits = {});

// Whether a text has a control character, which no name holds.
bool has_control(std::string_view text);

// The pointer (RFC 6901) to a member of what `at` points to.
std::string json_pointer(const std::string& at, std::string_view key);
// Characters of a text in UTF-8.
std::size_t utf8_length(std::string_view text);

// Appends the text as a JSON string; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

}  // namespace packbench::hil::api
