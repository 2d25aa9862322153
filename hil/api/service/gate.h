// Who comes in: keys, and how often they may.
//
// From an address that failed too often to show a valid key, only keys get in that got in from there before: guessing
// stays slow, a right guess looks like a wrong one, and nobody is shut out by strangers behind the same address. A key
// that asks too often waits. Both by a clock that never goes back. Unknown, wrong, expired and revoked keys take the
// same way and get the same answer.
#pragma once

#include "hil/api/http/http_message.h"
#include "hil/api/service/key_ring.h"
#include "hil/api/service/known_callers.h"
#include "hil/api/service/metrics.h"
#include "hil/api/service/rate_limit.h"
#include "hil/api/service/read_cache.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct Limits {
  Rate per_key{}, failures_per_peer{};  // without a limit where not said
  Clock steady{};                       // the system's steady clock where not said
};

class Gate {
 public:
  // What is not the gate's own is not owned.
  Gate(KeyRing keys, Store& store, ReadCache& cache, Metrics& metrics, Limits limits);

  struct Entry {
    Access access;
    std::vector<std::pair<std::string, std::string>> fields;  // RateLimit and RateLimit-Policy of the answer
  };
  // Throws 401 or 429. The cache is fresh.
  Entry admit(const Request& request, std::int64_t now_ms);
  // Whether a key that was admitted before is valid still.
  bool knows(std::string_view key, std::int64_t now_ms) const;
  // The same for a key that comes from there, whether or not it was admitted before.
  bool would_admit(std::string_view key, const std::string& peer, std::int64_t now_ms) const;

 private:
  Access authorize(const Request& request, std::int64_t now_ms, std::int64_t steady_ms);
  Entry count(Access access, std::int64_t steady_ms);

  KeyRing keys_;
  Store& store_;
  ReadCache& cache_;
  Metrics& metrics_;
  Clock steady_;
  RateLimiter per_key_, failures_;
  KnownCallers known_;
};

}  // namespace packbench::hil::api
