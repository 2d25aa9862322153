#include "hil/cli/delivery.h"

#include <fmt/format.h>

#include <cstdio>

#include "hil/api/store/sqlite.h"
#include "hil/api/values/fixed_point.h"

namespace packbench::hil {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

void Lines::say(const std::string& text) {
  const std::lock_guard lock(mutex_);
  fmt::print("{}\n", text);
  std::fflush(stdout);
}

std::string waiting_text(const api::OutboxCounts& counts, std::int64_t now_ms) {
  if (counts.waiting == 0) return "nothing waits";
  return fmt::format("{} records wait, the oldest for {} s", counts.waiting,
                     api::fixed_text(now_ms - counts.oldest_ms.value_or(now_ms), 3));
}

Delivery::Delivery(api::Outbox& outbox, api::ClientOptions api, api::Device device, Lines& lines)
    : outbox_(outbox),
      lines_(lines),
      client_(std::move(api)),
      forwarder_(outbox, client_, {.device = std::move(device)}),
      thread_([this] { run(); }) {}

Delivery::~Delivery() { finish(); }

void Delivery::finish() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    last_moment_ = Steady::now() + std::chrono::seconds(5);
  }
  wake_.notify_all();
  thread_.join();
}

api::ForwarderState Delivery::state() {
  const std::lock_guard lock(mutex_);
  return state_;
}

void Delivery::run() {
  std::unique_lock lock(mutex_);
  const auto goes_on = [this] {
    const bool well = state_.trouble.empty() && buffer_trouble_.empty();
    return !ending_ || (well && Steady::now() < last_moment_ && outbox_.counts().waiting > 0);
  };
  while (goes_on()) {
    lock.unlock();
    const milliseconds wait = step();
    lock.lock();
    report_change();
    wake_.wait_for(lock, wait, [this] { return ending_; });
  }
}

milliseconds Delivery::step() {
  std::string trouble;
  milliseconds wait{5000};
  try {
    wait = forwarder_.step();
  } catch (const api::SqliteError& error) {
    trouble = error.what();
  }
  if (!trouble.empty() && trouble != buffer_trouble_)
    lines_.say(fmt::format("The buffer cannot be read: {}.", trouble));
  buffer_trouble_ = std::move(trouble);
  return wait;
}

void Delivery::report_change() {
  const api::ForwarderState now = forwarder_.state();
  if (now.trouble != state_.trouble && now.trouble.empty()) {
    lines_.say(fmt::format("The API takes records again: {} delivered so far.", now.delivered));
  } else if (now.trouble != state_.trouble) {
    lines_.say(fmt::format("The API takes no records now; {}. {}",
                           waiting_text(outbox_.counts(), api::system_clock()()), now.trouble));
  }
  if (now.refused > 0 && state_.refused == 0) {
    lines_.say(
        fmt::format("The API refuses records for what they say; they are set aside in the buffer. {}", now.refusal));
  }
  state_ = now;
}

}  // namespace packbench::hil
