#include "hil/stm32/wire.h"

#include <algorithm>

namespace packbench::hil::stm32 {

void Wire::arrive(std::span<const std::uint8_t> bytes, std::uint64_t now_ns) {
  if (empty()) {
    drop_arriving();
    next_arrival_ns_ = std::max(next_arrival_ns_, now_ns + byte_ns_);
  }
  to_chip_.insert(to_chip_.end(), bytes.begin(), bytes.end());
}

void Wire::drop_arriving() {
  to_chip_.clear();
  begin_ = 0;
}

std::uint8_t Wire::take() {
  const std::uint8_t byte = to_chip_[begin_++];
  next_arrival_ns_ += byte_ns_;
  ++burst_;
  ++bytes_in;
  return byte;
}

}  // namespace packbench::hil::stm32
