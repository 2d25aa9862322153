#include "sim/checks/lexer.h"

#include <algorithm>
#include <array>

namespace packbench::sim {
namespace {

constexpr std::array<std::string_view, 5> kKeywords{"and", "or", "not", "for", "contains"};
constexpr std::array<std::string_view, 6> kLongSymbols{"<=", ">=", "==", "!=", "&&", "||"};
constexpr std::string_view kShortSymbols = "()[],+-*/<>";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_beyond_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; }
bool is_name_start(char c) { return is_ascii_letter(c) || c == '_'; }
bool is_name_part(char c) { return is_name_start(c) || is_digit(c); }
bool is_unit_part(char c) { return is_ascii_letter(c) || c == '%' || is_beyond_ascii(c); }

// A cursor that answers '\0' beyond the end.
struct Cursor {
  std::string_view source;
  std::size_t at;
  char peek(std::size_t ahead = 0) const { return at + ahead < source.size() ? source[at + ahead] : '\0'; }
  bool done() const { return at >= source.size(); }
};

void skip_number(Cursor& cursor) {
  while (is_digit(cursor.peek()) || cursor.peek() == '.') ++cursor.at;
  const char e = cursor.peek();
  if (e != 'e' && e != 'E') return;
  const std::size_t digits = cursor.peek(1) == '+' || cursor.peek(1) == '-' ? 2 : 1;
  if (!is_digit(cursor.peek(digits))) return;
  cursor.at += digits;
  while (is_digit(cursor.peek())) ++cursor.at;
}

// "/s", "/min" or "/h" directly behind a unit belongs to it; "V/truth.x" is a division.
void skip_per_time(Cursor& cursor) {
  if (cursor.peek() != '/') return;
  for (const std::string_view per : {"/s", "/min", "/h"}) {
    const char after = cursor.peek(per.size());
    if (cursor.source.substr(cursor.at).starts_with(per) && !is_name_part(after) && after != '.') {
      cursor.at += per.size();
      return;
    }
  }
}

void skip_unit(Cursor& cursor) {
  Cursor unit = cursor;
  while (is_space(unit.peek())) ++unit.at;
  const std::size_t begin = unit.at;
  while (is_unit_part(unit.peek())) ++unit.at;
  const std::string_view text = cursor.source.substr(begin, unit.at - begin);
  if (text.empty() || std::ranges::find(kKeywords, text) != kKeywords.end()) return;
  skip_per_time(unit);
  cursor = unit;
}

void skip_name(Cursor& cursor) {
  while (is_name_part(cursor.peek()) || (cursor.peek() == '.' && is_name_start(cursor.peek(1)))) ++cursor.at;
}

TokenKind skip_symbol(Cursor& cursor) {
  for (const std::string_view symbol : kLongSymbols) {
    if (cursor.source.substr(cursor.at).starts_with(symbol)) {
      cursor.at += 2;
      return symbol == "&&" || symbol == "||" ? TokenKind::invalid : TokenKind::symbol;
    }
  }
  const bool known = kShortSymbols.find(cursor.peek()) != std::string_view::npos;
  ++cursor.at;
  while (!known && is_beyond_ascii(cursor.peek())) ++cursor.at;
  return known ? TokenKind::symbol : TokenKind::invalid;
}

}  // namespace

Token next_token(std::string_view source, std::size_t from) {
  Cursor cursor{source, from};
  while (is_space(cursor.peek())) ++cursor.at;
  Token token;
  token.begin = cursor.at;
  if (cursor.done()) {
    token.kind = TokenKind::end;
  } else if (is_digit(cursor.peek()) || (cursor.peek() == '.' && is_digit(cursor.peek(1)))) {
    token.kind = TokenKind::quantity;
    skip_number(cursor);
    skip_unit(cursor);
  } else if (is_name_start(cursor.peek())) {
    token.kind = TokenKind::name;
    skip_name(cursor);
  } else {
    token.kind = skip_symbol(cursor);
  }
  token.end = cursor.at;
  token.text = source.substr(token.begin, token.end - token.begin);
  return token;
}

int column_of(std::string_view source, std::size_t offset) {
  const auto before = source.substr(0, offset);
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return 1 + static_cast<int>(std::ranges::count_if(before, starts_character));
}

}  // namespace packbench::sim
