// The laws of the records that a board sends by itself, as a sequence.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "hil/api/judge/truth_log.h"
#include "hil/api/values/record.h"
#include "sim/time.h"

namespace packbench::hil::api {

// A record and the reports that explain it, the oldest one and the newest; `pairs` of them (report_history.h).
struct Explained {
  Record record;
  sim::TimeNs oldest = 0, newest = 0;
  std::int64_t oldest_ms = 0, newest_ms = 0;  // by this machine's clock
  int pairs = 0;
  std::optional<std::int64_t> seen_ms{};  // the first look at which it was the newest one
};

// A record in a sequence. Where the board told no time, its time is that of its arrival, and reports say how much
// earlier it may have been measured.
struct Placed {
  Record record;
  std::optional<std::int64_t> earlier_ms{};  // nothing: the board told the time
  bool one_report = false;                   // only one report explains it
};

// Whether the times of records may be those of their arrivals: each is in the second of its `_ts`.
bool may_be_arrivals(const std::vector<Record>& records);
// Whether they can only be that: whole seconds, as `_ts` is.
bool are_stamps(const std::vector<Record>& records);

// Doubles, disorder and gaps in the records of a run, [from, to) by the clock of their times, and silence at its end. A
// gap is longer than two and a half usual steps and, where the times are `_ts`, a second more. At the end records may
// be on their way for allowed_ms.
std::vector<std::string> judge_sequence(const std::vector<Placed>& records, std::int64_t from_ms, std::int64_t to_ms,
                                        std::int64_t allowed_ms = 0);

// How many records their gaps and the numbers that they carry say are missing.
std::int64_t missing_records(const std::vector<Record>& records);

// Records whose values were reported before those of a record that was measured earlier.
std::vector<Finding> judge_report_order(std::vector<Explained> records);

}  // namespace packbench::hil::api
