// exp, expm1 and log with the same bits on every x86-64 (and every other IEEE 754 machine), because the C library's
// differ between versions and processors. Only + - * / and bit patterns of binary64, round to nearest, no contraction.
//
// exp, expm1: x = k ln 2 + r with |r| <= ln(2)/2 (Cody and Waite: ln 2 in two parts, so that k ln2_high is exact),
// Taylor series of exp(r) - 1 to degree 13 (first term left out: below 2^-57), scaled by 2^k in two halves, so that the
// result runs into 0, subnormals and infinity by itself. No branches, so a loop over an array may become vector code.
// log: x = 2^k m with m in [sqrt(1/2), sqrt(2)), log m = 2 atanh((m - 1)/(m + 1)) by its series to s^23.
// Errors, measured against long double in tests/models: at most 1.0 ulp for exp and log, 2.0 ulp for expm1.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

namespace packbench::models {

namespace detail {

inline constexpr double kLn2High = 0x1.62e42feep-1;
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
inline constexpr double kLog2E = 0x1.71547652b82fep+0;
inline constexpr double kRoundToInteger =
    0x1.8p52;  // adding and subtracting it rounds |x| < 2^51 to the nearest integer

struct Reduced {
  double r;        // remainder, |r| <= ln(2)/2
  std::int64_t k;  // x = k ln 2 + r
};

inline Reduced reduce(double x) {
  double limited = x < -800.0 ? -800.0 : x;
  limited = limited > 800.0 ? 800.0 : limited;
  const double shifted = limited * kLog2E + kRoundToInteger;
  const double k = shifted - kRoundToInteger;
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(shifted) - std::bit_cast<std::uint64_t>(kRoundToInteger);
  return {(limited - k * kLn2High) - k * kLn2Low, static_cast<std::int64_t>(bits)};
}

// exp(r) - 1 for |r| <= ln(2)/2.
inline double expm1_small(double r) {
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  return r + r * r * p;
}

// 2^k for -1022 <= k <= 1023.
inline double power_of_two(std::int64_t k) {
  return std::bit_cast<double>((static_cast<std::uint64_t>(k) + 1023u) << 52);
}

}  // namespace detail

// e to the x. exp(0) is exactly 1; above 709.79 infinity, below -745.14 zero; NaN stays NaN.
inline double exp(double x) {
  const auto [r, k] = detail::reduce(x);
  const std::int64_t half = k / 2;
  return (1.0 + detail::expm1_small(r)) * detail::power_of_two(half) * detail::power_of_two(k - half);
}

// exp(x) - 1 without cancellation near 0, for x <= 700.
inline double expm1(double x) {
  const auto [r, k] = detail::reduce(x);
  const double scale = detail::power_of_two(k < -1000 ? -1000 : k);
  return scale * detail::expm1_small(r) + (scale - 1.0);
}

// Natural logarithm. log(1) is exactly 0; log(0) is -infinity; of a negative number or NaN, NaN.
inline double log(double x) {
  if (!(x > 0.0)) return x == 0.0 ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  if (x == std::numeric_limits<double>::infinity()) return x;
  const bool subnormal = x < std::numeric_limits<double>::min();
  const auto bits = std::bit_cast<std::uint64_t>(subnormal ? x * 0x1p54 : x);
  // Moves the cut between exponents from 1 to sqrt(1/2): the upper word of sqrt(1/2) is 0x3fe6a09e.
  constexpr std::uint64_t kSqrtHalf = 0x3fe6a09e'00000000u;
  const auto exponent = static_cast<std::int64_t>(bits - kSqrtHalf) >> 52;
  const double m = std::bit_cast<double>(bits - (static_cast<std::uint64_t>(exponent) << 52));
  const auto k = static_cast<double>(exponent - (subnormal ? 54 : 0));

  const double f = m - 1.0;  // exact
  const double s = f / (2.0 + f);
  const double z = s * s;
  double tail = 2.0 / 23.0;  // log m = 2 s + s z tail(z)
  tail = tail * z + 2.0 / 21.0;
  tail = tail * z + 2.0 / 19.0;
  tail = tail * z + 2.0 / 17.0;
  tail = tail * z + 2.0 / 15.0;
  tail = tail * z + 2.0 / 13.0;
  tail = tail * z + 2.0 / 11.0;
  tail = tail * z + 2.0 / 9.0;
  tail = tail * z + 2.0 / 7.0;
  tail = tail * z + 2.0 / 5.0;
  tail = tail * z + 2.0 / 3.0;
  const double half_square = 0.5 * f * f;
  // 2 s = f - s f, and s f = f^2/2 - s f^2/2: the large part f is added last (as in fdlibm's e_log.c).
  const double small = half_square - (s * (half_square + z * tail) + k * detail::kLn2Low);
  return k * detail::kLn2High - (small - f);
}

}  // namespace packbench::models
