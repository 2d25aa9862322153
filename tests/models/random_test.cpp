#include "models/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace packbench::models {
namespace {

// Published vectors: splitmix64 as printed for seed 1234567 in its public descriptions, xoshiro256** as in the tests of
// Rust's rand_xoshiro, FNV-1a as in its authors' test suite.
TEST(Splitmix64, GivesThePublishedNumbers) {
  std::uint64_t state = 1234567;
  for (const std::uint64_t expected : {6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                       4593380528125082431u, 16408922859458223821u}) {
    EXPECT_EQ(splitmix64(state), expected);
  }
}

TEST(Xoshiro256, GivesThePublishedNumbers) {
  Xoshiro256 generator(std::array<std::uint64_t, 4>{1, 2, 3, 4});
  for (const std::uint64_t expected : std::array<std::uint64_t, 6>{11520, 0, 1509978240, 1215971899390074240,
                                                                   1216172134540287360, 607988272756665600}) {
    EXPECT_EQ(generator.next(), expected);
  }
}

TEST(NameHash, GivesThePublishedNumbers) {
  EXPECT_EQ(name_hash(""), 0xcbf29ce484222325u);
  EXPECT_EQ(name_hash("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(name_hash("foobar"), 0x85944171f73967e8u);
}

// Relative error against the tail probability of the C library's erfc in long double: the density's slope turns an
// error e of z into z e of the probability (far out) or 0.8 e (centre), so both are covered by |z| + 1.
TEST(NormalQuantile, InvertsTheDistributionFunction) {
  double worst = 0;
  for (int exponent = 1; exponent <= 52; ++exponent) {
    for (const double mantissa : {0.501, 0.6, 0.75, 0.9, 0.999}) {
      const double p = mantissa * std::ldexp(1.0, -exponent + 1);
      const double z = normal_quantile(p);
      const long double back = 0.5L * std::erfc(-static_cast<long double>(z) / std::sqrt(2.0L));
      worst = std::max(worst, static_cast<double>(std::fabs(back / p - 1.0L)) / (z * z + 1.0));
      if (p > 0x1p-20) {
        EXPECT_NEAR(normal_quantile(1.0 - p), -z, 1e-15 / p);
      }
    }
  }
  EXPECT_LE(worst, 1e-15);
}

TEST(Stream, GivesTheSameNumbersForTheSameSeedNameAndIndex) {
  Stream a(7, "afe.cell_noise", 3), b(7, "afe.cell_noise", 3);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

// Pins the whole recipe (hash, mixing, filling): a change of it would change every recorded run. The numbers come from
// a second implementation of the text of random.h, in Python with SciPy's norm.ppf.
TEST(Stream, GivesItsReferenceNumbers) {
  Stream stream(42, "reference");
  EXPECT_EQ(stream.next(), 5717084477602415041u);
  EXPECT_EQ(stream.uniform(), 0.4173358437528958);
  EXPECT_NEAR(stream.normal(), -0.6605363247756243, 2e-16);
}

TEST(Stream, ContinuesIndependentlyAsACopy) {
  Stream original(1, "copy");
  original.next();
  Stream copy = original;
  EXPECT_EQ(copy, original);
  const std::uint64_t next = original.next();
  EXPECT_NE(copy, original);
  EXPECT_EQ(copy.next(), next);
}

// The sum of n products of independent unit normals has variance n: five sigma.
TEST(Stream, IsUncorrelatedWithItsNeighboursInSeedNameAndIndex) {
  constexpr int kDraws = 100'000;
  const auto correlation = [](Stream a, Stream b) {
    double sum = 0;
    for (int i = 0; i < kDraws; ++i) sum += a.normal() * b.normal();
    return std::fabs(sum);
  };
  const double bound = 5.0 * std::sqrt(kDraws);
  EXPECT_LT(correlation({1, "a"}, {2, "a"}), bound);
  EXPECT_LT(correlation({1, "a"}, {1, "b"}), bound);
  EXPECT_LT(correlation({1, "a", 0}, {1, "a", 1}), bound);
}

TEST(Stream, DrawsUniformNumbersInTheirInterval) {
  Stream stream(3, "uniform");
  double sum = 0;
  constexpr int kDraws = 1'000'000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = stream.uniform(-2.0, 4.0);
    ASSERT_GE(u, -2.0);
    ASSERT_LT(u, 4.0);
    sum += u;
  }
  EXPECT_NEAR(sum / kDraws, 1.0, 5.0 * 6.0 / std::sqrt(12.0 * kDraws));
}

// Moments of a standard normal: 0, 1, 0, 3, with variances of their means 1, 2, 15, 96 over n.
TEST(Stream, DrawsNormalNumbersWithTheMomentsOfTheNormalDistribution) {
  Stream stream(5, "normal");
  constexpr int kDraws = 1'000'000;
  std::array<double, 4> moments{};
  for (int i = 0; i < kDraws; ++i) {
    const double z = stream.normal();
    double power = 1;
    for (double& moment : moments) moment += (power *= z) / kDraws;
  }
  const std::array<double, 4> expected = {0, 1, 0, 3}, variance = {1, 2, 15, 96};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(moments[i], expected[i], 5.0 * std::sqrt(variance[i] / kDraws));
}

}  // namespace
}  // namespace packbench::models
