#include "models/deterministic_math.h"

#include <gtest/gtest.h>

#include <cmath>

#include "models/random.h"

namespace packbench::models {
namespace {

// Distance to the long double result in units of the last place of the double nearest to it.
double ulps(double got, long double exact) {
  const double nearest = std::fabs(static_cast<double>(exact));
  const double unit = std::nextafter(nearest, INFINITY) - nearest;
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / unit);
}

// Arguments of every size: 200,000 even ones in +-range, and as many again for each decade below, down to 1e-9 of it.
template <typename Check>
void for_arguments(double range, Check check) {
  Stream stream(1, "math.arguments");
  for (double scale = range; scale > 1e-9 * range; scale *= 0.1) {
    for (int i = 0; i < 200'000; ++i) check(stream.uniform(-scale, scale));
  }
}

TEST(DeterministicExp, IsWithinOneUlp) {
  double worst = 0;
  for_arguments(700.0, [&](double x) { worst = std::max(worst, ulps(exp(x), std::exp(static_cast<long double>(x)))); });
  EXPECT_LE(worst, 1.0);
}

TEST(DeterministicExpm1, IsWithinTwoUlp) {
  double worst = 0;
  for_arguments(700.0,
                [&](double x) { worst = std::max(worst, ulps(expm1(x), std::expm1(static_cast<long double>(x)))); });
  EXPECT_LE(worst, 2.0);
}

TEST(DeterministicLog, IsWithinOneUlp) {
  double worst = 0;
  for_arguments(700.0, [&](double x) {
    const double wide = exp(x);
    worst = std::max(worst, ulps(log(wide), std::log(static_cast<long double>(wide))));
    const double near_one = 1.0 + x / 1400.0;
    worst = std::max(worst, ulps(log(near_one), std::log(static_cast<long double>(near_one))));
  });
  EXPECT_LE(worst, 1.0);
}

TEST(DeterministicExp, TakesItsLimits) {
  EXPECT_EQ(exp(0.0), 1.0);
  EXPECT_EQ(exp(710.0), INFINITY);
  EXPECT_EQ(exp(INFINITY), INFINITY);
  EXPECT_EQ(exp(-746.0), 0.0);
  EXPECT_EQ(exp(-INFINITY), 0.0);
  EXPECT_EQ(exp(-745.1), 0x1p-1074);
  EXPECT_TRUE(std::isnan(exp(NAN)));
}

TEST(DeterministicExpm1, TakesItsLimits) {
  EXPECT_EQ(expm1(0.0), 0.0);
  EXPECT_EQ(expm1(-INFINITY), -1.0);
  EXPECT_TRUE(std::isnan(expm1(NAN)));
}

TEST(DeterministicLog, TakesItsLimits) {
  EXPECT_EQ(log(1.0), 0.0);
  EXPECT_EQ(log(0.0), -INFINITY);
  EXPECT_EQ(log(INFINITY), INFINITY);
  EXPECT_LE(ulps(log(0x1p-1074), -1074.0L * std::log(2.0L)), 1.0);
  EXPECT_TRUE(std::isnan(log(-1.0)));
  EXPECT_TRUE(std::isnan(log(NAN)));
}

}  // namespace
}  // namespace packbench::models
