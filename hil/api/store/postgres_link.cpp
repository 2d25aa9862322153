#include "hil/api/store/postgres_link.h"

#include <algorithm>

namespace packbench::hil::api {
namespace {

using namespace std::chrono_literals;

constexpr auto kForgiven = 500ms, kFirstPause = 1000ms, kLongestPause = 16'000ms;
constexpr auto kFirstWait = 50ms, kLongestWait = 2000ms;  // between two attempts to connect

}  // namespace

PostgresLink::PostgresLink(Open open) : open_(std::move(open)), current_(open_()) {}

PostgresLink::~PostgresLink() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

PostgresConnection& PostgresLink::connection() {
  if (current_) return *current_;
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, forgiven_until_, [this] { return found_ != nullptr; });
  if (!found_) throw PostgresError(PostgresError::Trouble::lost, why_);
  current_ = std::move(found_);
  lock.unlock();
  thread_.join();
  return *current_;
}

void PostgresLink::drop(const PostgresError& why) {
  const bool slow = why.trouble == PostgresError::Trouble::slow;
  pause_ = slow ? std::clamp<Milliseconds>(2 * pause_, kFirstPause, kLongestPause) : 0ms;
  forgiven_until_ = std::chrono::steady_clock::now() + (slow ? 0ms : kForgiven);
  why_ = why.what();
  current_.reset();
  thread_ = std::thread([this, pause = pause_] { look_for_one(pause); });
}

void PostgresLink::look_for_one(Milliseconds pause) {
  for (Milliseconds wait = pause;; wait = std::clamp<Milliseconds>(2 * wait, kFirstWait, kLongestWait)) {
    {
      std::unique_lock lock(mutex_);
      if (changed_.wait_for(lock, wait, [this] { return ending_; })) return;
    }
    std::unique_ptr<PostgresConnection> found;
    std::string why;
    try {
      found = open_();
    } catch (const std::exception& error) {
      why = error.what();
    }
    const std::scoped_lock lock(mutex_);
    found_ = std::move(found);
    if (!found_) why_ = why;
    changed_.notify_all();
    if (found_) return;
  }
}

}  // namespace packbench::hil::api
