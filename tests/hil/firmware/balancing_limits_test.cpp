// Which cells are bled and when; how far the current limits are let down.
#include <gtest/gtest.h>

#include "charge_profile.h"
#include "hil/firmware/core/balancing.h"
#include "hil/firmware/core/limits.h"

namespace {

using namespace charge_profile;

struct Bleeding {
  Bleeding() {
    m.cells = 15;
    m.temperatures = 1;
    m.temperature_mdegC[0] = 25'000;
    m.current_mA = 0;
    for (int i = 0; i < 15; ++i) m.cell_dmV[i] = 34'100;
    m.cell_dmV[7] = 34'800;
  }
  // A measurement each frame, a task each 10 ms.
  void run(int frames, std::uint64_t frame_us = 100'000) {
    for (int i = 0; i < frames; ++i) {
      m.time_us = now_us;
      for (std::uint64_t task = 10'000; task <= frame_us; task += 10'000) {
        balancing.step(now_us + task, profile.charge, m, summarise(m), no_fault, defects);
        bled_tasks += balancing.bleed() != 0 ? 1 : 0;
        ++tasks;
      }
      now_us += frame_us;
    }
  }
  std::uint32_t seen(int frames) {
    std::uint32_t all = 0;
    for (int i = 0; i < frames; ++i) {
      run(1);
      all |= balancing.bleed();
    }
    return all;
  }

