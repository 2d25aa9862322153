// Faults of the machine: what each does, and that inproc: and native: do it alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hil/firmware/core/codes.h"
#include "machine_rig.h"

namespace packbench::hil {
namespace {

using firmware::ResetReason;

class MachineFaults : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Kinds, MachineFaults, testing::Values("inproc:", "native:"),
                         [](const auto& kind) { return std::string(kind.param, 6); });

TEST_P(MachineFaults, EachKindOfResetReportsItsReasonAndCountsOn) {
  MachineRig rig(GetParam());
  const std::pair<const char*, ResetReason> resets[]{{"reset", ResetReason::external},
                                                     {"watchdog", ResetReason::watchdog}};
  std::uint32_t boots = 1;
  for (const auto& [kind, reason] : resets) {
    rig.begin("device", kind);
    rig.run(5);
    EXPECT_EQ(rig.report.status.reset_reason, static_cast<std::uint8_t>(reason)) << kind;
    EXPECT_EQ(rig.report.status.boot_count, ++boots) << kind;
    EXPECT_EQ(rig.report.boots_due, boots - 1);
  }
  EXPECT_LE(rig.report.status.uptime_us, 500'000u);
}

TEST_P(MachineFaults, ABrownOutLosesTheCountOfBoots) {
  MachineRig rig(GetParam());
  rig.begin("device", "reset");
  rig.run(5);
  EXPECT_EQ(rig.report.status.boot_count, 2u);
  rig.begin("device", "brown_out");
  rig.run(5);
  EXPECT_EQ(rig.report.status.boot_count, 1u);
  EXPECT_EQ(rig.report.status.reset_reason, static_cast<std::uint8_t>(ResetReason::brown_out));
}

TEST_P(MachineFaults, ABootFromInsideCounts) {
  MachineRig rig(GetParam());
  rig.device->command(PACKLINK_RESET, 0);
  rig.run(2);
  EXPECT_EQ(rig.report.status.boot_count, 2u);
  rig.begin("device", "reset");
  rig.run(2);
  EXPECT_EQ(rig.report.status.boot_count, 3u);
}

TEST_P(MachineFaults, AResetOpensTheContactors) {
  MachineRig rig(GetParam());
  rig.run_until_closed();
  rig.begin("device", "reset");
  rig.run(1);
  EXPECT_FALSE(rig.report.actuators.main);
}

TEST_P(MachineFaults, AStoppedMachineKeepsItsOutputsSaysNothingAndGoesOn) {
  MachineRig rig(GetParam());
  rig.run_until_closed();
  const std::uint64_t uptime_us = rig.report.status.uptime_us;
  rig.begin("device", "stop");
  for (int step = 0; step < 4; ++step) {
    rig.run(1);
    EXPECT_FALSE(rig.report.answered);
    EXPECT_TRUE(rig.report.actuators.main);
  }
  EXPECT_EQ(rig.report.status.uptime_us, uptime_us);
  rig.end("device", "stop");
  rig.run(10);
  EXPECT_TRUE(rig.report.answered);
  EXPECT_TRUE(rig.report.actuators.main) << "0.4 s are not enough for its watchdog, nor for a lost line";
  EXPECT_EQ(rig.report.status.boot_count, 1u);
  EXPECT_EQ(rig.report.status.uptime_us, uptime_us + 14 * 100'000u);
}

TEST_P(MachineFaults, AMachineThatStandsStillForHalfASecondIsResetByItsWatchdog) {
  MachineRig rig(GetParam());
  rig.run_until_closed();
  rig.begin("device", "stop");
  rig.run(4);
  EXPECT_TRUE(rig.report.actuators.main);
  rig.run(1);
  EXPECT_FALSE(rig.report.actuators.main);
  rig.run(3);
  EXPECT_TRUE(rig.report.answered);
  EXPECT_EQ(rig.report.status.reset_reason, static_cast<std::uint8_t>(ResetReason::watchdog));
  rig.end("device", "stop");
  rig.run(3);
  EXPECT_EQ(rig.report.status.boot_count, 2u);
}

TEST_P(MachineFaults, AMachineWithoutPinsCannotHaveThemStuck) {
  MachineRig rig(GetParam());
  EXPECT_THAT(rig.device->lacks(machine_fault("main_pin", "stuck_high")), testing::HasSubstr("no pins"));
  EXPECT_EQ(rig.device->lacks(machine_fault("device", "stop")), "");
  EXPECT_EQ(rig.device->evidence(), Evidence::firmware);
}

TEST(MachineFaultsOfBoth, AreAnsweredAlikeBitByBit) {
  MachineRig inproc("inproc:"), native("native:");
  const auto both = [&](auto&& act) {
    act(inproc);
    act(native);
  };
  both([](MachineRig& rig) { rig.run_until_closed(); });
  ASSERT_EQ(inproc.now, native.now);
  const char* kinds[]{"reset", "stop", "watchdog", "stop", "brown_out"};
  for (int step = 0; step < 300; ++step) {
    const char* kind = kinds[step / 60];
    if (step % 60 == 20) both([&](MachineRig& rig) { rig.begin("device", kind); });
    if (step % 60 == (step / 60 == 1 ? 23 : 40)) both([&](MachineRig& rig) { rig.end("device", kind); });
    both([](MachineRig& rig) { rig.run(1); });
    ASSERT_TRUE(same_status(inproc.report, native.report)) << "step " << step;
  }
}

}  // namespace
}  // namespace packbench::hil
