#include "hil/api/judge/remote_delivery.h"

#include <algorithm>
#include <utility>

namespace packbench::hil::api {

using std::chrono::milliseconds;

RemoteDelivery::RemoteDelivery(ClientOptions api, Device device)
    : device_(std::move(device)),
      client_(std::move(api)),
      outbox_({.device_id = device_.device_id}),
      forwarder_(outbox_, client_,
                 {.device = device_, .settled = [this](const Waiting&, const std::string& why) { note(why); }}),
      thread_([this] { run(); }) {}

RemoteDelivery::~RemoteDelivery() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void RemoteDelivery::note(const std::string& refusal) {
  just_settled_.push_back({refusal, std::chrono::steady_clock::now()});
}

bool RemoteDelivery::put(Record record) {
  if (!outbox_.put(std::move(record))) return false;
  {
    const std::lock_guard lock(mutex_);
    ++put_;
  }
  wake_.notify_all();
  return true;
}

RemoteDelivery::News RemoteDelivery::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {.settled = {}, .look = {}, .trouble = news_.trouble});
}

void RemoteDelivery::wait(milliseconds most) {
  Lock lock(mutex_);
  changed_.wait_for(lock, most, [this] { return done() || !news_.trouble.empty(); });
}

std::string RemoteDelivery::last_trouble() {
  const std::lock_guard lock(mutex_);
  return last_trouble_;
}

void RemoteDelivery::run() {
  Lock lock(mutex_);
  wake_.wait(lock, [this] { return ending_ || put_ > 0; });
  if (!register_device(lock)) return;
  while (!ending_ && news_.trouble.empty()) {
    turn(lock);
    if (done()) wake_.wait(lock, [this] { return ending_ || !done(); });
  }
}

// An API that is not there at the first word is not waited for.
bool RemoteDelivery::register_device(Lock& lock) {
  lock.unlock();
  const Answer<Added> added = client_.add_device(device_);
  lock.lock();
  news_.trouble = added.error;
  changed_.notify_all();
  return news_.trouble.empty();
}

// One exchange with the API, and the time that must pass before the next.
void RemoteDelivery::turn(Lock& lock) {
  milliseconds pause{0};
  if (settled_ < put_) {
    lock.unlock();
    pause = forwarder_.step();
    lock.lock();
    last_trouble_ = forwarder_.state().trouble;
    settled_ += just_settled_.size();
    look_due_ = look_due_ || !just_settled_.empty();
    std::ranges::move(std::exchange(just_settled_, {}), std::back_inserter(news_.settled));
  }
  if (settled_ == put_ && look_due_) pause = look(lock);
  changed_.notify_all();
  wake_.wait_for(lock, pause, [this] { return ending_; });
}

milliseconds RemoteDelivery::look(Lock& lock) {
  const std::size_t settled = settled_;
  lock.unlock();
  const Answer<std::optional<Record>> latest = client_.latest(device_.device_id);
  lock.lock();
  if (latest.worth_repeating()) {
    last_trouble_ = latest.error;
    return std::max(milliseconds(1000), milliseconds(latest.retry_after_ms.value_or(0)));
  }
  look_due_ = false;
  if (latest)
    news_.look = Look{*latest.value, settled};
  else
    news_.trouble = latest.error;
  return milliseconds(0);
}

}  // namespace packbench::hil::api
