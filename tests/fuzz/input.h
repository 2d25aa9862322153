// A fuzzer's bytes taken apart, one number after the other; zeros when they have ended.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packbench::fuzz {

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}
  bool ended() const { return used_ >= size_; }
  std::uint8_t u8() { return ended() ? std::uint8_t{0} : data_[used_++]; }
  std::uint16_t u16() {
    const std::uint8_t low = u8();
    return static_cast<std::uint16_t>(low | u8() << 8);
  }
  std::int16_t i16() { return static_cast<std::int16_t>(u16()); }

 private:
  const std::uint8_t* data_;
  std::size_t size_, used_ = 0;
};

}  // namespace packbench::fuzz
