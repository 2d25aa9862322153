#include "sim/plant/load_bus.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace packbench::sim {
namespace {

constexpr double kC = 0.01, kR = 30.0;

TEST(LoadBus, PrechargeFollowsTheExponential) {
  const BusFeed feed{50.0, 1.0 / kR, 0.0, 0.0};
  for (const double t_s : {1e-6, 0.01, 0.3, 0.9, 3.0}) {
    const double exact_V = 50.0 * -std::expm1(-t_s / (kR * kC));
    // models::expm1 is within 2 ulp, a few operations beside: 1e-14 of the final value.
    EXPECT_NEAR(advance_bus(0.0, feed, kC, t_s).end_V, exact_V, 50e-14);
  }
}

TEST(LoadBus, ManySmallStepsEqualOneLargeStep) {
  const BusFeed feed{50.0, 1.0 / kR, 1e-4, 0.2};
  double small_V = 5.0;
  for (int i = 0; i < 1000; ++i) small_V = advance_bus(small_V, feed, kC, 0.001).end_V;
  EXPECT_NEAR(small_V, advance_bus(5.0, feed, kC, 1.0).end_V, 1000 * 50e-16);
}

TEST(LoadBus, ChargeOfTheFeedGoesIntoCapacitorLeakAndLoad) {
  // Without leak: mean feed current * t = C * dV + load * t.
  const BusInterval interval = advance_bus(3.0, {50.0, 1.0 / kR, 0.0, 0.5}, kC, 0.25);
  EXPECT_NEAR(interval.mean_feed_A * 0.25, kC * (interval.end_V - 3.0) + 0.5 * 0.25, 1e-14);
}

TEST(LoadBus, BleedResistorEmptiesTheBus) {
  EXPECT_NEAR(advance_bus(50.0, {0.0, 0.0, 1e-4, 0.0}, kC, 100.0).end_V, 50.0 * std::exp(-1.0), 50e-14);
}

TEST(LoadBus, LoadTakesAnOpenBusToZeroAndNotBelow) {
  const BusInterval half = advance_bus(50.0, {0.0, 0.0, 0.0, 50.0}, kC, 0.005);
  EXPECT_NEAR(half.end_V, 25.0, 1e-12);
  EXPECT_FALSE(half.collapsed);
  const BusInterval all = advance_bus(50.0, {0.0, 0.0, 1e-4, 50.0}, kC, 0.02);
  EXPECT_EQ(all.end_V, 0.0);
  EXPECT_TRUE(all.collapsed);
}

TEST(LoadBus, EmptyBusWithNothingConnectedStaysEmpty) {
  const BusInterval interval = advance_bus(0.0, {0.0, 0.0, 1e-4, 0.0}, kC, 1.0);
  EXPECT_EQ(interval.end_V, 0.0);
  EXPECT_EQ(interval.mean_feed_A, 0.0);
  EXPECT_FALSE(interval.collapsed);
}

TEST(LoadBus, ShortedBusStaysNearZero) {
  const BusInterval interval = advance_bus(0.0, {50.0, 1.0 / kR, 100.0, 0.0}, kC, 0.1);
  EXPECT_NEAR(interval.end_V, 50.0 / kR / (100.0 + 1.0 / kR), 1e-12);
  EXPECT_NEAR(interval.mean_feed_A, 50.0 / kR, 0.001);
}

TEST(LoadBus, NoCapacitanceIsRefused) { EXPECT_THROW(advance_bus(0.0, {}, 0.0, 0.1), std::invalid_argument); }

}  // namespace
}  // namespace packbench::sim
