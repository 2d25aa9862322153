// Decimal digits two at a time.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

namespace packbench::hil::api {

// "00" to "99", one after the other.
inline constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

// How many zeros each of them ends with.
inline constexpr std::array<std::uint8_t, 100> kZeros = [] {
  std::array<std::uint8_t, 100> zeros{};
  for (std::size_t i = 0; i < 100; i += 10) zeros[i] = 1;
  zeros[0] = 2;
  return zeros;
}();

// A value of 0 to 99 with its leading zero; returns the end.
inline char* put_two(char* out, std::uint32_t value) {
  std::memcpy(out, &kPairs[2 * std::size_t{value}], 2);
  return out + 2;
}

}  // namespace packbench::hil::api
