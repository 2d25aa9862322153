#include "hil/api/values/text_scan.h"

namespace packbench::hil::api {

bool TextScan::take(std::string_view word) {
  skip_space();
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) return false;
  at_ += word.size();
  return true;
}

bool TextScan::take_string(std::string_view text) {
  skip_space();
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  const std::size_t size = text.size() + 2;
  if (rest.size() < size || rest.front() != '"' || rest[size - 1] != '"' || rest.substr(1, text.size()) != text)
    return false;
  at_ += size;
  return true;
}

std::optional<std::string_view> TextScan::string() {
  if (!take('"')) return std::nullopt;
  const char* const begin = at_;
  while (at_ < end_ && *at_ >= ' ' && *at_ < 0x7F && *at_ != '"' && *at_ != '\\') ++at_;
  if (at_ == end_ || *at_ != '"') return std::nullopt;
  return std::string_view(begin, static_cast<std::size_t>(at_++ - begin));
}

// As JSON has them before a point: no zero in front of others.
std::optional<std::int64_t> TextScan::digits(std::ptrdiff_t most) {
  const char* const begin = at_;
  std::int64_t value = 0;
  for (; digit() && at_ - begin <= most; ++at_) value = value * 10 + (*at_ - '0');
  const bool good = at_ > begin && at_ - begin <= most && (*begin != '0' || at_ - begin == 1);
  return good ? std::optional(value) : std::nullopt;
}

std::optional<std::int64_t> TextScan::fixed(int digits) {
  constexpr std::ptrdiff_t kMostWhole = 12;
  const bool negative = take('-');
  std::optional<std::int64_t> value = this->digits(kMostWhole);
  if (!value) return std::nullopt;
  const bool point = at_ < end_ && *at_ == '.';
  if (point) ++at_;
  if (point && !digit()) return std::nullopt;
  for (int i = 0; i < digits; ++i) *value = *value * 10 + (point && digit() ? *at_++ - '0' : 0);
  if (point && digit() && *at_ >= '5') ++*value;
  while (point && digit()) ++at_;
  return negative ? -*value : *value;
}

std::optional<std::int64_t> TextScan::whole() {
  constexpr std::ptrdiff_t kMost = 15;
  skip_space();
  return digits(kMost);
}

}  // namespace packbench::hil::api
