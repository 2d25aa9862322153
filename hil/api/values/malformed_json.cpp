#include "hil/api/values/malformed_json.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace packbench::hil::api {
namespace {

constexpr std::string_view kWhite = " \t\r\n";

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("+-._").find(c) != std::string_view::npos;
}

bool is_visible(char c) { return c > ' ' && c < 0x7F; }

std::string in_hex(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15u]};
}

}  // namespace

std::string_view token_at(std::string_view text, std::size_t byte) {
  if (byte >= text.size()) return {};
  const auto word = [&text](std::size_t at) { return is_word_character(text[at]); };
  std::size_t begin = byte, end = byte + 1;
  if (!word(byte)) return text.substr(byte, 1);
  while (begin > 0 && word(begin - 1)) --begin;
  while (end < text.size() && word(end)) ++end;
  return text.substr(begin, end - begin);
}

bool says_no_number(std::string_view token) {
  constexpr std::array<std::string_view, 3> kWords{"nan", "inf", "infinity"};
  if (token.starts_with('-') || token.starts_with('+')) token.remove_prefix(1);
  std::string lower(token);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(kWords, lower) != kWords.end();
}

std::string malformed_text(std::string_view text, std::size_t byte) {
  constexpr std::size_t kMostShown = 24;
  if (text.find_first_not_of(kWhite) == std::string_view::npos) return "The body is empty, which is not valid JSON.";
  if (byte >= text.size()) return "The body is not valid JSON: it ends too early.";
  std::string said = "The body is not valid JSON at byte " + std::to_string(byte + 1);
  const auto lines = std::ranges::count(text.substr(0, byte), '\n');
  if (lines > 0) said += " (line " + std::to_string(lines + 1) + ")";
  const std::string_view token = token_at(text, byte).substr(0, kMostShown);
  const std::string shown = is_visible(token.front()) ? "'" + std::string(token) + "'" : in_hex(token.front());
  return said + ": " + shown + " was not expected there.";
}

}  // namespace packbench::hil::api
