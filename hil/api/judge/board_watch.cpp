#include "hil/api/judge/board_watch.h"

#include <algorithm>
#include <utility>

namespace packbench::hil::api {

BoardWatch::BoardWatch(ClientOptions client, std::string device_id, std::chrono::milliseconds period, Clock clock)
    : device_id_(std::move(device_id)), period_(period), clock_(std::move(clock)), client_(std::move(client)) {
  look();
  for (SeenRecord& one : take()) before_ = std::move(one.record);
  thread_ = std::thread([this] { run(); });
}

BoardWatch::~BoardWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void BoardWatch::run() {
  std::chrono::milliseconds wait = period_;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, wait, [this] { return ending_; })) {
    lock.unlock();
    wait = look();
    lock.lock();
  }
}

// How long to wait before the next look.
std::chrono::milliseconds BoardWatch::look() {
  const std::int64_t asked_ms = clock_();
  const auto newest = client_.latest(device_id_);
  const std::int64_t seen_ms = clock_();
  const std::lock_guard lock(mutex_);
  note_silence(!newest.worth_repeating(), asked_ms);
  if (newest.date_ms) api_ahead_s_ = (*newest.date_ms + 500 - seen_ms) / 1000;
  if (newest && *newest.value && ids_.insert((*newest.value)->id).second) seen_.push_back({**newest.value, seen_ms});
  return std::max(period_, std::chrono::milliseconds(newest.retry_after_ms.value_or(0)));
}

void BoardWatch::note_silence(bool answered, std::int64_t asked_ms) {
  if (!silent_since_ms_) silent_since_ms_ = asked_ms;
  longest_silence_ms_ = std::max(longest_silence_ms_, clock_() - *silent_since_ms_);
  if (answered) silent_since_ms_.reset();
}

std::vector<SeenRecord> BoardWatch::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(seen_, {});
}

std::chrono::milliseconds BoardWatch::longest_silence() const {
  const std::lock_guard lock(mutex_);
  return std::chrono::milliseconds(longest_silence_ms_);
}

std::optional<std::int64_t> BoardWatch::api_ahead_s() const {
  const std::lock_guard lock(mutex_);
  return api_ahead_s_;
}

}  // namespace packbench::hil::api
