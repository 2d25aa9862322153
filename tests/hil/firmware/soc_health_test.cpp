// Capacity between anchors, resistance by pulse.
#include <gtest/gtest.h>

#include "charge_profile.h"
#include "hil/firmware/core/soc.h"

namespace {

using namespace charge_profile;

Summary warm() {
  Summary s;
  s.min_temperature_mdegC = s.max_temperature_mdegC = 25'000;
  s.min_cell_dmV = s.max_cell_dmV = s.mean_cell_dmV = 33'000;
  return s;
}

constexpr std::int64_t kAh = 3'600'000'000'000;  // mA us

TEST(Health, LearnsWhatWasMovedBetweenFullAndEmpty) {
  const Profile p = lfp();
  Health h;
  EXPECT_EQ(h.capacity_pctpct(p), 0);
  h.anchor(p, 10'000, warm());
  h.moved(-80 * kAh);
  h.anchor(p, 0, warm());
  EXPECT_EQ(h.capacity_pctpct(p), 8'000);
  h.moved(70 * kAh);
  h.anchor(p, 10'000, warm());  // one odd cycle moves it by half
  EXPECT_EQ(h.capacity_pctpct(p), 7'500);
}

TEST(Health, NeedsSixtyPercentOfSwingAndWarmCells) {
  const Profile p = lfp();
  Summary cold = warm();
  cold.min_temperature_mdegC = 10'000;
  Health small, chilled;
  small.anchor(p, 10'000, warm());
  small.moved(-40 * kAh);
  small.anchor(p, 5'000, warm());
  EXPECT_EQ(small.capacity_pctpct(p), 0);
  chilled.anchor(p, 10'000, warm());
  chilled.moved(-80 * kAh);
  chilled.anchor(p, 0, cold);
  EXPECT_EQ(chilled.capacity_pctpct(p), 0);
}

TEST(Health, ImpossibleCapacitiesAreNotLearnt) {
  const Profile p = lfp();
  for (const std::int64_t moved : {20 * kAh, 130 * kAh}) {
    Health h;
    h.anchor(p, 10'000, warm());
    h.moved(-moved);
    h.anchor(p, 0, warm());
    EXPECT_EQ(h.capacity_pctpct(p), 0) << moved / kAh;
  }
}

TEST(Health, TenSecondPulseTellsTheResistance) {
  const Profile p = lfp();
  for (const float share : {1.0f, 1.5f}) {
    ModelPack pack(p, 0.60f);
    pack.resistance = share;
    Health h;
    for (int i = 0; i < 400; ++i) {
      const Measurement m = pack.advance(i < 200 ? 0 : -50'000, 100'000);
      h.pulse(p, m, summarise(m), pack.soc);
    }
    // 0.1 mV over 65 mV; the OCV falls by 0.14 % of 56 mV per 100 %, the hysteresis over 4.6 % of its way
    EXPECT_NEAR(h.resistance_pctpct(), share * 1e4f, 150.0f) << share;
  }
}

TEST(Health, PulseNeedsASteadyCurrentBeforeAndDuring) {
  const Profile p = lfp();
  ModelPack pack(p, 0.60f);
  Health h;
  for (int i = 0; i < 1'000; ++i) {
    const Measurement m = pack.advance(i % 80 < 40 ? 0 : -50'000, 100'000);  // 4 s each
    h.pulse(p, m, summarise(m), pack.soc);
  }
  EXPECT_EQ(h.resistance_pctpct(), 0);
}

TEST(Health, LearntCapacityIsWhatSocCountsWith) {
  const Profile p = lfp();
  ChargeMemory memory;
  memory.nominal_mAh = 100'000;
  memory.learnt_mAh = 80'000;
  memory.charge_mA_us = 40 * kAh;
  StateOfCharge soc;
  soc.restore(memory);
  soc.configure(p);
  EXPECT_EQ(soc.soc_pctpct(p), 5'000);
  EXPECT_EQ(soc.health().capacity_pctpct(p), 8'000);
}

}  // namespace
