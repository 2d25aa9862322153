// The Device API itself: one request in, one answer out, without sockets. Contract: hil/api/openapi.yaml and
// hil/api/README.md.
//
// Order of judgement: target readable (400), route (404), method (405), too many failures from there (429), key (401),
// too many requests of the key (429), scope (403), acceptable answer (406), body's type (415), then what the route
// says. Every answer carries X-Request-Id and Date of the injected clock. Beside /v1, without a key: operations.h and
// the assets of the options.
#pragma once

#include <functional>
#include <span>

#include "hil/api/http/cors.h"
#include "hil/api/http/http_message.h"
#include "hil/api/service/gate.h"
#include "hil/api/service/live.h"
#include "hil/api/service/operations.h"
#include "hil/api/service/read_cache.h"
#include "hil/api/service/streams.h"
#include "hil/api/service/write_queue.h"
#include "hil/api/store/store.h"
#include "hil/api/values/clock.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api {

struct Call;
struct Exchange;
struct Route;
struct Writing;

struct ServiceOptions {
  StampForm stamps = StampForm::basic;                  // of the document's own time fields
  bool lenient_query = false;                           // ignore unknown query parameters
  bool log_requests = false;                            // a line each, with the key as masked() shows it
  std::int64_t max_range_ms = 31LL * 24 * 3600 * 1000;  // between start and end
  Limits limits{};
  Readiness readiness{};
  Cors cors{};
  std::span<const Asset> assets{};  // given out beside the API, without a key
};

class Service {
 public:
  // The store is not owned and used by the thread that calls handle(). Without a queue it also makes the changes.
  Service(Store& store, KeyRing keys, Clock clock, ServiceOptions options = {});
  // From now on changes are made by the queue, which must outlive the service.
  void write_through(WriteQueue& queue) { queue_ = &queue; }

  // From now on an answer that is long in the making is made in pieces, each of which is given to `later`, which calls
  // it in the thread of handle(). Without it, or after nullptr, such an answer is made at once.
  using Later = std::function<void(std::function<void()>)>;
  void work_by(Later later) { later_ = std::move(later); }

  // Calls `answer` once: before it returns, or later: for a change, from the thread of the queue.
  using Answer = std::function<void(Response)>;
  void handle(const Request& request, Answer answer) noexcept;
  // Without a queue only.
  Response handle(const Request& request) noexcept;
  // An error answer in the same form, for what never became a request (408, 413, 414, 431, malformed HTTP).
  Response refuse(int status, std::string code, std::string title, std::string detail) noexcept;
  // Whether a request with this key from there would come in, for who wants to know before its body is read.
  bool would_admit(std::string_view key, const std::string& peer) noexcept;
  // Returns when every answer that is owed is given.
  void settle();

  Metrics& metrics() { return metrics_; }

 private:
  struct Pending;  // a change on the way to the store
  struct Long;     // an answer that is long in the making

  using Judged = std::variant<Response, Pending, std::function<std::optional<Response>()>>;
  Judged judge(const Request& request, Exchange& exchange);
  Judged judge_call(const Route& route, Call call);
  Response follow(const Call& call);
  const Asset* asset_of(const Request& request) const;
  void start_work(std::function<std::optional<Response>()> work, Exchange exchange, Answer answer);
  void work(const std::shared_ptr<Long>& job) noexcept;
  void write(Pending pending, Exchange exchange, Answer answer);
  Response finish(const Written& written, const std::function<Response(const Changed&)>& answer);
  void count_refusal(const Response& response, const Exchange& exchange);
  Response complete(Response response, const Exchange& exchange);

  Store& store_;
  Clock clock_;
  ServiceOptions options_;
  Metrics metrics_;
  ReadCache cache_;
  Gate gate_;
  Operations operations_;
  Live live_{metrics_};
  Streams streams_{metrics_, [this](std::string_view key) { return gate_.knows(key, clock_()); }};
  WriteQueue* queue_ = nullptr;
  Later later_;
  std::size_t working_ = 0;  // long answers under way
};

inline constexpr std::size_t kMostLong = 16;  // at once; a further one is 503

// Bytes that the body of this request may have.
std::size_t body_limit(std::string_view method, std::string_view target);

}  // namespace packbench::hil::api
