#include "sim/plant/passive_bms.h"

#include <gtest/gtest.h>

#include "rig.h"
#include "sim/plant/pack_summary.h"

namespace packbench::sim {
namespace {

constexpr TimeNs kStep = 100 * kMillisecond;

BmsProfile profile() {
  BmsProfile made;
  made.precharge_delta_V = 1.0;
  return made;
}

TEST(PassiveBms, PrechargesThenClosesMainAndKeepsItClosed) {
  test::Rig rig;
  PassiveBms bms(profile());
  double closed_at_V = -1;
  for (int i = 0; i < 40; ++i) {
    rig.plant.sample(rig.frame);
    const bool was_ready = bms.ready(rig.frame);
    const Actuators drives = bms.step(rig.frame);
    EXPECT_TRUE(drives.charger);
    EXPECT_EQ(drives.bleed, 0U);
    if (drives.main && closed_at_V < 0) closed_at_V = rig(Signal::truth_pack_voltage) - rig(Signal::truth_bus_voltage);
    if (was_ready) EXPECT_FALSE(drives.precharge);
    rig.plant.set_actuators(drives);
    rig.advance_by(kStep);
  }
  EXPECT_GT(closed_at_V, 0.0);
  EXPECT_LE(closed_at_V, 1.0);
  EXPECT_TRUE(bms.ready(rig.frame));
}

TEST(PackSummary, KeepsExtremesWithTheirCellsAndTimeOutside) {
  test::Rig rig;
  PackSummary summary;
  rig.plant.sample(rig.frame);
  summary.add(0, rig.frame, 0);
  rig.frame.array(Signal::truth_cell_voltage)[2] = 3.9;
  rig.frame.array(Signal::truth_cell_temperature)[1] = -3;
  summary.add(kSecond, rig.frame, models::outside::cold);
  summary.add(3 * kSecond, rig.frame, 0);
  summary.finish({0, 1, 0, 45, 1, 1}, {});
  EXPECT_EQ(summary.highest_V.value, 3.9);
  EXPECT_EQ(summary.highest_V.cell, 2);
  EXPECT_EQ(summary.highest_V.at_s, 1.0);
  EXPECT_EQ(summary.coldest_degC.cell, 1);
  ASSERT_EQ(summary.outside.size(), 1U);
  EXPECT_EQ(summary.outside[0].for_s, 2.0);
  EXPECT_EQ(
      outside_text(summary.outside),
      "the cell model was used outside the range it is claimed for: temperature below 0 degC (from 1 s on, for 2 s)");
}

}  // namespace
}  // namespace packbench::sim
