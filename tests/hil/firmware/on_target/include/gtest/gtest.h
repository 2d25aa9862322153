// As much of GoogleTest's interface as the firmware's own tests use, for a processor without an operating system.
#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "text.h"

namespace testing {

class Test {
 public:
  virtual ~Test() = default;
  virtual void SetUp() {}
  virtual void TearDown() {}
  virtual void TestBody() = 0;

  static bool HasFailure();
  static bool HasFatalFailure();
};

template <typename P>
class TestWithParam : public Test {
 public:
  using ParamType = P;
  static const P& GetParam() { return *param(); }
  static const P*& param() {
    static const P* current = nullptr;
    return current;
  }
};

// What the runner runs. Tests with parameters register once for each value, when all are known.
using Factory = Test* (*)();
using Prepare = void (*)(const void* param);
void add_test(const std::string& suite, const std::string& name, Factory make, Prepare prepare = nullptr,
              const void* param = nullptr);
void add_expansion(void (*expand)());
int run_all_tests();

struct Registration {
  Registration(const char* suite, const char* name, Factory make) { add_test(suite, name, make); }
};

template <typename Suite>
struct ParamSuite {
  struct Pattern {
    std::string suite, name;
    Factory make;
  };
  static std::vector<Pattern>& patterns() {
    static std::vector<Pattern> all;
    return all;
  }
  static bool add(const char* suite, const char* name, Factory make) {
    patterns().push_back({suite, name, make});
    return true;
  }
  static void expand(const std::string& prefix, const std::vector<typename Suite::ParamType>& values) {
    for (const Pattern& pattern : patterns()) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        add_test(
            prefix + "/" + pattern.suite, pattern.name + "/" + std::to_string(i), pattern.make,
            [](const void* param) { Suite::param() = static_cast<const typename Suite::ParamType*>(param); },
            &values[i]);
      }
    }
  }
};

template <typename Container>
auto ValuesIn(const Container& values) {
  return std::vector<std::decay_t<decltype(*std::begin(values))>>(std::begin(values), std::end(values));
}
template <typename First, typename... Rest>
auto Values(First first, Rest... rest) {
  return std::vector<First>{first, rest...};
}
inline std::vector<bool> Bool() { return {false, true}; }
template <typename Number>
std::vector<Number> Range(Number begin, Number end) {
  std::vector<Number> values;
  for (; begin < end; ++begin) values.push_back(begin);
  return values;
}

template <typename P>
struct TestParamInfo {
  P param;
  std::size_t index;
};

