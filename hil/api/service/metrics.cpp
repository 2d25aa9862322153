#include "hil/api/service/metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace packbench::hil::api {
namespace {

void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void append_counters(std::string& out, std::string_view name, std::string_view help,
                     const std::map<std::string, std::uint64_t>& counters) {
  append_head(out, name, "counter", help);
  for (const auto& [labels, count] : counters) out += fmt::format("{}{{{}}} {}\n", name, labels, count);
}

void append_gauge(std::string& out, std::string_view name, std::string_view help, std::int64_t value) {
  append_head(out, name, "gauge", help);
  out += fmt::format("{} {}\n", name, value);
}

// Methods come from outside; only those that a route can have become labels.
std::string_view method_label(std::string_view method) {
  for (const std::string_view known : {"GET", "HEAD", "POST"}) {
    if (method == known) return known;
  }
  return "other";
}

}  // namespace

void Metrics::Histogram::add(double seconds) {
  const auto at = std::ranges::lower_bound(kBounds_s, seconds) - kBounds_s.begin();
  ++counts[static_cast<std::size_t>(at)];
  sum_s += seconds;
}

void Metrics::Histogram::append(std::string& out, const std::string& name, const std::string& labels) const {
  const std::string before = labels.empty() ? "" : labels + ",", alone = labels.empty() ? "" : "{" + labels + "}";
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    total += counts[i];
    const std::string bound = i < kBounds_s.size() ? fmt::format("{}", kBounds_s[i]) : "+Inf";
    out += fmt::format("{}_bucket{{{}le=\"{}\"}} {}\n", name, before, bound, total);
  }
  out += fmt::format("{}_sum{} {}\n{}_count{} {}\n", name, alone, sum_s, name, alone, total);
}

void Metrics::request(std::string_view route, std::string_view method, int status, double seconds) {
  const std::tuple answered(route, method_label(method), status);
  const std::scoped_lock lock(mutex_);
  auto count = requests_.find(answered);
  if (count == requests_.end()) count = requests_.emplace(answered, 0).first;
  ++count->second;
  auto durations = durations_.find(route);
  if (durations == durations_.end()) durations = durations_.emplace(route, Histogram()).first;
  durations->second.add(seconds);
}

void Metrics::auth_failure(std::string_view reason) {
  const std::scoped_lock lock(mutex_);
  ++auth_failures_[fmt::format("reason=\"{}\"", reason)];
}

void Metrics::rate_limited(std::string_view limit) {
  const std::scoped_lock lock(mutex_);
  ++rate_limited_[fmt::format("limit=\"{}\"", limit)];
}

void Metrics::connection_refused(std::string_view limit) {
  const std::scoped_lock lock(mutex_);
  ++connections_refused_[fmt::format("limit=\"{}\"", limit)];
}

void Metrics::ingested(const InsertCount& count) {
  const std::scoped_lock lock(mutex_);
  ingested_["result=\"accepted\""] += static_cast<std::uint64_t>(count.accepted);
  ingested_["result=\"duplicate\""] += static_cast<std::uint64_t>(count.duplicates);
}

void Metrics::ingest_rejected() {
  const std::scoped_lock lock(mutex_);
  ++ingested_["result=\"rejected\""];
}

void Metrics::wrote(double seconds) {
  const std::scoped_lock lock(mutex_);
  writes_.add(seconds);
}

void Metrics::live_clients(int more) {
  const std::scoped_lock lock(mutex_);
  live_clients_ += more;
}

void Metrics::live_event(std::string_view result) {
  const std::scoped_lock lock(mutex_);
  ++live_events_[fmt::format("result=\"{}\"", result)];
}

void Metrics::streams(int more) {
  const std::scoped_lock lock(mutex_);
  open_streams_ += more;
}

void Metrics::stream(std::string_view form, std::string_view result) {
  const std::scoped_lock lock(mutex_);
  ++streams_[fmt::format("form=\"{}\",result=\"{}\"", form, result)];
}

void Metrics::streamed(std::int64_t records) {
  const std::scoped_lock lock(mutex_);
  streamed_records_ += static_cast<std::uint64_t>(records);
}

std::string Metrics::text(const StoreSize& size) const {
  const std::scoped_lock lock(mutex_);
  std::string out;
  append_head(out, "api_requests_total", "counter", "Answers by route, method and status.");
  for (const auto& [answered, count] : requests_) {
    const auto& [route, method, status] = answered;
    out +=
        fmt::format("api_requests_total{{route=\"{}\",method=\"{}\",code=\"{}\"}} {}\n", route, method, status, count);
  }
  append_head(out, "api_request_duration_seconds", "histogram", "Time from a whole request to its answer.");
  for (const auto& [route, histogram] : durations_) {
    histogram.append(out, "api_request_duration_seconds", fmt::format("route=\"{}\"", route));
  }
  append_counters(out, "api_auth_failures_total", "Requests without a valid key.", auth_failures_);
  append_counters(out, "api_rate_limited_total", "Requests refused for their number.", rate_limited_);
  append_counters(out, "api_connections_refused_total", "Connections closed when they came.", connections_refused_);
  append_counters(out, "ingest_records_total", "Records posted, by what became of them.", ingested_);
  append_head(out, "store_write_seconds", "histogram", "Time of one transaction of the store.");
  writes_.append(out, "store_write_seconds", "");
  append_gauge(out, "api_live_clients", "Clients that follow a device.", live_clients_);
  append_counters(out, "api_live_events_total", "Records for clients that follow a device.", live_events_);
  append_gauge(out, "api_streams", "Ranges that are streamed.", open_streams_);
  append_counters(out, "api_streams_total", "Streams of a range, by form and how they ended.", streams_);
  append_head(out, "api_streamed_records_total", "counter", "Records that went into streams.");
  out += fmt::format("api_streamed_records_total {}\n", streamed_records_);
  append_gauge(out, "store_records", "Records in the store.", size.records);
  append_gauge(out, "store_bytes", "Size of the store's file.", size.bytes);
  return out;
}

}  // namespace packbench::hil::api
