#include "hil/api/judge/board_telemetry.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>
#include <utility>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

constexpr std::int64_t kAhead_ms = 5000;    // that a device's clock may be ahead
constexpr std::int64_t kStep_ms = 100;      // between two looks at the line, as a rule
constexpr std::int64_t kLate_ms = 2000;     // that a report may be heard after the record of it was seen
constexpr std::int64_t kMargin_ms = 2000;   // of clocks that were compared in whole seconds
constexpr std::int64_t kSilence_ms = 1000;  // of the API, that is worth a word
constexpr std::size_t kFewest = 3;          // records that show a usual step

constexpr std::int64_t kNone_ms = std::numeric_limits<std::int64_t>::min();  // before every record

template <class Number>
Number median(std::vector<Number> numbers) {
  std::ranges::sort(numbers);
  return numbers[numbers.size() / 2];
}

}  // namespace

BoardTelemetry::BoardTelemetry(Clock clock, Look first)
    : clock_(std::move(clock)), begin_ms_(clock_()), before_(first.newest) {
  if (before_) newest_ids_.insert(before_->id);
  see({std::move(first)}, 0);
}

void BoardTelemetry::hear(Record report, sim::TimeNs at) { history_.add(std::move(report), at, clock_()); }

bool BoardTelemetry::is_of_before(const Record& record) const {
  return before_ &&
         (record.id == before_->id || (record.measured_ms <= before_->measured_ms && !ids_.contains(record.id)));
}

std::optional<Record> BoardTelemetry::see(std::vector<Look> looks, sim::TimeNs now) {
  std::optional<Record> newest;
  for (Look& look : looks) {
    note_silence(look);
    if (look.date_ms) api_clock_.note(*look.date_ms, look.asked_ms, look.answered_ms);
    if (look.newest && newest_ids_.insert(look.newest->id).second) {
      newest = look.newest;
      seen_.push_back(*look.newest);
      waiting_.emplace_back(*look.newest, look.answered_ms);
    }
    if (look.answered) shown_.push_back({look.newest ? look.newest->measured_ms : kNone_ms, look.asked_ms});
  }
  const std::int64_t heard_ms = clock_() - kLate_ms;
  const auto ripe = std::ranges::find_if(waiting_, [&](const auto& one) { return one.second > heard_ms; });
  for (auto one = waiting_.begin(); one != ripe; ++one) explain(one->first, one->second, now);
  waiting_.erase(waiting_.begin(), ripe);
  return newest;
}

// From the first attempt that failed to the answer.
void BoardTelemetry::note_silence(const Look& look) {
  const std::int64_t since_ms = silent_since_ms_.value_or(look.asked_ms);
  if (silent_since_ms_ && !silences_.empty() && silences_.back().from == since_ms) silences_.pop_back();
  if (look.answered_ms - since_ms >= kSilence_ms) silences_.push_back({since_ms, look.answered_ms});
  silent_since_ms_ = look.silent ? std::optional(since_ms) : std::nullopt;
}

// By this machine's clock; while the API's is not known, by now.
std::int64_t BoardTelemetry::arrived_at_most_ms(const Record& record) const {
  const std::int64_t now_ms = clock_();
  const auto& ahead = api_clock_.ahead();
  return ahead ? std::min(now_ms, record.arrived_s * 1000 + 1000 - ahead->low_ms) : now_ms;
}

void BoardTelemetry::explain(const Record& record, std::optional<std::int64_t> seen_ms, sim::TimeNs now) {
  if (!ids_.insert(record.id).second) return;
  // What arrived before the line was listened to, nothing could explain.
  const std::optional<std::int64_t> heard_ms = history_.begin_ms();
  const std::int64_t arrived_ms = record.arrived_s * 1000 - api_clock_.middle_ms();
  if (!heard_ms || arrived_ms < *heard_ms - kMargin_ms) return;
  const std::int64_t there_ms = seen_ms.value_or(arrived_at_most_ms(record));
  if (there_ms < *history_.kept_from_ms()) {
    ++forgotten_;
    return;
  }
  const ReportHistory::Match match = history_.match(record, there_ms, kLate_ms);
  if (!match.at && *history_.end_ms() < there_ms + kStep_ms) return;  // its report was perhaps no longer listened to
  if (!match.at) {
    const std::string label = "record " + std::to_string(ids_.size()) + " (id " + record.id + ")";
    findings_.push_back({now, label + " is nothing that the device reported: " + match.difference});
    return;
  }
  explained_.push_back({record, match.oldest, *match.at, match.oldest_ms, match.heard_ms, match.count, seen_ms});
  if (seen_ms) ahead_ms_.push_back(record.measured_ms - match.heard_ms);
}

std::int64_t BoardTelemetry::ahead_ms() const { return ahead_ms_.empty() ? api_clock_.middle_ms() : median(ahead_ms_); }

std::pair<std::int64_t, std::int64_t> BoardTelemetry::run_window() const {
  const std::int64_t from_ms = begin_ms_ + ahead_ms() - kMargin_ms;
  return {before_ ? std::max(from_ms, before_->measured_ms) : from_ms, clock_() + ahead_ms() + kAhead_ms};
}

sim::TimeNs BoardTelemetry::time_of(std::int64_t ms) const { return history_.begin_ms() ? history_.time_of(ms) : 0; }

