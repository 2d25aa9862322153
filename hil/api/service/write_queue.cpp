#include "hil/api/service/write_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

namespace packbench::hil::api {

WriteQueue::WriteQueue(std::unique_ptr<Store> store, Metrics& metrics, Clock clock, WriteQueueOptions options)
    : store_(std::move(store)), metrics_(metrics), clock_(std::move(clock)), options_(options), thread_([this] {
        run();
      }) {}

WriteQueue::~WriteQueue() {
  {
    const std::scoped_lock lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

bool WriteQueue::submit(Change change, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    if (jobs_.size() >= options_.most_waiting) return false;
    jobs_.push_back({std::move(change), std::move(done)});
  }
  wake_.notify_one();
  return true;
}

void WriteQueue::settle() {
  std::unique_lock lock(mutex_);
  idle_.wait(lock, [this] { return jobs_.empty() && !busy_; });
}

// The next changes; none when it is time to sweep, or to end.
std::vector<WriteQueue::Job> WriteQueue::take() {
  std::unique_lock lock(mutex_);
  busy_ = false;
  if (jobs_.empty()) idle_.notify_all();
  const auto called = [this] { return !jobs_.empty() || ending_; };
  if (options_.retention.age_ms > 0) {
    wake_.wait_until(lock, next_sweep_, called);
  } else {
    wake_.wait(lock, called);
  }
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(std::min(jobs_.size(), options_.most_together));
  std::vector<Job> taken(std::make_move_iterator(jobs_.begin()), std::make_move_iterator(end));
  jobs_.erase(jobs_.begin(), end);
  busy_ = !taken.empty();
  return taken;
}

void WriteQueue::run() {
  while (true) {
    std::vector<Job> jobs = take();
    if (jobs.empty()) {
      const std::scoped_lock lock(mutex_);
      if (ending_ && jobs_.empty()) return;
    }
    if (!jobs.empty()) write(std::move(jobs));
    if (options_.retention.age_ms > 0 && std::chrono::steady_clock::now() >= next_sweep_) forget_old();
  }
}

// Why the transaction failed, or nothing: then every change is answered.
std::optional<std::string> WriteQueue::write_together(std::vector<Job>& jobs) {
  std::vector<Change> changes;
  for (Job& job : jobs) changes.push_back(std::move(job.change));
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Changed> changed;
  try {
    changed = store_->apply(changes);
  } catch (const std::exception& error) {
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].change = std::move(changes[i]);
    return error.what();
  }
  metrics_.wrote(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].done({changed[i], ""});
  return std::nullopt;
}

void WriteQueue::write(std::vector<Job> jobs) {
  const std::optional<std::string> trouble = write_together(jobs);
  if (!trouble) return;
  if (jobs.size() == 1) return jobs.front().done({std::nullopt, *trouble});
  for (Job& job : jobs) {
    std::vector<Job> alone;
    alone.push_back(std::move(job));
    write(std::move(alone));
  }
}

void WriteQueue::forget_old() {
  const Retention& retention = options_.retention;
  std::int64_t forgotten = 0;
  try {
    forgotten = store_->forget_before(clock_() - retention.age_ms, retention.slice);
  } catch (const std::exception& error) {
    spdlog::error("old records: {}", error.what());
  }
  const bool more = forgotten >= retention.slice;
  next_sweep_ = std::chrono::steady_clock::now() + (more ? std::chrono::milliseconds(0) : retention.period);
}

}  // namespace packbench::hil::api
