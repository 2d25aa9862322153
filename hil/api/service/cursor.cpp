#include "hil/api/service/cursor.h"

#include <cstdint>
#include <optional>

#include "hil/api/values/digest.h"
#include "hil/api/values/problem.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kCheckBytes = 4, kQueryBytes = 6;
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string front_of_digest(std::string_view text, std::size_t bytes) {
  const Digest digest = sha256(text);
  return {digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(bytes)};
}

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char byte : bytes) {
    held = held << 8 | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(kLetters[held >> (bits - 6) & 63u]);
  }
  if (bits > 0) out.push_back(kLetters[held << (6 - bits) & 63u]);
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char letter : text) {
    const std::size_t value = kLetters.find(letter);
    if (value == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<char>(held >> bits & 255u));
  }
  return base64url(out) == text ? std::optional(out) : std::nullopt;  // one spelling only
}

}  // namespace

std::string seal_cursor(std::string_view query, std::string_view place) {
  const std::string sealed = front_of_digest(query, kQueryBytes).append(place);
  return base64url(front_of_digest(sealed, kCheckBytes) + sealed);
}

void refuse_cursor() {
  throw bad_query(
      "invalid_cursor", "cursor",
      "The cursor is none that this API gave; take it, whole, from X-Next-Cursor or Link of the page before.");
}

std::string open_cursor(std::string_view cursor, std::string_view query, std::string_view shared) {
  const auto bytes = from_base64url(cursor);
  if (!bytes || bytes->size() < kCheckBytes + kQueryBytes) refuse_cursor();
  const std::string sealed = bytes->substr(kCheckBytes);
  if (front_of_digest(sealed, kCheckBytes) != bytes->substr(0, kCheckBytes)) refuse_cursor();
  if (!sealed.starts_with(front_of_digest(query, kQueryBytes))) {
    throw bad_query("invalid_cursor", "cursor",
                    "The cursor is of another query; it goes on with " + std::string(shared) +
                        " of the page that gave it, and with nothing else.");
  }
  return sealed.substr(kQueryBytes);
}

}  // namespace packbench::hil::api
