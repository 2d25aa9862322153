#include "hil/api/store/store_rows.h"

#include <algorithm>
#include <charconv>

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

}  // namespace

void read_list(std::string_view text, std::vector<std::int64_t>& values) {
  values.clear();
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at < end;) values.push_back(take_value(at, end));
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
