#include "hil/api/service/operations.h"

#include <spdlog/spdlog.h>

#include <filesystem>
#include <system_error>
#include <vector>

#include "hil/api/values/json_value.h"

namespace packbench::hil::api {
namespace {

constexpr std::string_view kContract = "/openapi.json", kHealth = "/healthz", kReady = "/readyz", kMetrics = "/metrics";

Response text(int status, const char* type, std::string body) {
  return {status, {{"Content-Type", type}, {"Cache-Control", "no-store"}}, std::move(body)};
}

std::string disk_trouble(const Readiness& readiness) {
  if (readiness.disk.empty()) return {};
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::absolute(readiness.disk).parent_path(), error);
  if (error) return "The disk of the store cannot be looked at.";
  const bool room = space.available >= static_cast<std::uintmax_t>(readiness.least_room_bytes);
  return room ? "" : "The disk of the store is nearly full.";
}

}  // namespace

Operations::Operations(Store& store, Metrics& metrics, Clock clock, Readiness readiness)
    : store_(store), metrics_(metrics), clock_(std::move(clock)), readiness_(std::move(readiness)) {}

std::optional<std::string_view> Operations::path_of(const Request& request) {
  const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
  if (path == kContract) return kContract;
  for (const std::string_view known : {kHealth, kReady, kMetrics}) {
    if (request.surface.operations && path == known) return known;
  }
  return std::nullopt;
}

Response Operations::answer(std::string_view path) {
  if (path == kContract) return text(200, "application/json", std::string(openapi_json()));
  if (path == kHealth) return text(200, "application/json", R"({"status":"ok"})");
  return path == kReady ? ready() : counted();
}

// What keeps the store from being written, or nothing. It is tried, at most once a second while it succeeds: whoever
// asks often does not wear the disk.
std::string Operations::store_trouble() {
  const auto now = std::chrono::steady_clock::now();
  if (written_ && now - *written_ < std::chrono::seconds(1)) return {};
  written_.reset();
  try {
    store_.check_writable();
    written_ = now;
    return {};
  } catch (const StoreError& error) {
    spdlog::warn("not ready: {}", error.what());
    return "The store cannot be written.";
  }
}

Response Operations::ready() {
  const bool clock_set = clock_() >= kEarliestNow_ms;
  std::string wrong;
  for (const std::string& trouble : {store_trouble(), disk_trouble(readiness_),
                                     std::string(clock_set ? "" : "The clock of the server is not set.")}) {
    if (trouble.empty()) continue;
    if (!wrong.empty()) wrong += ',';
    append_json_string(wrong, trouble);
  }
  const std::string body =
      std::string("{\"ready\":") + (wrong.empty() ? "true" : "false") + ",\"troubles\":[" + wrong + "]}";
  return text(wrong.empty() ? 200 : 503, "application/json", body);
}

Response Operations::counted() {
  return text(200, "text/plain; version=0.0.4; charset=utf-8", metrics_.text(store_.size()));
}

}  // namespace packbench::hil::api
