// What a board itself sends to a Device API, seen beside what it reports over the line. Nothing is sent here.
//
// The newest record is asked for again and again by a thread of its own, so that a slow API does not hold up the bench;
// times are this machine's clock, for a board lives in real time. A record is explained by a report, or by two that
// followed each other, when every number lies within theirs, give or take one digit of the wire (the board may round
// what it sends in another way), and state and contactors are one of theirs. Where several explain it, the newest
// counts: the time from report to record is never overstated.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hil/api/client.h"
#include "hil/api/clock.h"
#include "sim/time.h"

namespace packbench::hil::api {

struct SeenRecord {
  Record record;
  std::int64_t seen_ms = 0;
};

class BoardWatch {
 public:
  BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock);
  ~BoardWatch();

  // The records that became the newest one since the last call, in the order in which they were seen.
  std::vector<SeenRecord> take();

 private:
  void run();
  void look();

  std::string device_id_;
  std::chrono::milliseconds period_;
  Clock clock_;
  Client client_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<SeenRecord> seen_;
  std::string last_id_;
  bool ending_ = false;
  std::thread thread_;
};

// The reports of the last minutes.
class ReportHistory {
 public:
  static constexpr std::int64_t kKept_ms = 300'000;

  struct Heard {
    Record report;
    sim::TimeNs at = 0;
    std::int64_t heard_ms = 0;
  };
  // `at`: of the report that explains it; nothing when none does: then how it differs from the closest.
  struct Match {
    std::optional<sim::TimeNs> at;
    std::string difference;
  };

  void add(Record report, sim::TimeNs at, std::int64_t heard_ms);
  Match match(const SeenRecord& seen) const;

 private:
  std::deque<Heard> heard_;
};

// Doubles, disorder and gaps in the records of a run, [from, to), and silence at its end. A gap is longer than two and
// a half usual steps and, where only arrivals are told, a second more.
std::vector<std::string> judge_sequence(const std::vector<Record>& records, std::int64_t from_ms, std::int64_t to_ms);

}  // namespace packbench::hil::api
