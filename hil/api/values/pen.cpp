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

// Eight bytes of a text as one number, each tested at once: a set highest bit of a byte says that one is found, though
// not always at this byte (Warren, Hacker's Delight, 2nd ed., 6-1).
constexpr std::uint64_t kEach = 0x0101010101010101, kHighest = 0x8080808080808080;

std::uint64_t below(std::uint64_t bytes, std::uint64_t least) { return (bytes - kEach * least) & ~bytes; }
std::uint64_t equal(std::uint64_t bytes, char c) { return below(bytes ^ (kEach * static_cast<unsigned char>(c)), 1); }

template <class Odd>
bool has(std::string_view text, Odd odd) {
  const char *at = text.data(), *const end = at + text.size();
  std::uint64_t bytes = kEach * 'a';
  const auto found = [&](const char* from, std::size_t size) {
    std::memcpy(&bytes, from, size);
    return (odd(bytes) & kHighest) != 0;
  };
  if (text.size() < sizeof bytes) return found(at, text.size());
  for (; at + sizeof bytes < end; at += sizeof bytes) {
    if (found(at, sizeof bytes)) return true;
  }
  return found(end - sizeof bytes, sizeof bytes);
}

// Whether a text is itself in JSON, or a field of CSV.
bool plain_in_json(std::string_view text) {
  return !has(text,
              [](std::uint64_t bytes) { return bytes | below(bytes, ' ') | equal(bytes, '"') | equal(bytes, '\\'); });
}
bool plain_in_csv(std::string_view text) {
  return !has(text, [](std::uint64_t bytes) {
    return equal(bytes, ',') | equal(bytes, '"') | equal(bytes, '\r') | equal(bytes, '\n');
  });
}

}  // namespace

void Pen::json_string(std::string_view text) {
  char* const begin = at_;
  put('"');
  if (plain_in_json(text)) return this->text(text), put('"');
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
  if (plain_in_csv(text)) return this->text(text);
  put('"');
  for (const char c : text) {
    if (c == '"') put('"');
    put(c);
  }
  put('"');
}

}  // namespace packbench::hil::api
