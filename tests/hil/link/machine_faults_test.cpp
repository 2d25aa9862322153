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

TEST_P(MachineFaults, AClockThatDriftsMeasuresMoreTimeAndEveryDelayWithIt) {
  MachineRig rig(GetParam());
  const std::uint64_t before_us = rig.report.status.uptime_us;
  rig.begin("device", "clock_drift", 0.01);
  rig.run(100);
  EXPECT_EQ(rig.report.status.uptime_us, before_us + 10'100'000u);
  rig.begin("device", "reset");
  rig.run(10);
  EXPECT_EQ(rig.report.status.uptime_us % 1'010'000u, 0u) << "a boot does not mend an oscillator";
  rig.end("device", "clock_drift", 0.01);
  const std::uint64_t mended_us = rig.report.status.uptime_us;
  rig.run(10);
  EXPECT_EQ(rig.report.status.uptime_us, mended_us + 1'000'000u);
}

TEST_P(MachineFaults, AFlippedBitChangesItsVariableAlone) {
  MachineRig rig(GetParam());
  rig.run_until_closed();
  const packlink_status_t before = rig.report.status;
  rig.flip("pack_current", 3);
  rig.run(1);
  EXPECT_EQ(rig.report.status.current_mA, 0) << "the next measurement wrote over it";
  rig.flip("main_driven_on", 0);
  rig.run(1);
  EXPECT_TRUE(rig.report.actuators.main) << "the next task drove it again";
  rig.flip("state", 3);
  rig.run(1);
  EXPECT_EQ(rig.report.status.faults, before.faults);
}

TEST_P(MachineFaults, AFlippedThresholdIsFoundAndNothingOfTheProfileIsBelievedAnyMore) {
  MachineRig rig(GetParam());
  rig.run_until_closed();
  rig.flip("cell_uv_trip", 15);  // 2.8 V + 3.2768 V
  rig.run(60);
  EXPECT_EQ(rig.report.status.latched_faults, firmware::bit(firmware::Fault::config));
  EXPECT_FALSE(rig.report.actuators.main);
}

TEST_P(MachineFaults, ABitThatIsNotThereIsTheBenchesTroubleAndSaysWhatIs) {
  MachineRig rig(GetParam());
  rig.flip("stat", 0);
  EXPECT_THAT(rig.trouble(), testing::HasSubstr("the firmware has no variable 'stat'"));
  MachineRig other(GetParam());
  other.flip("main_driven_on", 1);
  EXPECT_THAT(other.trouble(), testing::HasSubstr("'main_driven_on' has 1 bits"));
}

TEST(MachineFaultsOfBoth, AreAnsweredAlikeBitByBit) {
  MachineRig inproc("inproc:"), native("native:");
  const auto both = [&](auto&& act) {
    act(inproc);
    act(native);
  };
  both([](MachineRig& rig) { rig.run_until_closed(); });
  ASSERT_EQ(inproc.now, native.now);
  const char* kinds[]{"reset", "stop", "clock_drift", "stop", "brown_out"};
  for (int step = 0; step < 300; ++step) {
    const char* kind = kinds[step / 60];
    if (step % 60 == 20) both([&](MachineRig& rig) { rig.begin("device", kind, 0.0123); });
    if (step % 60 == (step / 60 == 1 ? 23 : 40)) both([&](MachineRig& rig) { rig.end("device", kind, 0.0123); });
    if (step % 60 == 50) both([&](MachineRig& rig) { rig.flip("charge", 45); });
    both([](MachineRig& rig) { rig.run(1); });
    ASSERT_TRUE(same_status(inproc.report, native.report)) << "step " << step;
  }
}

}  // namespace
}  // namespace packbench::hil
