#include "hil/api/judge/board_telemetry.h"

#include <algorithm>
#include <utility>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kAhead_ms = 5000;   // that a device's clock may be ahead
constexpr std::int64_t kStep_ms = 100;     // between two looks at the line, as a rule
constexpr std::int64_t kLate_ms = 2000;    // that a report may be heard after the record of it was seen
constexpr std::int64_t kClock_ms = 1000;   // of the API's clock, which is told in whole seconds, against this one
constexpr std::int64_t kMargin_ms = 2000;  // of clocks that were compared in whole seconds

template <class Number>
Number median(std::vector<Number> numbers) {
  std::ranges::sort(numbers);
  return numbers[numbers.size() / 2];
}

}  // namespace

BoardTelemetry::BoardTelemetry(const ClientOptions& client, const std::string& device_id,
                               std::chrono::milliseconds period)
    : watch_(client, device_id, period, clock_) {}

void BoardTelemetry::hear(Record report, sim::TimeNs at) { history_.add(std::move(report), at, clock_()); }

bool BoardTelemetry::is_of_before(const Record& record) const {
  const std::optional<Record>& before = watch_.before();
  return before &&
         (record.id == before->id || (record.measured_ms <= before->measured_ms && !ids_.contains(record.id)));
}

std::optional<Record> BoardTelemetry::see(sim::TimeNs now) {
  std::optional<Record> newest;
  for (SeenRecord& one : watch_.take()) {
    newest = one.record;
    waiting_.push_back(std::move(one));
  }
  const std::int64_t heard_ms = clock_() - kLate_ms;
  const auto ripe = std::ranges::find_if(waiting_, [&](const SeenRecord& one) { return one.seen_ms > heard_ms; });
  for (auto one = waiting_.begin(); one != ripe; ++one) explain(one->record, one->seen_ms, now, true);
  waiting_.erase(waiting_.begin(), ripe);
  return newest;
}

void BoardTelemetry::explain(const Record& record, std::int64_t seen_ms, sim::TimeNs now, bool timed) {
  if (!ids_.insert(record.id).second) return;
  ++seen_;
  // What arrived before the line was listened to, nothing could explain.
  const std::optional<std::int64_t> heard_ms = history_.begin_ms();
  const std::int64_t arrived_ms = (record.arrived_s - watch_.api_ahead_s().value_or(0)) * 1000;
  if (!heard_ms || arrived_ms < *heard_ms - kMargin_ms) return;
  const ReportHistory::Match match = history_.match(record, seen_ms, kLate_ms);
  const std::int64_t left_ms = *history_.end_ms() - (timed ? seen_ms + kStep_ms : arrived_ms + kMargin_ms);
  if (!match.at && left_ms < 0) return;  // its report was perhaps no longer listened to
  if (!match.at) {
    const std::string label = "record " + std::to_string(seen_) + " (id " + record.id + ")";
    findings_.push_back({now, label + " is nothing that the device reported: " + match.difference});
    return;
  }
  const std::int64_t late_ms = (timed ? seen_ms : arrived_ms - kClock_ms) - match.heard_ms;
  const sim::TimeNs latency = std::max<std::int64_t>(late_ms, 0) * sim::kMillisecond;
  sent_.push_back({record, *match.at, *match.at + latency, timed || late_ms > 0});
  explained_.push_back({record, match.oldest, *match.at});
  if (timed) ahead_ms_.push_back(record.measured_ms - match.heard_ms);
}

std::int64_t BoardTelemetry::ahead_ms() const {
  return ahead_ms_.empty() ? watch_.api_ahead_s().value_or(0) * 1000 : median(ahead_ms_);
}

std::pair<std::int64_t, std::int64_t> BoardTelemetry::run_window() const {
  const std::int64_t from_ms = begin_ms_ + ahead_ms() - kMargin_ms;
  return {watch_.before() ? std::max(from_ms, watch_.before()->measured_ms) : from_ms,
          clock_() + ahead_ms() + kAhead_ms};
}

std::string BoardTelemetry::judge(std::vector<Record> whole, sim::TimeNs now) {
  see(now);
  for (const SeenRecord& one : std::exchange(waiting_, {})) explain(one.record, one.seen_ms, now, true);
  std::erase_if(whole, [this](const Record& record) { return is_of_before(record); });
  const auto& before = watch_.before();
  const std::int64_t now_ms = clock_(), future_ms = before ? before->measured_ms - now_ms - ahead_ms() : 0;
  if (whole.empty() && seen_ == 0 && future_ms > kAhead_ms) {
    return "The newest record of the device was measured " + fixed_text(future_ms, 3) +
           " s from now, so that what it sends now cannot be seen: a clock was wrong, or is.";
  }
  for (const Record& record : whole) explain(record, now_ms, now, false);
  never_arrived_ = missing_records(whole);
  for (std::string& what : judge_sequence(whole, begin_ms_ + ahead_ms(), now_ms + ahead_ms()))
    findings_.push_back({now, std::move(what)});
  std::ranges::move(judge_report_order(explained_), std::back_inserter(findings_));
  std::ranges::stable_sort(sent_, {}, [](const Sent& one) { return one.record.measured_ms; });
  return "";
}

// A record is seen at a look, and is explained by a report of one step.
sim::TimeNs BoardTelemetry::resolution() const { return watch_.period().count() * sim::kMillisecond; }

std::optional<double> BoardTelemetry::device_ahead_s() const {
  if (ahead_ms_.empty()) return std::nullopt;
  return static_cast<double>(median(ahead_ms_)) / 1000;
}

std::optional<double> BoardTelemetry::api_ahead_s() const {
  const auto ahead_s = watch_.api_ahead_s();
  return ahead_s ? std::optional(static_cast<double>(*ahead_s)) : std::nullopt;
}

}  // namespace packbench::hil::api
