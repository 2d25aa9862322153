// The newest record of a device, asked for again and again by a thread of its own, so that a slow Device API does not
// hold up the bench. Nothing is sent here; times are this machine's clock, for a board lives in real time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hil/api/client/client.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct SeenRecord {
  Record record;
  std::int64_t seen_ms = 0;
};

class BoardWatch {
 public:
  // Looks once before it returns: what is there then was sent before.
  BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock);
  ~BoardWatch();

  // The records that became the newest one since the last call, in the order in which they were seen.
  std::vector<SeenRecord> take();
  // The newest record of before.
  const std::optional<Record>& before() const { return before_; }
  // How far the API's clock is ahead of this machine's, in whole seconds; nothing while it was not told.
  std::optional<std::int64_t> api_ahead_s() const;
  // How long a look had to wait for its answer, at the longest: through attempts that failed, too.
  std::chrono::milliseconds longest_silence() const;
  std::chrono::milliseconds period() const { return period_; }

 private:
  void run();
  std::chrono::milliseconds look();
  void note_silence(bool answered, std::int64_t asked_ms);

  std::string device_id_;
  std::chrono::milliseconds period_;
  Clock clock_;
  Client client_;
  std::optional<Record> before_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<SeenRecord> seen_;
  std::set<std::string> ids_;
  std::optional<std::int64_t> api_ahead_s_;
  std::optional<std::int64_t> silent_since_ms_;
  std::int64_t longest_silence_ms_ = 0;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace packbench::hil::api
