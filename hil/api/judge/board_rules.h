// The laws of the records that a board sends by itself, as a sequence.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "hil/api/judge/truth_log.h"
#include "hil/api/values/record.h"
#include "sim/time.h"

namespace packbench::hil::api {

// Doubles, disorder and gaps in the records of a run, [from, to) by the clock of their times, and silence at its end. A
// gap is longer than two and a half usual steps and, where only arrivals are told, a second more.
std::vector<std::string> judge_sequence(const std::vector<Record>& records, std::int64_t from_ms, std::int64_t to_ms);

// How many records their gaps and the numbers that they carry say are missing.
std::int64_t missing_records(const std::vector<Record>& records);

// A record and the reports that explain it: the oldest one and the newest.
struct Explained {
  Record record;
  sim::TimeNs oldest = 0, newest = 0;
};
// Records whose values were reported before those of a record that was measured earlier.
std::vector<Finding> judge_report_order(std::vector<Explained> records);

}  // namespace packbench::hil::api
