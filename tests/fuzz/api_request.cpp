// Any request to the Device API: the answer is JSON of one of the documented kinds, never "internal error", and no
// header field of it can be broken out of. Input: "METHOD target", header fields, an empty line, the body, with lines
// ended by \n.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "hil/api/service.h"
#include "hil/api/sqlite_store.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::hil::api;
using packbench::fuzz::require;

constexpr const char* kKey = "key";
constexpr std::int64_t kNow_ms = 1'740'047'045'103;  // 2025-02-20T10:24:05.103Z

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
  request.fields.emplace_back("ApiKey", kKey);
  request.fields.emplace_back("Content-Type", "application/json");
  request.body = std::string(text);
  return request;
}

void fill(Store& store) {
  Device device;
  device.device_id = "DVC1";
  device.name = "BMS_DEVICE_1";
  store.add_device(device);
  Record record;
  record.cell_dmV.assign(15, 34135);
  record.id = "first";
  record.measured_ms = kNow_ms - 1000;
  store.insert(device.organization, device.device_id, std::span(&record, 1), kNow_ms);
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
  SqliteStore store(":memory:");
  fill(store);
  KeyRing keys;
  keys.add(kKey);
  Service service(store, keys, [] { return kNow_ms; });
  check_answer(service.handle(*request));
  check_answer(
      service.handle({"GET", "/v1/devices/DVC1/telemetry?timeRange=last1hour&extended=1", {{"ApiKey", kKey}}, {}}));
  return 0;
}
