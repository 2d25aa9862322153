// Cuts the text of a formula into tokens. A number and the unit behind it are one token ("3.65 V", "2 min", "1 K/s").
#pragma once

#include <cstddef>
#include <string_view>

namespace packbench::sim {

enum class TokenKind { quantity, name, symbol, end, invalid };

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // of the source; for a symbol one of ( ) [ ] , + - * / < <= > >= == !=
  std::size_t begin = 0;  // offset in the source
  std::size_t end = 0;

  bool is(std::string_view word) const {
    return (kind == TokenKind::symbol || kind == TokenKind::name) && text == word;
  }
};

// The token that starts at or after `from`, spaces skipped.
Token next_token(std::string_view source, std::size_t from);

// 1-based column of a byte offset, counted in characters of UTF-8.
int column_of(std::string_view source, std::size_t offset);

}  // namespace packbench::sim
