// One piece of work at a time on a thread of its own, so that writing a trace costs the loop of a run nothing but a
// swap.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace packbench::sim {

class Background {
 public:
  // `work` runs once per start(). It must not throw.
  explicit Background(std::function<void()> work);
  ~Background();  // waits for work under way
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  void start();  // after wait()
  void wait();   // until nothing is under way; what the work wrote can be read then

 private:
  void serve();

  std::function<void()> work_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace packbench::sim
