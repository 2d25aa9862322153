// What the server counts and times, as Prometheus reads it (text format 0.0.4).
//
//   api_requests_total{route,method,code}          answers; `route` is the template, never the path as sent
//   api_request_duration_seconds{route}            from the whole request to its answer
//   api_auth_failures_total{reason}                missing, unknown, expired, revoked
//   api_rate_limited_total{limit}                  answers 429: key, failures
//   api_connections_refused_total{limit}           closed when they came: all, address
//   ingest_records_total{result}                   accepted, duplicate; rejected: of requests answered 4xx, one each
//   store_write_seconds                            one transaction, which may hold many requests
//   api_live_clients                               gauge: clients that follow a device
//   api_live_events_total{result}                  sent; passed_over: a newer record came before the client took it
//   api_streams                                    gauge: ranges that are streamed at this moment
//   api_streams_total{form,result}                 ndjson, csv; whole, failed (the key ended, or the store), left
//   api_streamed_records_total                     records that went into streams
//   store_records, store_bytes                     gauges
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

#include "hil/api/store/store.h"

namespace packbench::hil::api {

// Counted by any thread.
class Metrics {
 public:
  // The route by its template; of methods only those that a route can have become labels.
  void request(std::string_view route, std::string_view method, int status, double seconds);
  void auth_failure(std::string_view reason);
  void rate_limited(std::string_view limit);
  void connection_refused(std::string_view limit);
  void ingested(const InsertCount& count);
  void ingest_rejected();
  void wrote(double seconds);
  void live_clients(int more);
  void live_event(std::string_view result);
  void streams(int more);
  void stream(std::string_view form, std::string_view result);
  void streamed(std::int64_t records);

  std::string text(const StoreSize& size) const;

 private:
  static constexpr std::array kBounds_s{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5};
  struct Histogram {
    std::array<std::uint64_t, kBounds_s.size() + 1> counts{};
    double sum_s = 0;

    void add(double seconds);
    void append(std::string& out, const std::string& name, const std::string& labels) const;
  };
  using Counters = std::map<std::string, std::uint64_t>;  // by labels, as printed

  mutable std::mutex mutex_;
  // Found without making the text that is printed: this is counted for every answer.
  using Answered = std::tuple<std::string, std::string_view, int>;  // route, method, status
  struct InOrder {
    using is_transparent = void;
    using Seen = std::tuple<std::string_view, std::string_view, int>;
    bool operator()(const Seen& one, const Seen& other) const { return one < other; }
  };
  std::map<Answered, std::uint64_t, InOrder> requests_;
  Counters auth_failures_, rate_limited_, connections_refused_, ingested_, live_events_, streams_;
  std::int64_t live_clients_ = 0, open_streams_ = 0;
  std::uint64_t streamed_records_ = 0;
  std::map<std::string, Histogram, std::less<>> durations_;  // by route
  Histogram writes_;
};

}  // namespace packbench::hil::api
