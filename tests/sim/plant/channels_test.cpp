#include "sim/plant/channels.h"

#include <gtest/gtest.h>

#include <cmath>

namespace packbench::sim {
namespace {

constexpr int kMany = 20000;

TEST(Quantised, IsTheNearestMultipleOfTheStep) {
  for (double value = -1.0; value < 5.0; value += 0.01037) {
    const double reading = quantised(value, 154e-6);
    EXPECT_LE(std::abs(reading - value), 77e-6 * (1 + 1e-9));
    EXPECT_EQ(reading, std::round(reading / 154e-6) * 154e-6);
  }
}

TEST(OnWire, IsFoundAgainExactlyInFixedPoint) {
  for (int dmV = 0; dmV <= 50000; ++dmV) EXPECT_EQ(std::lround(on_wire(dmV / 1e4 + 3e-5, 1e4) * 1e4), dmV);
}

TEST(OnWire, ZeroHasNoSign) { EXPECT_FALSE(std::signbit(on_wire(-1e-9, 1e4))); }

TEST(Channel, NormalErrorsStayInsideTheirClip) {
  int clipped = 0;
  for (std::uint64_t seed = 0; seed < kMany; ++seed) {
    const Channel channel = Channel::normal(seed, "cell_voltage", 3, 0.0002, 0.0005, 0.5e-3, 2e-3, 0);
    EXPECT_LE(std::abs(channel.gain()), 0.0005);
    EXPECT_LE(std::abs(channel.offset()), 2e-3);
    clipped += std::abs(channel.gain()) == 0.0005;
  }
  // 2.5 sigma: 1.242 % of the draws; 5 standard deviations of the count are 78.
  EXPECT_NEAR(clipped, 0.01242 * kMany, 78);
}

TEST(Channel, NormalErrorsHaveTheirSigma) {
  double square = 0;
  for (std::uint64_t seed = 0; seed < kMany; ++seed) {
    const double offset = Channel::normal(seed, "cell_voltage", 0, 0, 1, 0.5e-3, 1, 0).offset();
    square += offset * offset;
  }
  // The standard error of a variance from n normal draws is sqrt(2/n) = 1 %; 5 of them.
  EXPECT_NEAR(square / kMany, 0.25e-6, 0.25e-6 * 0.05);
}

TEST(Channel, UniformErrorsFillTheirRange) {
  double smallest = 1, largest = -1, mean = 0;
  for (std::uint64_t seed = 0; seed < kMany; ++seed) {
    const double gain = Channel::uniform(seed, "pack_voltage", 0, 0.003, 0, 0).gain();
    smallest = std::min(smallest, gain);
    largest = std::max(largest, gain);
    mean += gain / kMany;
  }
  EXPECT_GE(smallest, -0.003);
  EXPECT_LE(largest, 0.003);
  EXPECT_GT(largest - smallest, 0.0059);
  EXPECT_NEAR(mean, 0.0, 5 * 0.003 / std::sqrt(3.0 * kMany));
}

TEST(Channel, NoiseHasItsSigmaAndNoMean) {
  Channel channel = Channel::normal(7, "cell_voltage", 0, 0, 1, 0, 1, 0.3e-3);
  double sum = 0, square = 0;
  for (int i = 0; i < kMany; ++i) {
    const double noise = channel.measure(3.3) - 3.3;
    sum += noise;
    square += noise * noise;
  }
  EXPECT_NEAR(sum / kMany, 0.0, 5 * 0.3e-3 / std::sqrt(kMany));
  EXPECT_NEAR(square / kMany, 0.09e-6, 0.09e-6 * 0.05);
}

TEST(Channel, EveryChannelHasItsOwnErrorsAndNoise) {
  Channel a = Channel::normal(1, "cell_voltage", 0, 1e-4, 1, 1e-3, 1, 1e-3);
  Channel b = Channel::normal(1, "cell_voltage", 1, 1e-4, 1, 1e-3, 1, 1e-3);
  EXPECT_NE(a.gain(), b.gain());
  EXPECT_NE(a.offset(), b.offset());
  EXPECT_NE(a.measure(0) - a.offset(), b.measure(0) - b.offset());
}

}  // namespace
}  // namespace packbench::sim
