#include "sim/plant/thermistor.h"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace packbench::sim {
namespace {

TEST(Thermistor, ReadsHalfScaleAt25Degrees) {
  const Thermistor ntc{SensingParameters{}};
  EXPECT_NEAR(ntc.code(25.0), 4095 / 2.0, 0.5);
}

TEST(Thermistor, RoundTripIsWithinHalfAStepOfTheConverter) {
  const Thermistor ntc{SensingParameters{}};
  for (double degC = -40.0; degC <= 120.0; degC += 0.37) {
    const int code = ntc.code(degC);
    // Half the distance to the neighbouring codes; the curve bends, so the larger of the two.
    const double half_step_K = std::max(ntc.temperature_degC(code - 1) - ntc.temperature_degC(code),
                                        ntc.temperature_degC(code) - ntc.temperature_degC(code + 1)) /
                               2;
    EXPECT_NEAR(ntc.temperature_degC(code), degC, half_step_K * 1.01) << degC;
    EXPECT_LT(half_step_K, 0.25) << "fine enough for a tolerance of 1 K";
  }
}

TEST(Thermistor, FollowsTheBetaEquation) {
  const Thermistor ntc{SensingParameters{}};
  const double resistance_ohm = 10e3 * std::exp(3435 * (1 / 358.15 - 1 / 298.15));
  EXPECT_EQ(ntc.code(85.0), std::lround(4095 * resistance_ohm / (resistance_ohm + 10e3)));
}

TEST(Thermistor, HotterMeansASmallerCode) {
  const Thermistor ntc{SensingParameters{}};
  for (double degC = -50; degC < 150; degC += 1.0) EXPECT_GE(ntc.code(degC), ntc.code(degC + 1.0));
}

TEST(Thermistor, OpenAndShortAreOutsideTheRangeOnOppositeSides) {
  const Thermistor ntc{SensingParameters{}};
  EXPECT_LT(ntc.temperature_degC(ntc.full_scale()), -40.0);
  EXPECT_GT(ntc.temperature_degC(0), 120.0);
}

TEST(Thermistor, EveryCodeGivesATemperatureOnTheCurve) {
  const Thermistor ntc{SensingParameters{}};
  for (int code = -1; code <= ntc.full_scale() + 1; ++code) {
    EXPECT_GE(ntc.temperature_degC(code), Thermistor::kColdest_degC);
    EXPECT_LE(ntc.temperature_degC(code), Thermistor::kHottest_degC);
  }
}

TEST(Thermistor, ImpossibleParametersAreRefused) {
  SensingParameters parameters;
  parameters.ntc_bits = 40;
  EXPECT_THROW(Thermistor{parameters}, std::invalid_argument);
  parameters = {};
  parameters.ntc_beta_K = 0;
  EXPECT_THROW(Thermistor{parameters}, std::invalid_argument);
}

}  // namespace
}  // namespace packbench::sim