// An API that does not tell its clock tells when records arrived, some of which were seen to arrive.
void BoardTelemetry::learn_clock() {
  if (api_clock_.ahead()) return;
  const BoardDelays looks(shown_, api_clock_, std::nullopt);
  for (const Explained& one : explained_) {
    const auto without_ms = looks.last_without_ms(one.record.measured_ms);
    if (one.seen_ms && without_ms) api_clock_.note(one.record.arrived_s * 1000, *without_ms, *one.seen_ms);
  }
}

// The longest of them.
std::int64_t BoardTelemetry::time_delays() {
  const auto ahead = ahead_ms_.empty() ? std::nullopt : std::optional(median(ahead_ms_));
  const BoardDelays delays(shown_, api_clock_, ahead);
  std::int64_t longest_ms = 0;
  for (const Explained& one : explained_) {
    const auto delay = delays.of(one).value_or(BoardDelays::Delay{});
    const auto after = [&](std::int64_t ms) { return one.newest + ms * sim::kMillisecond; };
    sent_.push_back({one.record, one.newest, after(delay.most_ms), delays.of(one).has_value(), after(delay.least_ms)});
    longest_ms = std::max(longest_ms, delay.most_ms);
  }
  std::ranges::stable_sort(sent_, {}, [](const Sent& one) { return one.record.measured_ms; });
  for (const BoardDelays::Behind& one : delays.behind(explained_))
    stale_.push_back({time_of(one.asked_ms), one.age_ms * sim::kMillisecond});
  return longest_ms;
}

// What was the newest record once and is not there in the end; they are counted among the whole.
void BoardTelemetry::find_lost(std::vector<Record>& whole, sim::TimeNs now) {
  std::set<std::string> there;
  for (const Record& record : whole) there.insert(record.id);
  const auto [from_ms, to_ms] = run_window();
  for (const Record& record : seen_) {
    if (there.contains(record.id) || record.measured_ms < from_ms || record.measured_ms >= to_ms) continue;
    ++never_arrived_;
    findings_.push_back(
        {now, "the record " + record.id + " was the newest one at a look and is missing from the records of the run"});
    const auto place = std::ranges::upper_bound(whole, record.measured_ms, {}, &Record::measured_ms);
    whole.insert(place, record);
  }
}

// Where times may be those of arrivals, how much earlier the oldest report that explains the record was.
std::vector<Placed> BoardTelemetry::place(const std::vector<Record>& whole, std::int64_t allowed_ms) const {
  std::map<std::string_view, const Explained*> explained;
  for (const Explained& one : explained_) explained.emplace(one.record.id, &one);
  const bool arrivals = may_be_arrivals(whole);
  const auto& ahead = api_clock_.ahead();
  std::vector<Placed> placed;
  for (const Record& record : whole) {
    const auto found = explained.find(record.id);
    const Explained* one = found == explained.end() ? nullptr : found->second;
    Placed next{record, std::nullopt, one && one->pairs <= 2};
    if (arrivals) {
      next.earlier_ms = allowed_ms;
      if (one && ahead)
        next.earlier_ms = std::clamp<std::int64_t>(record.measured_ms - ahead->low_ms - one->oldest_ms, 0, allowed_ms);
    }
    placed.push_back(std::move(next));
  }
  return placed;
}

std::string BoardTelemetry::judge(std::vector<Record> whole, sim::TimeNs now, sim::TimeNs allowed) {
  for (const auto& [record, seen_ms] : std::exchange(waiting_, {})) explain(record, seen_ms, now);
  for (Silence& one : silences_) one = {time_of(one.from), time_of(one.to)};
  std::erase_if(whole, [this](const Record& record) { return is_of_before(record); });
  const std::int64_t now_ms = clock_(), future_ms = before_ ? before_->measured_ms - now_ms - ahead_ms() : 0;
  if (whole.empty() && seen_.empty() && future_ms > kAhead_ms) {
    return "The newest record of the device was measured " + fixed_text(future_ms, 3) +
           " s from now, so that what it sends now cannot be seen: a clock was wrong, or is.";
  }
  learn_clock();
  for (const Record& record : whole) explain(record, std::nullopt, now);
  find_lost(whole, now);
  never_arrived_ += missing_records(whole);
  const std::int64_t longest_ms = time_delays();
  const std::int64_t allowed_ms = allowed > 0 ? allowed / sim::kMillisecond : longest_ms;
  const auto placed = place(whole, allowed_ms);
  for (std::string& what : judge_sequence(placed, begin_ms_ + ahead_ms(), now_ms + ahead_ms(), allowed_ms))
    findings_.push_back({now, std::move(what)});
  std::ranges::move(judge_report_order(explained_), std::back_inserter(findings_));
  return findings_.empty() ? why_untold(whole.size()) : "";
}

std::string BoardTelemetry::why_untold(std::size_t records) const {
  if (forgotten_ > 0)
    return std::to_string(forgotten_) + " records were never the newest one at a look, and what the device reported " +
           fixed_text(ReportHistory::kKept_ms / 3600, 3) + " h ago is not kept.";
  if (records >= kFewest) return "";
  return "Only " + std::to_string(records) + " of its records came in " + fixed_text(clock_() - begin_ms_, 3) +
         " s, too few to know how often one is due.";
}

std::optional<double> BoardTelemetry::device_ahead_s() const {
  if (ahead_ms_.empty()) return std::nullopt;
  return static_cast<double>(median(ahead_ms_)) / 1000;
}

// In whole seconds.
std::optional<double> BoardTelemetry::api_ahead_s() const {
  if (!api_clock_.ahead()) return std::nullopt;
  return std::round(static_cast<double>(api_clock_.middle_ms()) / 1000);
}

}  // namespace packbench::hil::api
