// The time that a server goes by: ms since 1970-01-01T00:00Z. Simulated in a run, the system's in `packbench serve`.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace packbench::hil::api {

using Clock = std::function<std::int64_t()>;

inline constexpr std::int64_t kEarliestNow_ms = 1'704'067'200'000;  // 2024-01-01: a clock before that was never set

Clock system_clock();

// Stands until it is set; read by the server's thread while another sets it.
class SettableClock {
 public:
  explicit SettableClock(std::int64_t now_ms) : now_ms_(now_ms) {}
  void set(std::int64_t now_ms) { now_ms_.store(now_ms, std::memory_order_release); }
  std::int64_t now() const { return now_ms_.load(std::memory_order_acquire); }
  Clock reader() const {
    return [this] { return now(); };
  }

 private:
  std::atomic<std::int64_t> now_ms_;
};

}  // namespace packbench::hil::api
