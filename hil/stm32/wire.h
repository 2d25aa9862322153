// The serial wire at the chip's pins, 8N1: bytes on their way to it, bytes it has sent.
//
// Unpaced (the fast kind, for lockstep): a byte is there as soon as the receiver is free, at most kBurst of them before
// the firmware has slept, and a sent byte is gone at once; nothing is ever lost. Paced: a byte takes its 10 bits of
// machine time both ways, comes whether or not the last one was read, and then overruns it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace packbench::hil::stm32 {

class Wire {
 public:
  static constexpr unsigned kBurst = 64;
  enum class Pace { as_fast_as_read, by_baud };

  Wire(Pace pace, std::uint32_t baud) : pace_(pace), byte_ns_(10'000'000'000ull / baud), baud_(baud) {}

  bool paced() const { return pace_ == Pace::by_baud; }
  std::uint32_t baud() const { return baud_; }
  std::uint64_t byte_ns() const { return byte_ns_; }

  // The bench's side.
  void arrive(std::span<const std::uint8_t> bytes, std::uint64_t now_ns);
  std::vector<std::uint8_t>& sent() { return from_chip_; }  // the caller takes the bytes out
  bool empty() const { return begin_ == to_chip_.size(); }
  void drop_arriving();

  // The chip's side. Unpaced: a byte may be taken now. Paced: when the next one has arrived.
  bool may_take() const { return !empty() && burst_ < kBurst; }
  std::uint64_t next_arrival_ns() const { return next_arrival_ns_; }
  std::uint8_t take();
  void send(std::uint8_t byte) {
    from_chip_.push_back(byte);
    ++bytes_out;
  }
  void slept() { burst_ = 0; }

  std::uint64_t bytes_in = 0, bytes_out = 0, overruns = 0;

 private:
  Pace pace_;
  std::uint64_t byte_ns_;
  std::uint32_t baud_;
  std::vector<std::uint8_t> to_chip_, from_chip_;
  std::size_t begin_ = 0;
  std::uint64_t next_arrival_ns_ = 0;
  unsigned burst_ = 0;
};

}  // namespace packbench::hil::stm32
