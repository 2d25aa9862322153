// The matchers that the firmware's own tests use. A matcher is a function of the value; a plain value matches its
// equal.
#pragma once

#include <gtest/gtest.h>

#include <tuple>

namespace testing {

template <typename Value, typename Matcher>
bool matches(const Value& value, const Matcher& matcher) {
  if constexpr (std::is_invocable_r_v<bool, const Matcher&, const Value&>) {
    return matcher(value);
  } else {
    return value == matcher;
  }
}

inline auto HasSubstr(std::string part) {
  return [part](const std::string& text) { return text.find(part) != std::string::npos; };
}
inline auto StartsWith(std::string part) {
  return [part](const std::string& text) { return text.starts_with(part); };
}
template <typename T>
auto Eq(T limit) {
  return [limit](const auto& value) { return value == limit; };
}
template <typename T>
auto Ne(T limit) {
  return [limit](const auto& value) { return value != limit; };
}
template <typename T>
auto Lt(T limit) {
  return [limit](const auto& value) { return value < limit; };
}
template <typename T>
auto Le(T limit) {
  return [limit](const auto& value) { return value <= limit; };
}
template <typename T>
auto Gt(T limit) {
  return [limit](const auto& value) { return value > limit; };
}
template <typename T>
auto Ge(T limit) {
  return [limit](const auto& value) { return value >= limit; };
}
inline auto IsEmpty() {
  return [](const auto& values) { return values.empty(); };
}
inline auto SizeIs(std::size_t size) {
  return [size](const auto& values) { return values.size() == size; };
}
template <typename Matcher>
auto Not(Matcher matcher) {
  return [matcher](const auto& value) { return !matches(value, matcher); };
}
template <typename... Matchers>
auto AnyOf(Matchers... matchers) {
  return [=](const auto& value) { return (matches(value, matchers) || ...); };
}
template <typename... Matchers>
auto AllOf(Matchers... matchers) {
  return [=](const auto& value) { return (matches(value, matchers) && ...); };
}
template <typename Matcher>
auto Contains(Matcher matcher) {
  return [matcher](const auto& values) {
    for (const auto& value : values) {
      if (matches(value, matcher)) return true;
    }
    return false;
  };
}
template <typename Matcher>
auto Each(Matcher matcher) {
  return [matcher](const auto& values) {
    for (const auto& value : values) {
      if (!matches(value, matcher)) return false;
    }
    return true;
  };
}
template <typename... Matchers>
auto ElementsAre(Matchers... matchers) {
  return [=](const auto& values) {
    auto value = values.begin();
    return values.size() == sizeof...(Matchers) && (matches(*value++, matchers) && ...);
  };
}

}  // namespace testing

#define EXPECT_THAT(value, ...) \
  PB_EXPECT_(                   \
      ::testing::judged(::testing::matches(value, __VA_ARGS__), "does not match", #value, #__VA_ARGS__, value, ""))
#define ASSERT_THAT(value, ...) \
  PB_ASSERT_(                   \
      ::testing::judged(::testing::matches(value, __VA_ARGS__), "does not match", #value, #__VA_ARGS__, value, ""))
