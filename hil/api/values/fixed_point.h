// Decimal text and fixed-point integers, exactly: "41.2708" with 4 digits is 412708 and back, without any double
// between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packbench::hil::api {

// Appends value * 10^-digits with trailing zeros trimmed: (27430, 4) is "2.743", (0, 3) is "0". digits is 0..18.
void append_fixed(std::string& out, std::int64_t value, int digits);
// The same into room for 24 bytes; returns the end.
char* put_fixed(char* out, std::int64_t value, int digits);
std::string fixed_text(std::int64_t value, int digits);

// The nearest multiple of 10^-digits of a JSON number ("-1.5e2"), halves away from zero. Nothing when the text is not a
// JSON number or the value needs more than 18 digits.
std::optional<std::int64_t> parse_fixed(std::string_view text, int digits);
// A JSON number that is whole however it is written (7, 7.0, 70e-1), of at most 18 digits; nothing for another text.
std::optional<std::int64_t> parse_whole(std::string_view text);

}  // namespace packbench::hil::api
