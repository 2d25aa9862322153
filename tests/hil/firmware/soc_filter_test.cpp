// The filter on a pack that is exactly its model.
#include <gtest/gtest.h>

#include "charge_profile.h"
#include "hil/firmware/core/ekf.h"

namespace {

using namespace charge_profile;

constexpr std::uint64_t kFrame_us = 100'000;

// Runs pack and filter together; the count starts `wrong` beside the truth.
struct Together {
  explicit Together(const Profile& p, float start, float wrong) : pack(p, start), count(start + wrong) {
    filter.restart(0.05f);
  }
  void step(std::int32_t current_mA, DefectSet defects = {}) {
    const Measurement m = pack.read(current_mA);
    const float correction = filter.update(pack.profile, m, summarise(m), count, defects);
    count += correction;
    if (correction != 0) ++corrections;
    const float before = pack.soc;
    pack.advance(current_mA, kFrame_us);
    count += pack.soc - before;
    count = count < 0 ? 0 : count > 1 ? 1 : count;
  }
  float error() const { return count - pack.soc; }

  ModelPack pack;
  ChargeFilter filter;
  float count;
  int corrections = 0;
};

bool positive_definite(const float (&p)[6]) {
  const double a = p[0], b = p[1], c = p[2], d = p[3], e = p[4], f = p[5];
  return a > 0 && a * d - b * b > 0 && a * (d * f - e * e) - b * (b * f - c * e) + c * (b * e - c * d) > 0;
}

TEST(ChargeFilter, StaysOnItsOwnNoiselessModel) {
  const Profile p = lfp();
  Together run(p, 0.12f, 0);
  while (run.pack.soc > 0.01f) run.step(-50'000);
  EXPECT_GT(run.corrections, 100);
  EXPECT_NEAR(run.error(), 0, 0.002);  // voltages of 0.1 mV over 1.9 V, and hysteresis that began at 0
}

TEST(ChargeFilter, ThirtyPercentTooHighOrTooLowIsRightAfterTheLowerKnee) {
  const Profile p = lfp();
  for (const float wrong : {0.30f, -0.30f}) {
    Together run(p, 0.40f, wrong);
    while (run.pack.soc > 0.02f) run.step(-50'000);
    EXPECT_NEAR(run.error(), 0, 0.01) << wrong;
  }
}

TEST(ChargeFilter, NothingIsCorrectedOnThePlateau) {
  const Profile p = lfp();
  Together run(p, 0.90f, -0.30f);
  while (run.pack.soc > 0.15f) run.step(-50'000);
  EXPECT_EQ(run.corrections, 0);
  for (int i = 0; i < 36'000; ++i) run.step(0);
  EXPECT_EQ(run.corrections, 0);
}

TEST(ChargeFilter, UpperKneeCorrectsWhileCharging) {
  const Profile p = lfp();
  Together run(p, 0.90f, -0.20f);
  while (run.pack.soc < 0.999f) run.step(10'000);
  EXPECT_GT(run.corrections, 10);
  EXPECT_LT(magnitude(run.error()), 0.03f);
}

TEST(ChargeFilter, CovarianceStaysSymmetricAndPositive) {
  const Profile p = lfp();
  Together run(p, 0.10f, 0.1f);
  std::uint32_t random = 1;
  for (int i = 0; i < 20'000; ++i) {
    random = random * 1664525u + 1013904223u;
    const auto current_mA = static_cast<std::int32_t>(random >> 16) - 40'000;  // -40 .. 25 A: downwards
    if (run.pack.soc < 0.01f) run.pack.soc = 0.1f;
    run.step(i % 50 < 25 ? current_mA : -30'000);
    ASSERT_TRUE(positive_definite(run.filter.covariance())) << i;
  }
  EXPECT_GT(run.corrections, 100);
}

TEST(ChargeFilter, DoubtGrowsWithTimeAndShrinksWithCorrections) {
  const Profile p = lfp();
  Together run(p, 0.5f, 0);
  run.filter.doubt(0.005f);
  const float before = run.filter.covariance()[0];
  for (int i = 0; i < 1000; ++i) run.step(-10'000);
  EXPECT_GT(run.filter.covariance()[0], before);
  run.pack.soc = run.count = 0.05f;
  for (int i = 0; i < 1000; ++i) run.step(-10'000);
  EXPECT_LT(run.filter.covariance()[0], before / 2);
}

TEST(ChargeFilter, StepsOfCurrentTeachTheResistance) {
  const Profile p = lfp();
  Together run(p, 0.6f, 0);
  run.pack.resistance = 1.6f;
  for (int i = 0; i < 2'000; ++i) run.step(i / 100 % 2 == 0 ? -50'000 : 0);
  EXPECT_NEAR(run.filter.resistance_factor(), 1.6, 0.03);
}

TEST(ChargeFilter, WithoutACellModelItIsSilent) {
  Profile p = lfp();
  Together run(p, 0.05f, 0.2f);
  p.charge.resistance_points = 0;
  for (int i = 0; i < 100; ++i) run.step(-10'000);
  EXPECT_EQ(run.corrections, 0);
}

TEST(ChargeFilter, DefectsBreakItWhereTheySay) {
  const Profile p = lfp();
  DefectSet none, plateau;
  none.set(Defect::no_ocv_correction, true);
  plateau.set(Defect::ocv_on_plateau, true);
  Together silent(p, 0.05f, 0.2f), loud(p, 0.60f, 0.2f);
  for (int i = 0; i < 1000; ++i) silent.step(-10'000, none);
  for (int i = 0; i < 1000; ++i) loud.step(-10'000, plateau);
  EXPECT_EQ(silent.corrections, 0);
  EXPECT_GT(loud.corrections, 100);
}

}  // namespace
