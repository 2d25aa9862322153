#include "hil/api/store/store_rows.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include "hil/api/values/pen.h"

namespace packbench::hil::api {

std::string list_text(const std::vector<std::int64_t>& values) {
  std::string text;
  append_with(text, values.size() * (Pen::kLongestNumber + 1), [&values](Pen& pen) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) pen.put(',');
      values[i] == kNoReading ? pen.put('x') : pen.whole(values[i]);
    }
  });
  return text;
}

namespace {

// One value off the front of what list_text wrote, with the comma behind it.
std::int64_t take_value(const char*& at, const char* end) {
  const bool missing = *at == 'x', negative = *at == '-';
  if (missing || negative) ++at;
  std::uint64_t magnitude = 0;
  for (; at < end && *at != ','; ++at) magnitude = magnitude * 10 + static_cast<std::uint64_t>(*at - '0');
  ++at;
  if (missing) return kNoReading;
  return static_cast<std::int64_t>(negative ? 0 - magnitude : magnitude);
}

// Eight digits, the first one in the lowest byte, as a number: two, four and eight at a time.
constexpr std::uint64_t eight_digits(std::uint64_t text) {
  text = (text & 0x0F0F0F0F0F0F0F0F) * (10 * 0x100 + 1) >> 8;
  text = (text & 0x00FF00FF00FF00FF) * (100 * 0x10000 + 1) >> 16;
  return (text & 0x0000FFFF0000FFFF) * (10'000 * 0x100000000 + 1) >> 32;
}

// The same value where it has one to seven digits, no sign, and eight bytes of text left; else nothing is taken.
bool take_usual(const char*& at, const char* end, std::int64_t& value) {
  if (std::endian::native != std::endian::little || end - at < 8 || *at < '0' || *at > '9') return false;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const std::uint64_t apart = bytes ^ (kEach * ',');
  const std::uint64_t commas = (apart - kEach) & ~apart & (kEach * 0x80);  // the lowest one is where a comma is
  if (commas == 0) return false;
  const int length = std::countr_zero(commas) / 8;
  if (length == 5) {  // as cells have: said apart, so that the processor begins with the next one meanwhile
    value = static_cast<std::int64_t>(eight_digits(bytes << 24));
    at += 6;
  } else if (length == 1) {
    value = *at - '0';
    at += 2;
  } else {
    value = static_cast<std::int64_t>(eight_digits(bytes << (64 - 8 * length)));
    at += length + 1;
  }
  return true;
}

}  // namespace

void read_list(std::string_view text, std::vector<std::int64_t>& values) {
  values.clear();
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) {
    std::int64_t value = 0;
    values.push_back(take_usual(at, end, value) ? value : take_value(at, end));
  }
}

std::string faults_text(const std::optional<std::vector<std::string>>& faults) {
  if (!faults) return "-";
  std::string text;
  for (const std::string& fault : *faults) text.append(text.empty() ? "" : ",").append(fault);
  return text;
}

void read_faults(std::string_view text, std::optional<std::vector<std::string>>& faults) {
  if (text == "-") return faults.reset();
  if (!faults) faults.emplace();
  faults->clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    faults->emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
}

Digest digest_value(const std::string& text) {
  Digest digest{};
  for (std::size_t i = 0; i < digest.size() && 2 * i + 2 <= text.size(); ++i) {
    std::from_chars(text.data() + 2 * i, text.data() + 2 * i + 2, digest[i], 16);
  }
  return digest;
}

}  // namespace packbench::hil::api
