// Any request to the Device API: the answer is JSON of one of the documented kinds, never "internal error", and no
// header field of it can be broken out of. Input: "METHOD target", header fields, an empty line, the body, with lines
// ended by \n.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/fuzz/api_under_fuzz.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::hil::api;
using packbench::fuzz::require;

// What the HTTP parser lets through to the service.
bool is_line(std::string_view line) {
  return std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != 0x7F; });
}

std::string_view cut_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::optional<Request> request_of(std::string_view text) {
  const std::string_view first = cut_line(text);
  const std::size_t blank = first.find(' ');
  if (!is_line(first) || blank == std::string_view::npos) return std::nullopt;
  Request request{std::string(first.substr(0, blank)), std::string(first.substr(blank + 1)), {}, {}};
  while (!text.empty()) {
    const std::string_view line = cut_line(text);
    if (line.empty()) break;
    const std::size_t colon = line.find(": ");
    if (!is_line(line) || colon == std::string_view::npos) return std::nullopt;
    request.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  request.fields.emplace_back("ApiKey", packbench::fuzz::kApiKey);
  request.fields.emplace_back("Content-Type", "application/json");
  request.body = std::string(text);
  return request;
}

void check_answer(const Response& response) {
  require(response.status >= 200 && response.status < 500);
  require(nlohmann::json::accept(response.body));
  for (const auto& [name, value] : response.fields) require(is_line(name) && is_line(value));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto request = request_of({reinterpret_cast<const char*>(data), size});
  if (!request) return 0;
  packbench::fuzz::ApiUnderFuzz api;
  check_answer(api.service.handle(*request));
  check_answer(api.get("/v1/devices/DVC1/telemetry?timeRange=last1hour&extended=1"));
  return 0;
}
