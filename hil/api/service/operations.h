// What an operator and a monitor ask a server, without a key: does the process answer, can it do its work, what has it
// counted; and the contract itself.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "hil/api/http/http_message.h"
#include "hil/api/service/metrics.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct Readiness {
  std::string disk{};  // a file whose file system must have room; empty: not looked at
  std::int64_t least_room_bytes = 64LL * 1024 * 1024;
};

class Operations {
 public:
  // Store and metrics are not owned.
  Operations(Store& store, Metrics& metrics, Clock clock, Readiness readiness);

  // "/healthz", "/readyz", "/metrics" or "/openapi.json" where it is one of them and the listener shows it.
  static std::optional<std::string_view> path_of(const Request& request);
  Response answer(std::string_view path);

 private:
  Response ready();
  std::string store_trouble();
  Response counted();

  Store& store_;
  Metrics& metrics_;
  Clock clock_;
  Readiness readiness_;
  std::optional<std::chrono::steady_clock::time_point> written_;  // when a write was last tried and done
};

// openapi.yaml of this folder as JSON.
std::string_view openapi_json();

}  // namespace packbench::hil::api
