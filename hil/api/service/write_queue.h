// The one writer of a served store: a thread with a connection of its own that makes changes in the order in which they
// came, as many together in one transaction as wait. So one wait for the disk serves many requests, and none of them
// holds up a reader.
//
// A change whose records are still being read when its turn comes has a transaction of its own, so that no other waits
// for them.
//
// When a transaction of many fails, each of its changes is tried alone, so that one that cannot be made (too large for
// what is left of the disk) does not take the others with it. In between, records beyond their age are deleted, a slice
// at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "hil/api/service/metrics.h"
#include "hil/api/store/store.h"
#include "hil/api/values/clock.h"

namespace packbench::hil::api {

struct Retention {
  std::int64_t age_ms = 0;  // of the measurement time; 0: for ever
  std::chrono::milliseconds period{60'000};
  std::int64_t slice = 1000;  // records deleted in one transaction
};

struct WriteQueueOptions {
  std::size_t most_waiting = 256;  // changes
  std::size_t most_together = 100;
  Retention retention;
};

// What became of a change: made durably, or why not, a Problem or a StoreError.
struct Written {
  std::optional<Changed> changed;
  std::exception_ptr trouble;
};
Written write_one(Store& store, const Change& change);

class WriteQueue {
 public:
  using Done = std::function<void(Written)>;

  WriteQueue(std::unique_ptr<Store> store, Metrics& metrics, Clock clock, WriteQueueOptions options = {});
  // Makes what waits, then ends.
  ~WriteQueue();
  WriteQueue(const WriteQueue&) = delete;
  WriteQueue& operator=(const WriteQueue&) = delete;

  // False, and nothing will happen, when too many wait. `done` is called by the writer's thread.
  bool submit(Change change, Done done);
  // Returns when every change submitted before is done.
  void settle();

 private:
  struct Job {
    Change change;
    Done done;
  };

  void run();
  std::vector<Job> take();
  std::size_t next_together() const;
  static void refuse(std::vector<Job>& jobs);
  void write(std::vector<Job> jobs);
  std::exception_ptr write_together(std::vector<Job>& jobs);
  void forget_old();

  std::unique_ptr<Store> store_;
  Metrics& metrics_;
  Clock clock_;
  WriteQueueOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_, idle_;
  std::deque<Job> jobs_;
  bool busy_ = false, ending_ = false;
  std::chrono::steady_clock::time_point next_sweep_ = std::chrono::steady_clock::now();
  std::thread thread_;  // last: the others exist when it begins
};

}  // namespace packbench::hil::api
