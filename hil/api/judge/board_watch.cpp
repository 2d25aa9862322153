#include "hil/api/judge/board_watch.h"

#include <algorithm>
#include <utility>

namespace packbench::hil::api {

BoardWatch::BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock)
    : device_id_(std::move(device_id)),
      period_(period),
      pause_(period),
      clock_(std::move(clock)),
      client_(std::move(client)),
      first_(look()),
      thread_([this] { run(); }) {}

BoardWatch::~BoardWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void BoardWatch::run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, pause_, [this] { return ending_; })) {
    asked_ms_ = clock_();
    lock.unlock();
    Look seen = look();
    lock.lock();
    looks_.push_back(std::move(seen));
    asked_ms_.reset();
  }
}

// Sets how long to wait before the next one. Who is told to wait was answered, though not with the telemetry.
Look BoardWatch::look() {
  constexpr int kTooMany = 429;
  Look look;
  look.asked_ms = clock_();
  auto newest = client_.latest(device_id_);
  look.answered_ms = clock_();
  look.answered = newest.value.has_value();
  look.silent = newest.worth_repeating() && newest.status != kTooMany;
  look.date_ms = newest.date_ms;
  if (newest) look.newest = std::move(*newest.value);
  pause_ = std::max(period_, std::chrono::milliseconds(newest.retry_after_ms.value_or(0)));
  return look;
}

std::vector<Look> BoardWatch::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(looks_, {});
}

std::optional<Look> BoardWatch::pending() const {
  const std::lock_guard lock(mutex_);
  if (!asked_ms_) return std::nullopt;
  return Look{.asked_ms = *asked_ms_, .answered_ms = clock_(), .answered = false, .silent = true};
}

}  // namespace packbench::hil::api
