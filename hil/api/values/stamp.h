// Time stamps of the Device API: read in both forms of ISO 8601, written in the document's basic form.
//
// Read: extended "2025-02-20T10:24:05.103Z" (RFC 3339) and basic "20250220T102405.103Z", 0 to 9 fraction digits, Z or
// an offset, which a time must have; a bare date is its first instant in UTC. Numbers of seconds or ms are refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace packbench::hil::api {

// An instant: ms since 1970-01-01T00:00Z, rounded down, and what the rounding left (0..999999 ns).
struct Stamp {
  std::int64_t floor_ms = 0;
  std::int32_t rest_ns = 0;

  // First whole ms not before the instant: the bound that compares equally with records, which lie on whole ms.
  std::int64_t ceil_ms() const { return floor_ms + (rest_ns > 0 ? 1 : 0); }
};

// The instant, or what is wrong with the text, as the rest of a sentence ("has no offset; write Z or +05:30").
std::variant<Stamp, std::string> parse_stamp(std::string_view text);

enum class StampForm { basic, extended };

std::string stamp_text(std::int64_t ms, StampForm form);  // always three fraction digits and Z
// The same into room for 32 bytes; returns the end.
char* put_stamp(char* out, std::int64_t ms, StampForm form);
std::string http_date(std::int64_t ms);  // "Thu, 20 Feb 2025 10:24:05 GMT"
// The way back; nothing for another form.
std::optional<std::int64_t> parse_http_date(std::string_view text);
// What Retry-After says, in seconds or as a date after `now_ms`: a wait in ms. Nothing when it says nothing usable.
std::optional<std::int64_t> parse_retry_after(std::string_view text, std::optional<std::int64_t> now_ms);

}  // namespace packbench::hil::api
