// JSON from left to right, as far as machines write it: strings of printable ASCII without escapes, numbers without
// exponents. White space may stand before whatever is taken.
//
// What takes nothing leaves the place where it is or somewhere behind it: then the text is given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace packbench::hil::api {

class TextScan {
 public:
  explicit TextScan(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool at_end();
  bool take(char c);
  bool take(std::string_view word);         // what stands behind it is not looked at
  bool take_string(std::string_view text);  // the string that says this
  std::optional<std::string_view> string();
  // A number of at most 12 digits before the point, rounded half away from zero to so many digits behind it.
  std::optional<std::int64_t> fixed(int digits);
  std::optional<std::int64_t> whole();  // of at most 15 digits, without a sign

 private:
  void skip_space();
  bool digit() const { return at_ < end_ && *at_ >= '0' && *at_ <= '9'; }
  std::optional<std::int64_t> digits(std::ptrdiff_t most);

  const char* at_;
  const char* end_;
};

inline void TextScan::skip_space() {
  while (at_ < end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
}

inline bool TextScan::at_end() {
  skip_space();
  return at_ == end_;
}

inline bool TextScan::take(char c) {
  skip_space();
  if (at_ == end_ || *at_ != c) return false;
  ++at_;
  return true;
}

}  // namespace packbench::hil::api
