// Received bytes between the interrupt that takes them off the line (one writer) and the main loop (one reader).
#pragma once

#include <atomic>
#include <cstdint>

namespace packbench::firmware {

class RxRing {
 public:
  // More than all that a bench sends for one step: measurements, some commands and the tick are below 800 bytes.
  static constexpr std::uint32_t kCapacity = 2048;

  void push(std::uint8_t byte) {
    const std::uint32_t in = in_.load(std::memory_order_relaxed);
    if (in - out_.load(std::memory_order_acquire) == kCapacity) {
      overflows = overflows + 1;
      return;
    }
    bytes_[in % kCapacity] = byte;
    in_.store(in + 1, std::memory_order_release);
  }

  bool pop(std::uint8_t& byte) {
    const std::uint32_t out = out_.load(std::memory_order_relaxed);
    if (out == in_.load(std::memory_order_acquire)) return false;
    byte = bytes_[out % kCapacity];
    out_.store(out + 1, std::memory_order_release);
    return true;
  }

  bool empty() const { return in_.load(std::memory_order_acquire) == out_.load(std::memory_order_relaxed); }

  // For a debugger: what was lost reaches the bench as damaged frames, which STATUS counts.
  volatile std::uint32_t overflows = 0;    // bytes that found no room here
  volatile std::uint32_t line_errors = 0;  // interrupts with an overrun, framing, noise or parity error

 private:
  std::atomic<std::uint32_t> in_{0}, out_{0};
  std::uint8_t bytes_[kCapacity] = {};
};

}  // namespace packbench::firmware
