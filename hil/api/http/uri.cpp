#include "hil/api/http/uri.h"

#include <algorithm>
#include <charconv>

namespace packbench::hil::api {
namespace {

// Calls take(piece) for each piece between separators; false as soon as take is false.
template <class Take>
bool each_piece(std::string_view text, char separator, Take&& take) {
  while (true) {
    const std::size_t end = text.find(separator);
    if (!take(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

bool add_parameter(Target& target, std::string_view piece) {
  if (piece.empty()) return true;
  std::string text(piece);
  std::ranges::replace(text, '+', ' ');
  const std::string_view view = text;
  const std::size_t equal = view.find('=');
  const auto name = percent_decode(view.substr(0, equal));
  const auto value = percent_decode(equal == std::string_view::npos ? std::string_view() : view.substr(equal + 1));
  if (!name || !value) return false;
  target.parameters.emplace_back(*name, *value);
  return true;
}

bool is_visible(char c) { return c > ' ' && c < 0x7F && c != '#'; }

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out.push_back(text[i]);
      continue;
    }
    unsigned byte = 0;
    if (i + 2 >= text.size()) return std::nullopt;
    const char* const digits = text.data() + i + 1;
    if (std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2 || byte == 0) return std::nullopt;
    out.push_back(static_cast<char>(byte));
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out.append({'%', kDigits[byte >> 4], kDigits[byte & 15u]});
    }
  }
  return out;
}

std::string origin_form(std::string_view target) {
  std::size_t begin = 0;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.starts_with(scheme)) begin = scheme.size();
  }
  const std::size_t end = begin == 0 ? 0 : target.find_first_of("/?", begin);
  if (end == std::string_view::npos) return "/";
  const bool bare = begin > 0 && target[end] == '?';
  return (bare ? "/" : "") + std::string(target.substr(end));
}

std::optional<Target> parse_target(std::string_view target) {
  if (target.empty() || target.front() != '/' || !std::ranges::all_of(target, is_visible)) return std::nullopt;
  const std::size_t question = target.find('?');
  Target parsed;
  const bool path = each_piece(target.substr(1, question == std::string_view::npos ? question : question - 1), '/',
                               [&parsed](std::string_view piece) {
                                 auto segment = percent_decode(piece);
                                 if (segment) parsed.segments.push_back(std::move(*segment));
                                 return segment.has_value();
                               });
  if (!path) return std::nullopt;
  if (question == std::string_view::npos) return parsed;
  const bool query = each_piece(target.substr(question + 1), '&',
                                [&parsed](std::string_view piece) { return add_parameter(parsed, piece); });
  return query ? std::optional(parsed) : std::nullopt;
}

}  // namespace packbench::hil::api
