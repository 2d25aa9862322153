// The telemetry that a board sends by itself, beside what it reports over the line: which report explains each record,
// how long after it the record was the newest one, and what is wrong with the records as a sequence.
//
// Of records that came together only the last is ever the newest one. Of the others the API's word of their arrival
// counts, less what is uncertain about its clock, so that their latency is never overstated.
//
// The API's clock, the board's and this machine's need not agree: what is of before the run is known by its id, and how
// far a clock is ahead is estimated and told. It cannot be told from a board that is silent when the newest record of
// before is of the future: then nothing is judged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/judge/board_rules.h"
#include "hil/api/judge/board_watch.h"
#include "hil/api/judge/comparison.h"
#include "hil/api/judge/report_history.h"

namespace packbench::hil::api {

class BoardTelemetry {
 public:
  // Reaches the API. `period`: of its looks.
  BoardTelemetry(const ClientOptions& client, const std::string& device_id, std::chrono::milliseconds period);

  void hear(Record report, sim::TimeNs at);
  // Takes in what the board has sent meanwhile; the newest record, if there is a newer one.
  std::optional<Record> see(sim::TimeNs now);
  // The time from which to fetch the records of the run, and to where, by the clock of their times.
  std::pair<std::int64_t, std::int64_t> run_window() const;
  // What is wrong, given all the records of that window; why it cannot be told, else empty.
  std::string judge(std::vector<Record> whole, sim::TimeNs now);

  const std::vector<Sent>& sent() const { return sent_; }  // those that a report explains, in the order of their times
  const std::vector<Finding>& findings() const { return findings_; }
  std::int64_t never_arrived() const { return never_arrived_; }
  std::int64_t now_ms() const { return clock_(); }
  sim::TimeNs resolution() const;
  std::chrono::milliseconds longest_silence() const { return watch_.longest_silence(); }  // of the API
  // By how much the clock of the records' times is ahead of this machine's; nothing without a measured record.
  std::optional<double> device_ahead_s() const;
  std::optional<double> api_ahead_s() const;

 private:
  void explain(const Record& record, std::int64_t seen_ms, sim::TimeNs now, bool timed);
  bool is_of_before(const Record& record) const;
  std::int64_t ahead_ms() const;

  Clock clock_ = system_clock();
  std::int64_t begin_ms_ = clock_();
  BoardWatch watch_;
  ReportHistory history_;
  std::vector<Sent> sent_;
  std::vector<Explained> explained_;
  std::vector<Finding> findings_;
  std::vector<SeenRecord> waiting_;  // for the reports that may explain them
  std::set<std::string> ids_;
  std::vector<std::int64_t> ahead_ms_;  // measured against heard, of records that became the newest one
  std::size_t seen_ = 0;
  std::int64_t never_arrived_ = 0;
};

}  // namespace packbench::hil::api