  Profile profile = lfp();
  Measurement m;
  Balancing balancing;
  DefectSet defects;
  bool no_fault = true;
  std::uint64_t now_us = 1'000'000;
  int tasks = 0, bled_tasks = 0;
};

TEST(Bleed, OnlyTheHighCell) {
  Bleeding b;
  EXPECT_EQ(b.seen(100), 1u << 7);
}

TEST(Bleed, IsOffBeforeAMeasurementThatChooses) {
  Bleeding b;
  b.run(10);
  ASSERT_EQ(b.balancing.bleed(), 1u << 7);
  b.m.cell_dmV[7] = 34'100;
  b.m.cell_dmV[3] = 34'800;
  b.run(10);
  EXPECT_EQ(b.balancing.bleed(), 1u << 7) << "measured while cell 8 is bled";
  EXPECT_EQ(b.seen(30), 1u << 7 | 1u << 3);
  EXPECT_EQ(b.balancing.bleed() & (1u << 7), 0u);
}

TEST(Bleed, IsOnForTwoSecondsAndOffForTwoTenths) {
  Bleeding b;
  b.run(3);
  b.tasks = b.bled_tasks = 0;
  b.run(22 * 100);
  EXPECT_NEAR(static_cast<double>(b.bled_tasks) / b.tasks, 2.0 / 2.2, 0.05);  // a frame of 100 ms in each period
}

TEST(Bleed, WorksWithSlowMeasurementsToo) {
  Bleeding b;
  b.run(100, 10'000'000);
  EXPECT_GT(b.bled_tasks, b.tasks / 3);
  EXPECT_LT(b.bled_tasks, b.tasks * 2 / 3);
}

TEST(Bleed, StopsWithinTenMillivoltsAndBelowItsVoltage) {
  Bleeding spread, low;
  spread.run(30);
  spread.m.cell_dmV[7] = 34'190;
  spread.run(30);
  EXPECT_EQ(spread.seen(50), 0u);
  low.run(30);
  for (int i = 0; i < 15; ++i) low.m.cell_dmV[i] -= 1'400;
  low.run(30);
  EXPECT_EQ(low.seen(50), 0u);
}

TEST(Bleed, IsInhibitedByFaultHeatAndDischargeAtOnce) {
  Bleeding fault, heat, load;
  for (Bleeding* b : {&fault, &heat, &load}) b->run(10);
  fault.no_fault = false;
  heat.m.temperature_mdegC[0] = 60'000;
  load.m.current_mA = -1'000;
  for (Bleeding* b : {&fault, &heat, &load}) EXPECT_EQ(b->seen(50), 0u);
}

TEST(Bleed, NeverStartsBelowItsVoltage) {
  Bleeding b;
  for (int i = 0; i < 15; ++i) b.m.cell_dmV[i] = 33'000;
  b.m.cell_dmV[7] = 33'900;
  EXPECT_EQ(b.seen(100), 0u);
  b.defects.set(Defect::balances_on_plateau, true);
  EXPECT_EQ(b.seen(100), 1u << 7);
}

TEST(Bleed, DefectsBreakOneRuleEach) {
  Bleeding wrong, near, never;
  wrong.defects.set(Defect::balances_wrong_cells, true);
  EXPECT_EQ(wrong.seen(50) & (1u << 7), 0u);
  near.defects.set(Defect::balances_neighbours, true);
  near.m.cell_dmV[8] = 34'700;
  const std::uint32_t cells = near.seen(50);
  EXPECT_NE(cells & (cells << 1), 0u);
  never.defects.set(Defect::never_balances, true);
  EXPECT_EQ(never.seen(50), 0u);

  Bleeding fault, heat, load;
  for (Bleeding* b : {&fault, &heat, &load}) b->run(10);
  fault.no_fault = false;
  fault.defects.set(Defect::balances_with_fault, true);
  heat.m.temperature_mdegC[0] = 65'000;
  heat.defects.set(Defect::balances_when_hot, true);
  load.m.current_mA = -1'000;
  load.defects.set(Defect::balances_in_discharge, true);
  for (Bleeding* b : {&fault, &heat, &load}) EXPECT_NE(b->seen(50), 0u);
}

struct Limited {
  std::int32_t charge(std::int32_t soc_pctpct, bool full = false) {
    return charge_limit_mA(profile, {summary, true, soc_pctpct, full}, {});
  }
  std::int32_t discharge(std::int32_t soc_pctpct) {
    return discharge_limit_mA(profile, {summary, true, soc_pctpct, false}, {});
  }
  Profile profile = lfp();
  Summary summary;
};

TEST(CurrentLimits, FallNearTheEndsOfSoc) {
  Limited l;
  EXPECT_EQ(l.charge(9'500), 100'000);
  EXPECT_EQ(l.charge(9'750), 52'500);  // half way to a twentieth
  EXPECT_EQ(l.charge(10'000), 5'000);
  EXPECT_EQ(l.charge(10'000, true), 0);
  EXPECT_EQ(l.discharge(1'000), 100'000);
  EXPECT_EQ(l.discharge(500), 60'000);  // half way to a fifth
  EXPECT_EQ(l.discharge(0), 20'000);
}

TEST(CurrentLimits, AreFullWhileSocIsUnknownAndNeverRiseTowardsTheEnds) {
  Limited l;
  EXPECT_EQ(charge_limit_mA(l.profile, {l.summary, false, 0xFFFF, false}, {}), 100'000);
  EXPECT_EQ(discharge_limit_mA(l.profile, {l.summary, false, 0xFFFF, false}, {}), 100'000);
  for (std::int32_t soc = 0; soc < 10'000; soc += 10) {
    EXPECT_GE(l.charge(soc), l.charge(soc + 10));
    EXPECT_LE(l.discharge(soc), l.discharge(soc + 10));
  }
}

TEST(CurrentLimits, FollowTheWeakestAndTheFullestCell) {
  Limited l;
  ProtectionRow& low = l.profile.row(Fault::cell_uv);
  low.present = true;
  low.warn = 29'000;
  low.trip = 28'000;
  l.summary.mean_cell_dmV = l.summary.max_cell_dmV = 32'000;
  l.summary.min_cell_dmV = 29'000;  // half way from 100 mV before the warning to the trip
  EXPECT_EQ(l.discharge(5'000), 50'000);
  DefectSet never;
  never.set(Defect::limits_never_taper, true);
  EXPECT_EQ(discharge_limit_mA(l.profile, {l.summary, true, 5'000, false}, never), 100'000);
}

}  // namespace
