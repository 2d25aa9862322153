// The telemetry that a board sends by itself, beside what it reports over the line: which report explains each record,
// how long after it the API had the record (board_delays.h), and what is wrong with the records as a sequence.
//
// The API's clock, the board's and this machine's need not agree: what is of before the run is known by its id, and how
// far a clock is ahead is estimated and told. It cannot be told from a board that is silent when the newest record of
// before is of the future: then nothing is judged.
#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hil/api/judge/api_clock.h"
#include "hil/api/judge/board_delays.h"
#include "hil/api/judge/board_rules.h"
#include "hil/api/judge/board_watch.h"
#include "hil/api/judge/comparison.h"
#include "hil/api/judge/report_history.h"

namespace packbench::hil::api {

class BoardTelemetry {
 public:
  // `first`: the look before the run, which shows what was sent before.
  BoardTelemetry(Clock clock, Look first);

  void hear(Record report, sim::TimeNs at);
  // Takes in what the board has sent meanwhile; the newest record, if there is a newer one.
  std::optional<Record> see(std::vector<Look> looks, sim::TimeNs now);
  // A look that has no answer by the end of the run.
  void note_pending(const Look& look) { note_silence(look); }
  // The time from which to fetch the records of the run, and to where, by the clock of their times.
  std::pair<std::int64_t, std::int64_t> run_window() const;
  // What is wrong, given all the records of that window; why it cannot be told, else empty. allowed: from report to
  // record, 0: what this run shows.
  std::string judge(std::vector<Record> whole, sim::TimeNs now, sim::TimeNs allowed);

  const std::vector<Sent>& sent() const { return sent_; }  // those that a report explains, in the order of their times
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<Staleness>& stale() const { return stale_; }
  const std::vector<Silence>& silences() const { return silences_; }
  std::int64_t never_arrived() const { return never_arrived_; }
  std::int64_t now_ms() const { return clock_(); }
  // By how much the clock of the records' times is ahead of this machine's; nothing without a measured record.
  std::optional<double> device_ahead_s() const;
  std::optional<double> api_ahead_s() const;

 private:
  void note_silence(const Look& look);
  void explain(const Record& record, std::optional<std::int64_t> seen_ms, sim::TimeNs now);
  bool is_of_before(const Record& record) const;
  std::int64_t ahead_ms() const;
  std::int64_t arrived_at_most_ms(const Record& record) const;
  sim::TimeNs time_of(std::int64_t ms) const;
  std::string why_untold(std::size_t records) const;
  void learn_clock();
  std::int64_t time_delays();
  void find_lost(std::vector<Record>& whole, sim::TimeNs now);
  std::vector<Placed> place(const std::vector<Record>& whole, std::int64_t allowed_ms) const;

  Clock clock_;
  std::int64_t begin_ms_;
  std::optional<Record> before_;
  std::vector<Shown> shown_;
  ApiClock api_clock_;
  ReportHistory history_;
  std::vector<Sent> sent_;
  std::vector<Explained> explained_;
  std::vector<Finding> findings_;
  std::vector<Staleness> stale_;
  std::vector<Silence> silences_;
  std::optional<std::int64_t> silent_since_ms_;
  std::vector<std::pair<Record, std::int64_t>> waiting_;  // for the reports that may explain them, and when seen
  std::set<std::string> ids_, newest_ids_;                // explained, or not; that were the newest one
  std::vector<Record> seen_;                              // as the newest one
  std::vector<std::int64_t> ahead_ms_;  // measured against heard, of records that became the newest one
  std::int64_t never_arrived_ = 0;
  std::int64_t forgotten_ = 0;  // records whose reports are not kept any more
};

}  // namespace packbench::hil::api
