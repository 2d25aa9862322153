#include "hil/api/service/write_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>

#include "hil/api/values/problem.h"

namespace packbench::hil::api {
namespace {

const RecordFlow* rest_of(const Change& change) {
  const auto* const ingest = std::get_if<Ingest>(&change.what);
  return ingest ? ingest->rest.get() : nullptr;
}

bool open(const Change& change) {
  const RecordFlow* const rest = rest_of(change);
  return rest && rest->open();
}

// Of the exception that is being handled.
std::exception_ptr trouble_of_store() {
  try {
    throw;
  } catch (const Problem&) {
    return std::current_exception();
  } catch (const std::exception& error) {
    return std::make_exception_ptr(StoreError(error.what()));
  }
}

}  // namespace

Written write_one(Store& store, const Change& change) {
  try {
    return {store.apply(std::span(&change, 1)).front(), nullptr};
  } catch (...) {
    return {std::nullopt, trouble_of_store()};
  }
}

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
  const auto end = jobs_.begin() + static_cast<std::ptrdiff_t>(next_together());
  std::vector<Job> taken(std::make_move_iterator(jobs_.begin()), std::make_move_iterator(end));
  jobs_.erase(jobs_.begin(), end);
  busy_ = !taken.empty();
  return taken;
}

std::size_t WriteQueue::next_together() const {
  const std::size_t most = std::min(jobs_.size(), options_.most_together);
  std::size_t count = 0;
  while (count < most && !open(jobs_[count].change)) ++count;
  return std::max(count, std::min<std::size_t>(most, 1));
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

// Why the transaction failed, or null: then every change is answered.
std::exception_ptr WriteQueue::write_together(std::vector<Job>& jobs) {
  std::vector<Change> changes;
  for (Job& job : jobs) changes.push_back(std::move(job.change));
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Changed> changed;
  try {
    changed = store_->apply(changes);
  } catch (...) {
    for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].change = std::move(changes[i]);
    return trouble_of_store();
  }
  metrics_.wrote(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].done({changed[i], nullptr});
  return nullptr;
}

// Those of which it is known by now that they are not to be made.
void WriteQueue::refuse(std::vector<Job>& jobs) {
  std::erase_if(jobs, [](const Job& job) {
    const RecordFlow* const rest = rest_of(job.change);
    const std::exception_ptr trouble = rest ? rest->trouble() : nullptr;
    if (trouble) job.done({std::nullopt, trouble});
    return trouble != nullptr;
  });
}

void WriteQueue::write(std::vector<Job> jobs) {
  refuse(jobs);
  if (jobs.empty()) return;
  const std::exception_ptr trouble = write_together(jobs);
  if (!trouble) return;
  if (jobs.size() == 1) return jobs.front().done({std::nullopt, trouble});
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
