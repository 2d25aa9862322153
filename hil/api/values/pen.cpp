#include "hil/api/values/pen.h"

#include "hil/api/values/json_value.h"

namespace packbench::hil::api {
namespace {

// How a byte stands in a JSON string: as it is (0), after a backslash as this letter, as \u00XX ('u'), or only a look
// at its neighbours tells ('8': beyond ASCII).
constexpr std::array<char, 256> json_escapes() {
  std::array<char, 256> escapes{};
  for (std::size_t c = 0; c < 0x20; ++c) escapes[c] = 'u';
  for (std::size_t c = 0x7F; c < 256; ++c) escapes[c] = '8';
  escapes['\b'] = 'b', escapes['\f'] = 'f', escapes['\n'] = 'n', escapes['\r'] = 'r', escapes['\t'] = 't';
  escapes['"'] = '"', escapes['\\'] = '\\';
  return escapes;
}
constexpr std::array<char, 256> kJsonEscapes = json_escapes();

char escape_of(char c) { return kJsonEscapes[static_cast<unsigned char>(c)]; }

}  // namespace

void Pen::json_string(std::string_view text) {
  char* const begin = at_;
  put('"');
  for (const char c : text) {
    const char escape = escape_of(c);
    if (escape == 0) {
      put(c);
    } else if (escape == '8') {
      std::string whole;
      append_json_string(whole, text);
      at_ = begin;
      return this->text(whole);
    } else {
      put('\\'), put(escape);
      if (escape != 'u') continue;
      constexpr std::string_view kHex = "0123456789abcdef";
      put('0'), put('0'), put(kHex[static_cast<unsigned char>(c) >> 4]), put(kHex[c & 15]);
    }
  }
  put('"');
}

void Pen::csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return this->text(text);
  put('"');
  for (const char c : text) {
    if (c == '"') put('"');
    put(c);
  }
  put('"');
}

}  // namespace packbench::hil::api
