// The newest record of a device, asked for again and again by a thread of its own, so that a slow Device API does not
// hold up the bench. Nothing is sent here; times are this machine's clock, for a board lives in real time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hil/api/client/client.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct Look {
  std::int64_t asked_ms = 0, answered_ms = 0;
  bool answered = true;  // with the telemetry
  bool silent = false;   // nobody answered, or the API was in trouble
  std::optional<Record> newest{};
  std::optional<std::int64_t> date_ms{};  // the API's clock, in whole seconds
};

class BoardWatch {
 public:
  // Looks once before it returns: what is there then was sent before.
  BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock);
  ~BoardWatch();

  const Look& first() const { return first_; }
  // The looks since the last call, in order.
  std::vector<Look> take();
  // The look that has no answer yet, as if it had failed by now.
  std::optional<Look> pending() const;
  std::chrono::milliseconds period() const { return period_; }

 private:
  void run();
  Look look();

  std::string device_id_;
  std::chrono::milliseconds period_, pause_;
  Clock clock_;
  Client client_;
  Look first_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Look> looks_;
  std::optional<std::int64_t> asked_ms_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace packbench::hil::api
