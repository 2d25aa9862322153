#include "sim/plant/network.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace packbench::sim {
namespace {

constexpr StringSource kString{50.0, 0.02};
constexpr double kRounding = 1e-12;  // relative: a handful of operations at 2^-53

ChargerLimits charger(double current_A, double voltage_V) { return {current_A, 0.0, voltage_V, false, true}; }
ChargerLimits charger_W(double power_W, double voltage_V) { return {0.0, power_W, voltage_V, true, true}; }

TEST(Network, NothingConnectedMeansExactlyNoCurrent) {
  const OperatingPoint point = solve_node(kString, {}, {});
  EXPECT_EQ(point.pack_A, 0.0);
  EXPECT_EQ(point.charger_A, 0.0);
  EXPECT_EQ(point.node_V, kString.emf_V);
}

TEST(Network, ConstantCurrentLoadGetsExactlyItsCurrent) {
  const OperatingPoint point = solve_node(kString, {0.0, 100.0, 0.0}, {});
  EXPECT_EQ(point.pack_A, -100.0);
  EXPECT_NEAR(point.node_V, 48.0, 48.0 * kRounding);
}

TEST(Network, ConstantPowerLoadGetsItsPower) {
  for (const double power_W : {1.0, 500.0, 5000.0, 30000.0, -5000.0}) {
    const OperatingPoint point = solve_node(kString, {0.0, 0.0, power_W}, {});
    EXPECT_NEAR(-point.pack_A * point.node_V, power_W, std::abs(power_W) * kRounding);
    EXPECT_NEAR(point.node_V, kString.emf_V + kString.resistance_ohm * point.pack_A, 50 * kRounding);
    EXPECT_GT(point.node_V, 25.0) << "the stable one of the two operating points";
  }
}

TEST(Network, TooMuchPowerStarvesTheLoadAtTheLargestPowerThereIs) {
  const double most_W = 50.0 * 50.0 / (4 * 0.02);
  const OperatingPoint point = solve_node(kString, {0.0, 0.0, 1.01 * most_W}, {});
  EXPECT_TRUE(point.starved);
  EXPECT_NEAR(point.node_V * point.out_A, most_W, most_W * kRounding);
}

TEST(Network, TooMuchCurrentTakesTheNodeToZeroAndNotBelow) {
  const OperatingPoint point = solve_node(kString, {0.0, 5000.0, 0.0}, {});
  EXPECT_TRUE(point.starved);
  EXPECT_EQ(point.node_V, 0.0);
  EXPECT_NEAR(point.out_A, 2500.0, 2500 * kRounding);
}

TEST(Network, ChargerInConstantCurrentDeliversItsLimit) {
  const OperatingPoint point = solve_node(kString, {}, charger(50.0, 54.0));
  EXPECT_EQ(point.mode, ChargerMode::constant_current);
  EXPECT_EQ(point.pack_A, 50.0);
  EXPECT_EQ(point.charger_A, 50.0);
}

TEST(Network, ChargerInConstantVoltageHoldsTheNode) {
  const OperatingPoint point = solve_node(kString, {}, charger(500.0, 51.0));
  EXPECT_EQ(point.mode, ChargerMode::constant_voltage);
  EXPECT_EQ(point.node_V, 51.0);
  EXPECT_NEAR(point.charger_A, 50.0, 50 * kRounding);
}

TEST(Network, ChargerBelowTheStringsVoltageDeliversNothingAndTakesNothing) {
  const OperatingPoint point = solve_node(kString, {}, charger(50.0, 49.0));
  EXPECT_EQ(point.charger_A, 0.0);
  EXPECT_EQ(point.pack_A, 0.0);
}

TEST(Network, ChargerBehindOpenContactsDeliversNothing) {
  ChargerLimits limits = charger(50.0, 54.0);
  limits.connected = false;
  EXPECT_EQ(solve_node(kString, {}, limits).charger_A, 0.0);
}

TEST(Network, ChargerSuppliesTheLoadFirst) {
  const OperatingPoint point = solve_node(kString, {0.0, 30.0, 0.0}, charger(50.0, 54.0));
  EXPECT_EQ(point.pack_A, 20.0);
  EXPECT_EQ(point.charger_A, 50.0);
}

TEST(Network, ChargerOfConstantPowerDeliversItsPower) {
  const OperatingPoint point = solve_node(kString, {}, charger_W(2000.0, 54.0));
  EXPECT_EQ(point.mode, ChargerMode::constant_power);
  EXPECT_NEAR(point.charger_A * point.node_V, 2000.0, 2000 * kRounding);
  EXPECT_NEAR(point.pack_A, point.charger_A, 50 * kRounding);
}

// Over every combination of source, load and charger: the node balances, the string's equation holds, and the charger
// keeps all of its limits.
TEST(Network, EveryOperatingPointObeysTheNodeAndTheChargersLimits) {
  const std::vector<StringSource> strings{{50, 0.02}, {50, 0.0}, {37, 0.1}, {54.75, 0.005}};
  const std::vector<OutsideLoad> loads{{0, 0, 0},       {1e-4, 0, 0},     {1e-4, 80, 0},       {1e-4, -40, 0},
                                       {1e-4, 0, 3000}, {1e-4, 0, -2000}, {1.0 / 30, -1.2, 0}, {100.0, 0, 0}};
  const std::vector<ChargerLimits> chargers{
      {}, charger(0.5, 54), charger(50, 54), charger(50, 50.001), charger_W(4000, 54)};
  for (const StringSource& string : strings) {
    for (const OutsideLoad& load : loads) {
      for (const ChargerLimits& limits : chargers) {
        const OperatingPoint p = solve_node(string, load, limits);
        SCOPED_TRACE(testing::Message() << string.emf_V << " V, load " << load.current_A << " A " << load.power_W
                                        << " W " << load.conductance_S << " S, charger " << limits.current_A << " A");
        const double scale_A = 1.0 + std::abs(p.out_A) + std::abs(p.pack_A);
        EXPECT_NEAR(p.pack_A, p.charger_A - p.out_A, scale_A * kRounding);
        EXPECT_NEAR(p.node_V, string.emf_V + string.resistance_ohm * p.pack_A, 100 * kRounding * scale_A);
        EXPECT_GE(p.charger_A, 0.0);
        if (p.charger_A > 0.0) {
          EXPECT_LE(p.node_V, limits.voltage_V * (1 + kRounding));
        }
        if (!limits.is_power) {
          EXPECT_LE(p.charger_A, limits.current_A + scale_A * kRounding);
        }
      }
    }
  }
}

}  // namespace
}  // namespace packbench::sim
