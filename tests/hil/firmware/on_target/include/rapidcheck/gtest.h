// Properties without arguments, tried on 100 draws of a generator with a fixed seed; no shrinking.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>

namespace rc {

struct Refuted {};

inline std::uint64_t draw() {
  static std::uint64_t state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;  // Knuth, MMIX
  return state >> 32;
}

namespace gen {

template <typename T>
struct InRange {
  T low, high;
  T operator*() const {
    const auto width = static_cast<std::uint64_t>(high - low);
    return static_cast<T>(low + static_cast<T>(draw() % width));
  }
};
template <typename T>
InRange<T> inRange(T low, T high) {
  return {low, high};
}

template <typename T>
struct Arbitrary {
  T operator*() const {
    return std::is_same_v<T, bool> ? static_cast<T>(draw() & 1) : static_cast<T>(draw() << 32 | draw());
  }
};
template <typename T>
Arbitrary<T> arbitrary() {
  return {};
}

}  // namespace gen
}  // namespace rc

#define RC_GTEST_PROP(suite, name, no_arguments)     \
  static void pb_property_##suite##_##name();        \
  TEST(suite, name) {                                \
    for (int i = 0; i < 100 && !HasFailure(); ++i) { \
      try {                                          \
        pb_property_##suite##_##name();              \
      } catch (const rc::Refuted&) {                 \
      }                                              \
    }                                                \
  }                                                  \
  static void pb_property_##suite##_##name()
#define RC_ASSERT(condition)            \
  do {                                  \
    if (!(condition)) {                 \
      EXPECT_TRUE(false) << #condition; \
      throw rc::Refuted{};              \
    }                                   \
  } while (false)
#define RC_ASSERT_FALSE(condition) RC_ASSERT(!(condition))
