// Counting, anchors, dead band, clamp, what is reported.
#include <gtest/gtest.h>

#include "charge_profile.h"
#include "hil/firmware/core/soc.h"

namespace {

using namespace charge_profile;

constexpr std::uint64_t kTask_us = 10'000;

// A state of charge that sees cells of one voltage; a measurement each 100 ms.
struct Count {
  Count() {
    profile.charge.resistance_points = 0;  // counting alone
    soc.configure(profile);
    m.cells = 15;
    m.temperatures = 1;
    m.temperature_mdegC[0] = 25'000;
    volt(33'000);
  }
  void volt(std::int32_t dmV) {
    for (int i = 0; i < m.cells; ++i) m.cell_dmV[i] = dmV;
  }
  void task(std::int32_t current_mA) {
    m.current_mA = current_mA;
    if (now_us % 100'000 == 0) m.time_us = now_us;
    now_us += kTask_us;
    soc.step(now_us, kTask_us, profile, m, summarise(m), defects);
  }
  void run(double seconds, std::int32_t current_mA) {
    for (int i = 0; i < static_cast<int>(seconds * 100); ++i) task(current_mA);
  }
  std::uint16_t percent() const { return soc.soc_pctpct(profile); }

  Profile profile = lfp();
  StateOfCharge soc;
  Measurement m;
  DefectSet defects;
  std::uint64_t now_us = 1'000'000;
};

std::int32_t normal_mA(std::uint32_t& random) {
  std::int32_t sum = -6 * 1'000;
  for (int i = 0; i < 12; ++i) {
    random = random * 1664525u + 1013904223u;
    sum += static_cast<std::int32_t>((random >> 16) * 1'000 >> 16);
  }
  return sum / 20;
}

TEST(ChargeCount, IsTheExactIntegralOfTheCurrent) {
  Count c;
  c.soc.set(c.profile, 5'000);
  const std::int64_t before = c.soc.charge_mA_us();
  for (int i = 0; i < 100'000; ++i) c.task(-50'000 + i % 7);
  std::int64_t exact = 0;
  for (int i = 0; i < 100'000; ++i) exact += std::int64_t{-50'000 + i % 7} * 10'000;
  EXPECT_EQ(c.soc.charge_mA_us() - before, exact);
}

TEST(ChargeCount, StaysBetweenEmptyAndFull) {
  Count c;
  c.soc.set(c.profile, 10);
  c.run(60, -100'000);
  EXPECT_EQ(c.percent(), 0);
  EXPECT_EQ(c.soc.charge_mA_us(), 0);
  c.soc.set(c.profile, 9'990);
  c.run(60, 100'000);
  EXPECT_EQ(c.percent(), 10'000);
  c.defects.set(Defect::soc_not_clamped, true);
  c.run(60, 100'000);
  EXPECT_GT(c.percent(), 10'000);
}

TEST(ChargeCount, DeadBandSwallowsAnOffsetWithItsNoise) {
  Count c;
  c.soc.set(c.profile, 5'000);
  const std::int64_t before = c.soc.charge_mA_us();
  std::uint32_t random = 5;
  std::int32_t noise_mA = 0;
  for (int i = 0; i < 360'000;
       ++i) {  // an hour of 10 mA and noise of 50 mA rms: twelve uniform numbers, one sigma each
    if (i % 10 == 0) noise_mA = normal_mA(random);
    c.task(10 + noise_mA);
  }
  EXPECT_EQ(c.soc.charge_mA_us(), before);
}

TEST(ChargeCount, DeadBandLetsALoadThroughWithinSeconds) {
  Count c;
  c.soc.set(c.profile, 5'000);
  c.run(100, 0);
  const std::int64_t before = c.soc.charge_mA_us();
  c.run(1, -50'000);
  EXPECT_EQ(c.soc.charge_mA_us() - before, -50'000'000'000);  // at once
  c.run(60, 0);
  const std::int64_t rest = c.soc.charge_mA_us();
  c.run(100, -100);  // 100 mA come through when the mean of 64 has passed 40 mA: 64 ln(100/60) measurements, 3.3 s
  EXPECT_NEAR(static_cast<double>(c.soc.charge_mA_us() - rest), -100 * 96.7e6, 100 * 0.5e6);
}

TEST(ChargeCount, WithoutDeadBandAnOffsetIsCounted) {
  Count c;
  c.defects.set(Defect::no_dead_band, true);
  c.soc.set(c.profile, 5'000);
  const std::int64_t before = c.soc.charge_mA_us();
  c.run(100, 10);
  EXPECT_EQ(c.soc.charge_mA_us() - before, 1'000'000'000);
}

TEST(ReportedSoc, FollowsAnAnchorByOnePercentASecond) {
  Count c;
  c.soc.set(c.profile, 5'000);
  c.run(1, 4'000);
  c.volt(35'100);
  c.run(61, 4'000);
  const auto first = c.percent();
  c.run(10, 4'000);
  EXPECT_EQ(c.percent(), first + 1'000);
  EXPECT_TRUE(c.soc.stepping());
  c.run(60, 4'000);
  EXPECT_EQ(c.percent(), 10'000);
  EXPECT_FALSE(c.soc.stepping());
}

TEST(ReportedSoc, DoesNotRiseWhileDischargingButForAStepOfMoreThanThreePercent) {
  for (const float wrong : {0.02f, 0.20f}) {
    const Profile p = lfp();
    ModelPack pack(p, 0.06f);
    StateOfCharge soc;
    soc.configure(p);
    soc.set(p, static_cast<std::uint32_t>(wrong < 0.06f ? 400 : 0));
    bool rose = false;
    for (int i = 0; i < 12'000; ++i) {
      const auto before = soc.soc_pctpct(p);
      const Measurement m = pack.advance(-20'000, 10'000);
      soc.step(pack.time_us, 10'000, p, m, summarise(m), {});
      rose = rose || (i > 0 && soc.soc_pctpct(p) > before);
      if (i > 0) {
        ASSERT_LE(soc.soc_pctpct(p), before + 1);
        ASSERT_GE(soc.soc_pctpct(p) + 1, before);
      }
    }
    EXPECT_EQ(rose, wrong > 0.03f);
  }
}

TEST(OpenCircuitSoc, IsTakenAtTheFirstRestWhenNothingIsKnown) {
  Count c;
  EXPECT_EQ(c.percent(), kUnknownPercent);
  c.task(-50'000);
  EXPECT_EQ(c.percent(), kUnknownPercent);
  c.volt(29'673);
  c.run(0.2, 0);
  EXPECT_EQ(c.percent(), 300);
}

TEST(Profiles, ChargeStaysTheSameShareOfAnotherCapacity) {
  Count c;
  c.soc.set(c.profile, 4'000);
  c.profile.capacity_mAh = 50'000;
  c.soc.configure(c.profile);
  EXPECT_NEAR(c.percent(), 4'000, 1);
}

}  // namespace
