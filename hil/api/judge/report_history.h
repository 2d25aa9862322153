// What a device reported over the line in the last six hours, to explain the records that it sent to a Device API
// itself.
//
// A record is explained by a report, or by two that followed each other, when every number lies within theirs, give or
// take one digit of the wire (the board may round what it sends in another way), and state and contactors are one of
// theirs. Where several explain it, the time from report to record counts from the newest: it is never overstated.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "hil/api/values/record.h"
#include "sim/time.h"

namespace packbench::hil::api {

class ReportHistory {
 public:
  static constexpr std::int64_t kKept_ms = 21'600'000;

  struct Heard {
    Record report;
    sim::TimeNs at = 0;
    std::int64_t heard_ms = 0;  // by this machine's clock
  };
  // `at`, `heard_ms`: of the newest report that explains it, and `oldest` of the oldest one; nothing when none does:
  // then how it differs from the closest.
  struct Match {
    std::optional<sim::TimeNs> at;
    std::int64_t heard_ms = 0;
    sim::TimeNs oldest = 0;
    std::int64_t oldest_ms = 0;
    int count = 0;  // of pairs of reports that explain it; a single report is in two
    std::string difference;
  };

  void add(Record report, sim::TimeNs at, std::int64_t heard_ms);
  // When the first one was heard, the oldest that is kept, and the last; nothing while there was none.
  std::optional<std::int64_t> begin_ms() const { return begin_ms_; }
  std::optional<std::int64_t> kept_from_ms() const {
    return heard_.empty() ? std::nullopt : std::optional(heard_.front().heard_ms);
  }
  std::optional<std::int64_t> end_ms() const {
    return heard_.empty() ? std::nullopt : std::optional(heard_.back().heard_ms);
  }
  // The time of the run at a time of this machine's clock, once something was heard.
  sim::TimeNs time_of(std::int64_t ms) const {
    return heard_.back().at + (ms - heard_.back().heard_ms) * sim::kMillisecond;
  }
  // Of a record that was seen at seen_ms: what was reported before explains it, or else what was heard at most late_ms
  // later, for the line is listened to once a step.
  Match match(const Record& record, std::int64_t seen_ms, std::int64_t late_ms = 0) const;

 private:
  std::string closest_difference(const Record& record, std::size_t count) const;

  std::deque<Heard> heard_;
  std::optional<std::int64_t> begin_ms_;
};

}  // namespace packbench::hil::api
