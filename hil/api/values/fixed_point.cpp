#include "hil/api/values/fixed_point.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "hil/api/values/digits.h"

namespace packbench::hil::api {
namespace {

constexpr int kMaxDigits = 18, kMaxPower = 1'000'000'000;  // beyond any text's length

struct Decimal {
  bool negative = false;
  std::string digits;  // without leading zeros
  int exponent = 0;    // value = digits * 10^exponent
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal decimal;
  std::size_t at = 0;
  if (at < text.size() && text[at] == '-') decimal.negative = true, ++at;
  const std::size_t first = at;
  for (; at < text.size() && is_digit(text[at]); ++at) decimal.digits.push_back(text[at]);
  if (at == first) return std::nullopt;
  if (at < text.size() && text[at] == '.') {
    const std::size_t point = at++;
    for (; at < text.size() && is_digit(text[at]); ++at) decimal.digits.push_back(text[at]);
    if (at == point + 1) return std::nullopt;
    decimal.exponent = -static_cast<int>(at - point - 1);
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    if (++at < text.size() && text[at] == '+') ++at;
    const bool down = at < text.size() && text[at] == '-';
    int power = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), power);
    if (error == std::errc::invalid_argument) return std::nullopt;
    if (error != std::errc()) power = down ? -kMaxPower : kMaxPower;
    at = static_cast<std::size_t>(end - text.data());
    decimal.exponent += std::clamp(power, -kMaxPower, kMaxPower);
  }
  if (at != text.size()) return std::nullopt;
  decimal.digits.erase(0, decimal.digits.find_first_not_of('0'));
  return decimal;
}

constexpr std::array<std::uint64_t, 5> kTo4Digits{0, 0, 100, 10, 1};  // by digits

std::uint64_t power_of_ten(int digits) {
  std::uint64_t one = 1;
  for (int i = 0; i < digits; ++i) one *= 10;
  return one;
}

// The point and the digits behind it up to the last that is not zero. The rest is not zero.
char* put_fraction(char* out, std::uint64_t rest, int digits) {
  *out = '.';
  for (char* at = out + digits; at > out; --at, rest /= 10) *at = static_cast<char>('0' + rest % 10);
  out += digits;
  while (*out == '0') --out;
  return out + 1;
}

char* put_any(char* out, std::uint64_t magnitude, int digits) {
  const std::uint64_t one = power_of_ten(digits), rest = magnitude % one;
  out = std::to_chars(out, out + kMaxDigits + 1, magnitude / one).ptr;
  return rest == 0 ? out : put_fraction(out, rest, digits);
}

// Of 1/10,000, without a loop or a division by what is not known here.
char* put_4_digits(char* out, std::uint32_t value) {
  const std::uint32_t whole = value / 10'000, rest = value % 10'000, high = rest / 100, low = rest % 100;
  if (whole < 10) {
    *out++ = static_cast<char>('0' + whole);
  } else {
    out = whole < 100 ? put_two(out, whole) : std::to_chars(out, out + kMaxDigits + 1, whole).ptr;
  }
  if (rest == 0) return out;
  *out = '.';
  put_two(out + 1, high), put_two(out + 3, low);
  return out + 5 - (low > 0 ? kZeros[low] : 2 + kZeros[high]);
}

}  // namespace

char* put_fixed(char* out, std::int64_t value, int digits) {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  constexpr std::uint64_t kEnd = 40'000'000;  // times 100 it fits 32 bits
  const bool usual = digits >= 2 && digits <= 4 && magnitude < kEnd;
  if (!usual) return put_any(out, magnitude, digits);
  return put_4_digits(out, static_cast<std::uint32_t>(magnitude * kTo4Digits[static_cast<std::size_t>(digits)]));
}

void append_fixed(std::string& out, std::int64_t value, int digits) {
  std::array<char, 24> text{};
  out.append(text.data(), put_fixed(text.data(), value, digits));
}

std::string fixed_text(std::int64_t value, int digits) {
  std::string text;
  append_fixed(text, value, digits);
  return text;
}

std::optional<std::int64_t> parse_fixed(std::string_view text, int digits) {
  std::optional<Decimal> decimal = read_decimal(text);
  if (!decimal) return std::nullopt;
  std::string& all = decimal->digits;
  if (all.empty()) return 0;
  const int shift = decimal->exponent + digits;
  bool round_up = false;
  if (shift >= 0) {
    if (static_cast<int>(all.size()) + shift > kMaxDigits) return std::nullopt;
    all.append(static_cast<std::size_t>(shift), '0');
  } else {
    const int kept = static_cast<int>(all.size()) + shift;
    if (kept < 0) return 0;
    if (kept > kMaxDigits) return std::nullopt;
    round_up = all[static_cast<std::size_t>(kept)] >= '5';
    all.resize(static_cast<std::size_t>(kept));
  }
  std::int64_t value = 0;
  for (const char c : all) value = value * 10 + (c - '0');
  value += round_up ? 1 : 0;
  return decimal->negative ? -value : value;
}

std::optional<std::int64_t> parse_whole(std::string_view text) {
  const std::optional<Decimal> decimal = read_decimal(text);
  if (!decimal) return std::nullopt;
  const auto end = decimal->digits.find_last_not_of('0') + 1;  // 0 without digits
  const auto zeros = static_cast<int>(decimal->digits.size() - end);
  if (end > 0 && decimal->exponent + zeros < 0) return std::nullopt;
  return parse_fixed(text, 0);
}

}  // namespace packbench::hil::api
