#include "sim/trace/thinning.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace packbench::sim {
namespace {

BucketThinner::Line thinned(const std::vector<double>& values, std::size_t buckets, std::size_t points) {
  BucketThinner thinner(1, buckets);
  for (std::size_t i = 0; i < values.size(); ++i) {
    thinner.add_row(static_cast<double>(i));
    thinner.add(0, values[i]);
  }
  return thinner.line(0, points);
}

TEST(BucketThinner, IsTheIdentityWhileBucketsLast) {
  const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6};
  EXPECT_EQ(thinned(values, 8, 100).value, values);
}

TEST(BucketThinner, KeepsTheExtremesAndTheEndsOfTimeWhateverTheLength) {
  EXPECT_TRUE(rc::check([](const std::vector<std::int16_t>& raw) {
    RC_PRE(!raw.empty());
    const std::vector<double> values(raw.begin(), raw.end());
    for (const std::size_t points : {4u, 16u, 64u}) {
      const auto line = thinned(values, 8, points);
      RC_ASSERT(line.time_s.size() == line.value.size());
      RC_ASSERT(line.time_s.size() <= std::max<std::size_t>(points, 2));
      RC_ASSERT(std::ranges::max(line.value) == std::ranges::max(values));
      RC_ASSERT(std::ranges::min(line.value) == std::ranges::min(values));
      RC_ASSERT(line.time_s.front() == 0);
      RC_ASSERT(line.time_s.back() == static_cast<double>(values.size() - 1));
      RC_ASSERT(std::ranges::is_sorted(line.time_s));
    }
  }));
}

TEST(BucketThinner, KeepsTheDirectionOfASlope) {
  std::vector<double> falling(1000);
  for (std::size_t i = 0; i < falling.size(); ++i) falling[i] = -static_cast<double>(i);
  const auto line = thinned(falling, 16, 100);
  EXPECT_TRUE(std::ranges::is_sorted(line.value, std::greater<>()));
}

TEST(BucketThinner, AGapStaysAGap) {
  std::vector<double> values(1000, 1.0);
  std::fill_n(values.begin() + 400, 300, std::numeric_limits<double>::quiet_NaN());
  const auto line = thinned(values, 16, 100);
  EXPECT_GT(std::ranges::count_if(line.value, [](double v) { return std::isnan(v); }), 4);
  EXPECT_EQ(line.value.front(), 1.0);
  EXPECT_EQ(line.value.back(), 1.0);
}

TEST(ChangeThinner, KeepsEveryChangeAndTheEnd) {
  ChangeThinner thinner(100);
  for (int i = 0; i < 50; ++i) thinner.add(i, i / 10);
  const auto line = thinner.line();
  EXPECT_EQ(line.value, (std::vector<double>{0, 1, 2, 3, 4, 4}));
  EXPECT_EQ(line.time_s, (std::vector<double>{0, 10, 20, 30, 40, 49}));
}

TEST(ChangeThinner, UnknownIsAValueOfItsOwn) {
  ChangeThinner thinner(100);
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  double time_s = 0;
  for (const double value : {unknown, unknown, 1.0, unknown}) thinner.add(time_s++, value);
  EXPECT_EQ(thinner.line().time_s, (std::vector<double>{0, 2, 3}));
}

TEST(ChangeThinner, StaysBoundedWhenAContactorChatters) {
  ChangeThinner thinner(64);
  for (int i = 0; i < 100'000; ++i) thinner.add(i * 0.1, i % 2);
  const auto line = thinner.line();
  EXPECT_LE(line.time_s.size(), 65u);
  EXPECT_GE(line.time_s.size(), 16u) << "and still shows that it chatters all the time";
  EXPECT_TRUE(std::ranges::is_sorted(line.time_s));
  EXPECT_GT(line.time_s[line.time_s.size() / 2], 2000) << "over the whole run";
}

}  // namespace
}  // namespace packbench::sim
