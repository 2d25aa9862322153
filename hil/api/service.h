// The Device API itself: one request in, one answer out, without sockets. Contract: openapi.yaml and README.md of this
// folder.
//
// Order of judgement: target readable (400), route (404), method (405), key (401), scope (403), acceptable answer
// (406), body's type (415), then what the route says. Every answer carries X-Request-Id and Date of the injected clock.
#pragma once

#include "hil/api/clock.h"
#include "hil/api/http_message.h"
#include "hil/api/key_ring.h"
#include "hil/api/stamp.h"
#include "hil/api/store.h"

namespace packbench::hil::api {

struct ServiceOptions {
  StampForm stamps = StampForm::basic;                  // of the document's own time fields
  bool lenient_query = false;                           // ignore unknown query parameters
  std::int64_t max_range_ms = 31LL * 24 * 3600 * 1000;  // between start and end
};

class Service {
 public:
  // The store is not owned and used by the thread that calls handle().
  Service(Store& store, KeyRing keys, Clock clock, ServiceOptions options = {});

  Response handle(const Request& request) noexcept;
  // An error answer in the same form, for what never became a request (408, 413, 414, 431, malformed HTTP).
  Response refuse(int status, std::string code, std::string title, std::string detail) noexcept;

 private:
  Response route(const Request& request);

  Store& store_;
  KeyRing keys_;
  Clock clock_;
  ServiceOptions options_;
};

// Bytes that the body of this request may have.
std::size_t body_limit(std::string_view method, std::string_view target);

}  // namespace packbench::hil::api
