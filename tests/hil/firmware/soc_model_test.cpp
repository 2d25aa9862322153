// The firmware's cell model against exact values and its own laws.
#include <gtest/gtest.h>

#include "charge_profile.h"

namespace {

using namespace charge_profile;

TEST(Decay, IsTheExponentialToTheTolerancePromised) {
  const struct {
    float x;
    double exact;
  } cases[] = {{0.0f, 1.0},           {0.001f, 0.99900049983}, {0.02f, 0.98019867331},   {0.5f, 0.60653065971},
               {1.0f, 0.36787944117}, {3.0f, 0.049787068368},  {10.0f, 4.5399929762e-5}, {19.0f, 5.6027964375e-9}};
  for (const auto& c : cases) EXPECT_NEAR(static_cast<double>(decay(c.x)) / c.exact, 1.0, 1e-5) << c.x;
  EXPECT_EQ(decay(21.0f), 0.0f);
}

TEST(Decay, FallsEverywhere) {
  for (float x = 0.01f; x < 20.0f; x += 0.01f) EXPECT_LT(decay(x), decay(x - 0.01f)) << x;
}

TEST(Relaxation, IsTheStepResponseWhateverTheSteps) {
  const Profile p = lfp();
  const Resistances r{0.001f, 0.0004f, 0.0003f};
  Relaxation once, often;
  once.advance(p, r, 1, -50, 10);
  for (int i = 0; i < 100; ++i) often.advance(p, r, 1, -50, 0.1f);
  // 50 A through 0.4 mohm after two time constants, 0.3 mohm after a thirtieth of one; ten roundings of 1e-7 a step
  EXPECT_NEAR(once.v1_V, -0.020 * (1 - 0.135335283), 1e-6);
  EXPECT_NEAR(once.v2_V, -0.015 * (1 - 0.967216100), 1e-6);
  EXPECT_NEAR(often.v1_V, once.v1_V, 1e-6);
  EXPECT_NEAR(often.v2_V, once.v2_V, 1e-6);
  EXPECT_NEAR(often.hysteresis, once.hysteresis, 1e-5);
}

TEST(Relaxation, HysteresisCrossesItsGapWithItsSwing) {
  const Profile p = lfp();
  Relaxation cell;
  for (int i = 0; i < 1080; ++i) cell.advance(p, {0.001f, 0.0004f, 0.0003f}, 1, 100, 0.1f);  // 3 Ah of 100 Ah
  EXPECT_NEAR(cell.hysteresis, 1 - 0.367879441, 1e-4);
  for (int i = 0; i < 20'000; ++i) cell.advance(p, {0.001f, 0.0004f, 0.0003f}, 1, -100, 0.1f);
  EXPECT_NEAR(cell.hysteresis_V(p.charge), -0.0125, 1e-6);
}

TEST(Resistances, AreThePointsAndBetweenThemLinear) {
  const ChargeRules c = lfp().charge;
  EXPECT_NEAR(resistances(c, 0.10f, 25, false).r0_ohm, 1.110e-3, 1e-9);
  EXPECT_NEAR(resistances(c, 0.00f, 25, false).r0_ohm, 1.110e-3, 1e-9);
  EXPECT_NEAR(resistances(c, 0.50f, 25, false).r0_ohm, 0.938e-3, 1e-8);
  EXPECT_NEAR(resistances(c, 1.00f, 25, true).r1_ohm, 0.255e-3 * 1.256, 1e-9);
  // exp(17000 / 8.314463 (1/283.15 - 1/298.15)) = 1.43813
  EXPECT_NEAR(resistances(c, 0.10f, 10, false).r0_ohm / 1.110e-3, 1.43813, 2e-4);
  EXPECT_NEAR(resistances(c, 0.10f, 40, false).r0_ohm / 1.110e-3, 0.72007, 2e-4);
}

TEST(OcvPlace, IsTheTableReadBackwards) {
  const Profile p = lfp();
  for (int pct = 1; pct < 100; ++pct) {
    const float soc = static_cast<float>(pct) * 0.01f;
    const OcvPlace place = place_of_ocv(p, ocv_V(p, soc));
    // a float of 3.3 V is exact to 0.24 uV; over the flattest slope of the table, 5.6 mV a tenth
    EXPECT_NEAR(place.soc, soc, 1e-4) << pct;
  }
  EXPECT_EQ(place_of_ocv(p, 2.0f).soc, 0.0f);
  EXPECT_EQ(place_of_ocv(p, 4.0f).soc, 1.0f);
}

TEST(OcvPlace, IsSteepOnlyAtTheKneesAndNotNearTheirEdges) {
  const Profile p = lfp();
  EXPECT_TRUE(steep(p, ocv_V(p, 0.05f), 0.010f));
  EXPECT_TRUE(steep(p, ocv_V(p, 0.997f), 0.010f));
  EXPECT_FALSE(steep(p, ocv_V(p, 0.098f), 0.010f));
  for (float soc = 0.11f; soc < 0.98f; soc += 0.01f) EXPECT_FALSE(steep(p, ocv_V(p, soc), 0)) << soc;
}

}  // namespace
