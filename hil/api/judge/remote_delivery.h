// Takes the records of a run to an API elsewhere, in a thread of its own: an API that is slow or away holds up nobody.
// When nothing waits any more, it looks at what the API has as the newest.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "hil/api/gateway/forwarder.h"

namespace packbench::hil::api {

class RemoteDelivery {
 public:
  struct Settled {
    std::string refusal;  // empty: the API has the record
    std::chrono::steady_clock::time_point moment;
  };
  struct Look {
    std::optional<Record> newest;
    std::size_t settled = 0;  // how many records the API had answered for by then
  };
  // What happened since it was asked the last time.
  struct News {
    std::vector<Settled> settled;  // further records, in order
    std::optional<Look> look;
    std::string trouble;  // why the API cannot be used at all: nothing goes on
  };

  // Throws like Client. The API is reached with the first record.
  RemoteDelivery(ClientOptions api, Device device);
  ~RemoteDelivery();

  // False: too many wait.
  [[nodiscard]] bool put(Record record);
  News take();
  // Until nothing waits and the newest one was seen, or nothing goes on.
  void wait(std::chrono::milliseconds most);
  std::int64_t waiting() { return outbox_.counts().waiting; }
  // Why the last attempt did not succeed; empty: it did.
  std::string last_trouble();

 private:
  using Lock = std::unique_lock<std::mutex>;

  void run();
  void note(const std::string& refusal);
  bool register_device(Lock& lock);
  void turn(Lock& lock);
  std::chrono::milliseconds look(Lock& lock);
  bool done() const { return settled_ == put_ && !look_due_; }

  Device device_;
  Client client_;
  Outbox outbox_;
  std::vector<Settled> just_settled_;  // of the thread alone, like the forwarder
  Forwarder forwarder_;
  std::mutex mutex_;
  std::condition_variable wake_, changed_;
  News news_;
  std::string last_trouble_;
  std::size_t put_ = 0, settled_ = 0;
  bool look_due_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace packbench::hil::api
