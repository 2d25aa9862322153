#include "hil/report/text.h"

#include <charconv>
#include <cmath>
#include <cstdint>

namespace packbench::hil {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// The code point at the start of `text` and its length; length 0 when the bytes are no UTF-8.
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t length = 0;
};

CodePoint first_code_point(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const std::size_t length = lead >= 0xF0 && lead < 0xF5   ? 4
                             : lead >= 0xE0 && lead < 0xF0 ? 3
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                                                           : 0;
  if (length == 0 || text.size() < length) return {};
  std::uint32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3F);
  }
  constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < kLeast[length] || value > 0x10FFFF || surrogate) return {};
  return {value, length};
}

void append_xml(std::string& out, std::string_view bytes, std::uint32_t character) {
  switch (character) {
    case '&':
      out += "&amp;";
      return;
    case '<':
      out += "&lt;";
      return;
    case '>':
      out += "&gt;";
      return;
    case '"':
      out += "&quot;";
      return;
    case '\'':
      out += "&apos;";
      return;
    case '\t':
      out += "&#9;";
      return;
    case '\n':
      out += "&#10;";
      return;
    case '\r':
      out += "&#13;";
      return;
    default:
      break;
  }
  const bool forbidden = character < 0x20 || character == 0xFFFE || character == 0xFFFF;
  out += forbidden ? kReplacement : bytes;
}

}  // namespace

std::string xml_escaped(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const CodePoint point = first_code_point(text);
    if (point.length == 0) {
      out += kReplacement;
      text.remove_prefix(1);
      continue;
    }
    append_xml(out, text.substr(0, point.length), point.value);
    text.remove_prefix(point.length);
  }
  return out;
}

std::string script_safe(std::string json) {
  for (std::size_t at = json.find('<'); at != std::string::npos; at = json.find('<', at))
    json.replace(at, 1, "\\u003c");
  return json;
}

std::string rounded(double value, int digits) {
  if (!std::isfinite(value)) return "null";
  char text[32];
  char short_text[32];
  const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr;
  double back = 0;
  std::from_chars(text, end, back);
  const auto short_end = std::to_chars(short_text, short_text + sizeof short_text, back == 0 ? 0.0 : back).ptr;
  return {short_text, short_end};
}

}  // namespace packbench::hil
