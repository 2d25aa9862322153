// An API elsewhere, as a run reaches it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "hil/api/client/client.h"
#include "hil/api/judge/telemetry.h"

namespace packbench::hil::api {

inline constexpr std::chrono::seconds kApiPatience{30};  // for an API that answered before

// The key is PACKBENCH_API_KEY.
inline ClientOptions remote_client(const TelemetryOptions& options) {
  const char* key = std::getenv("PACKBENCH_API_KEY");
  return {
      .url = options.remote_url, .key = key ? key : "", .ca_file = options.ca_file, .verify = options.verify_remote};
}

// Asks again while that is worth it: an API that answered before, or says that it is busy; one that was never there is
// not waited for.
template <class Question>
auto ask_patiently(const Question& ask, bool was_there) {
  const auto end = std::chrono::steady_clock::now() + kApiPatience;
  auto answer = ask();
  while (answer.worth_repeating() && (was_there || answer.status != 0) && std::chrono::steady_clock::now() < end) {
    const std::int64_t wait_ms = std::clamp<std::int64_t>(answer.retry_after_ms.value_or(1000), 100, 5000);
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    answer = ask();
  }
  return answer;
}

}  // namespace packbench::hil::api
