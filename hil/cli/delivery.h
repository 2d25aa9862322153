// The thread of `packbench gateway` that takes records from the buffer to the Device API, and says in a line when the
// API takes none and when it takes them again.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "hil/api/gateway/forwarder.h"

namespace packbench::hil {

// Lines of several threads on standard output, each at once.
class Lines {
 public:
  void say(const std::string& text);

 private:
  std::mutex mutex_;
};

// What waits, as the end of a sentence.
std::string waiting_text(const api::OutboxCounts& counts, std::int64_t now_ms);

class Delivery {
 public:
  // The outbox and the lines outlive it. Throws like api::Client.
  Delivery(api::Outbox& outbox, api::ClientOptions api, api::Device device, Lines& lines);
  ~Delivery();

  // Ends the thread. While the API takes records, those that wait still go, for at most 5 s.
  void finish();
  api::ForwarderState state();

 private:
  void run();
  std::chrono::milliseconds step();
  void report_change();

  api::Outbox& outbox_;
  Lines& lines_;
  api::Client client_;
  api::Forwarder forwarder_;
  std::mutex mutex_;
  std::condition_variable wake_;
  api::ForwarderState state_;
  std::string buffer_trouble_;  // of this thread alone
  std::chrono::steady_clock::time_point last_moment_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace packbench::hil