// The text after <<.
class Message {
 public:
  template <typename T>
  Message& operator<<(const T& value) {
    text_ += text_of(value);
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

enum class Severity { nonfatal, fatal, skip };

class Failure {
 public:
  Failure(Severity severity, const char* file, int line, std::string what)
      : severity_(severity), file_(file), line_(line), what_(std::move(what)) {}
  void operator=(const Message& message) const;

 private:
  Severity severity_;
  const char* file_;
  int line_;
  std::string what_;
};

struct Verdict {
  bool holds;
  std::string text;
  explicit operator bool() const { return holds; }
};

template <typename A, typename B>
Verdict judged(bool holds, const char* how, const char* a_text, const char* b_text, const A& a, const B& b) {
  if (holds) return {true, ""};
  return {false, std::string(a_text) + " " + how + " " + b_text + ": " + text_of(a) + " against " + text_of(b)};
}
inline Verdict judged(bool holds, const char* text) { return {holds, holds ? "" : text}; }

}  // namespace testing

#define PB_VERDICT_(on_failure, severity, ...)              \
  switch (0)                                                \
  case 0:                                                   \
  default:                                                  \
    if (const ::testing::Verdict pb_verdict_ = __VA_ARGS__) \
      ;                                                     \
    else                                                    \
      on_failure ::testing::Failure(severity, __FILE__, __LINE__, pb_verdict_.text) = ::testing::Message()
#define PB_EXPECT_(...) PB_VERDICT_(, ::testing::Severity::nonfatal, __VA_ARGS__)
#define PB_ASSERT_(...) PB_VERDICT_(return, ::testing::Severity::fatal, __VA_ARGS__)

#define PB_COMPARE_(a, op, b)                                                           \
  [](const auto& pb_a, const auto& pb_b) {                                              \
    return ::testing::judged(static_cast<bool>(pb_a op pb_b), #op, #a, #b, pb_a, pb_b); \
  }(a, b)
#define PB_NEAR_(a, b, tolerance) \
  ::testing::judged(!((a) - (b) > (tolerance)) && !((b) - (a) > (tolerance)), "is near", #a, #b, (a), (b))

#define EXPECT_EQ(a, b) PB_EXPECT_(PB_COMPARE_(a, ==, b))
#define EXPECT_NE(a, b) PB_EXPECT_(PB_COMPARE_(a, !=, b))
#define EXPECT_LT(a, b) PB_EXPECT_(PB_COMPARE_(a, <, b))
#define EXPECT_LE(a, b) PB_EXPECT_(PB_COMPARE_(a, <=, b))
#define EXPECT_GT(a, b) PB_EXPECT_(PB_COMPARE_(a, >, b))
#define EXPECT_GE(a, b) PB_EXPECT_(PB_COMPARE_(a, >=, b))
#define EXPECT_NEAR(a, b, tolerance) PB_EXPECT_(PB_NEAR_(a, b, tolerance))
#define EXPECT_TRUE(a) PB_EXPECT_(::testing::judged(static_cast<bool>(a), #a " is false"))
#define EXPECT_FALSE(a) PB_EXPECT_(::testing::judged(!static_cast<bool>(a), #a " is true"))
#define EXPECT_STREQ(a, b) PB_EXPECT_(PB_COMPARE_(std::string(a), ==, std::string(b)))
#define ASSERT_EQ(a, b) PB_ASSERT_(PB_COMPARE_(a, ==, b))
#define ASSERT_NE(a, b) PB_ASSERT_(PB_COMPARE_(a, !=, b))
#define ASSERT_LT(a, b) PB_ASSERT_(PB_COMPARE_(a, <, b))
#define ASSERT_LE(a, b) PB_ASSERT_(PB_COMPARE_(a, <=, b))
#define ASSERT_GT(a, b) PB_ASSERT_(PB_COMPARE_(a, >, b))
#define ASSERT_GE(a, b) PB_ASSERT_(PB_COMPARE_(a, >=, b))
#define ASSERT_NEAR(a, b, tolerance) PB_ASSERT_(PB_NEAR_(a, b, tolerance))
#define ASSERT_TRUE(a) PB_ASSERT_(::testing::judged(static_cast<bool>(a), #a " is false"))
#define ASSERT_FALSE(a) PB_ASSERT_(::testing::judged(!static_cast<bool>(a), #a " is true"))
#define ASSERT_STREQ(a, b) PB_ASSERT_(PB_COMPARE_(std::string(a), ==, std::string(b)))
#define ADD_FAILURE() PB_EXPECT_(::testing::judged(false, "failed"))
#define FAIL() PB_ASSERT_(::testing::judged(false, "failed"))
#define SUCCEED() PB_EXPECT_(::testing::judged(true, ""))
#define GTEST_SKIP() PB_VERDICT_(return, ::testing::Severity::skip, ::testing::judged(false, "skipped"))
// There is no second process here that could die.
#define EXPECT_DEATH(statement, pattern) SUCCEED()
#define SCOPED_TRACE(text) static_cast<void>(text)
#define EXPECT_THROW(statement, type)                    \
  PB_EXPECT_([&]() -> ::testing::Verdict {               \
    try {                                                \
      static_cast<void>(statement);                      \
    } catch (const type&) {                              \
      return {true, ""};                                 \
    }                                                    \
    return {false, #statement " does not throw " #type}; \
  }())
#define EXPECT_NO_THROW(statement)          \
  PB_EXPECT_([&]() -> ::testing::Verdict {  \
    try {                                   \
      static_cast<void>(statement);         \
    } catch (...) {                         \
      return {false, #statement " throws"}; \
    }                                       \
    return {true, ""};                      \
  }())

#define PB_CLASS_(suite, name) suite##_##name##_Test
#define PB_TEST_(suite, name, base)                                                    \
  class PB_CLASS_(suite, name) : public base {                                         \
    void TestBody() override;                                                          \
  };                                                                                   \
  static const ::testing::Registration pb_registration_##suite##_##name{               \
      #suite, #name, []() -> ::testing::Test* { return new PB_CLASS_(suite, name); }}; \
  void PB_CLASS_(suite, name)::TestBody()
#define TEST(suite, name) PB_TEST_(suite, name, ::testing::Test)
#define TEST_F(suite, name) PB_TEST_(suite, name, suite)
#define TEST_P(suite, name)                                                                           \
  class PB_CLASS_(suite, name) : public suite {                                                       \
    void TestBody() override;                                                                         \
  };                                                                                                  \
  [[maybe_unused]] static const bool pb_pattern_##suite##_##name = ::testing::ParamSuite<suite>::add( \
      #suite, #name, []() -> ::testing::Test* { return new PB_CLASS_(suite, name); });                \
  void PB_CLASS_(suite, name)::TestBody()
// The function that names parameters is left out: here they are numbered.
#define INSTANTIATE_TEST_SUITE_P(prefix, suite, values, ...)               \
  [[maybe_unused]] static const bool pb_instance_##prefix##_##suite = [] { \
    ::testing::add_expansion([] {                                          \
      static const std::vector<suite::ParamType> pb_values = values;       \
      ::testing::ParamSuite<suite>::expand(#prefix, pb_values);            \
    });                                                                    \
    return true;                                                           \
  }()
