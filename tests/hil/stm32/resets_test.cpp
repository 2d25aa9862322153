// Resets, their flags, what memory keeps, and the watchdog.
#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

constexpr std::uint32_t kPin = 1u << 22, kCore = 1u << 17, kBor = 1u << 21, kPor = 1u << 23, kSoftware = 1u << 24,
                        kIwdg1 = 1u << 26, RMVF = 1u << 16;

struct Reset {
  ResetReason reason;
  std::uint32_t flags;
};

TEST(Reset, EachReasonSetsItsFlagsUntilTheyAreRemoved) {
  Monitor monitor;
  EXPECT_EQ(monitor.read(RCC_RSR) & (kPor | kBor | kPin | kCore), kPor | kBor | kPin | kCore);
  for (const auto& [reason, flags] :
       {Reset{ResetReason::software, kSoftware | kPin | kCore}, Reset{ResetReason::watchdog, kIwdg1 | kPin | kCore},
        Reset{ResetReason::brown_out, kBor | kPin | kCore}, Reset{ResetReason::external, kPin | kCore}}) {
    monitor.write(RCC_RSR, RMVF);
    EXPECT_EQ(monitor.read(RCC_RSR), 0u);
    monitor.machine.reset(reason);
    ASSERT_EQ(monitor.machine.run(kLimit), Stm32::Rest::idle);
    EXPECT_EQ(monitor.read(RCC_RSR), flags) << static_cast<int>(reason);
  }
}

TEST(Reset, FlagsGatherWhenTheyAreNotRemoved) {
  Monitor monitor;
  monitor.write(RCC_RSR, RMVF);
  monitor.machine.reset(ResetReason::watchdog);
  monitor.machine.run(kLimit);
  monitor.machine.reset(ResetReason::software);
  monitor.machine.run(kLimit);
  EXPECT_EQ(monitor.read(RCC_RSR), kIwdg1 | kSoftware | kPin | kCore);
}

TEST(Reset, OnlyALossOfPowerLosesMemory) {
  Monitor monitor;
  const std::uint32_t kept = monitor.loaded.image.find("kept")->address;
  for (const ResetReason reason : {ResetReason::software, ResetReason::watchdog, ResetReason::external}) {
    monitor.write(kept, 0xCAFE);
    monitor.machine.reset(reason);
    monitor.machine.run(kLimit);
    EXPECT_EQ(monitor.read(kept), 0xCAFEu);
  }
  for (const ResetReason reason : {ResetReason::power_on, ResetReason::brown_out}) {
    monitor.write(kept, 0xCAFE);
    monitor.machine.reset(reason);
    monitor.machine.run(kLimit);
    EXPECT_EQ(monitor.read(kept), 0xA5A5A5A5u) << "memory holds noise then, not zeros";
  }
}

TEST(Reset, SoftwareAsksForItWithTheKeyOnly) {
  Monitor monitor;
  monitor.write(SCB_AIRCR, 0x00000004);
  EXPECT_EQ(monitor.machine.statistics().boots, 1u);
  monitor.write(SCB_AIRCR, 0x05FA0004);
  EXPECT_EQ(monitor.machine.statistics().boots, 2u);
  EXPECT_EQ(monitor.read(RCC_RSR) & kSoftware, kSoftware);
}

TEST(Reset, HappensAtTheInstructionThatItIsPlannedFor) {
  Monitor monitor;
  monitor.send('l', 0, 1'000'000);
  const std::uint64_t start = monitor.machine.statistics().instructions;
  monitor.machine.reset_after(5000, ResetReason::external);
  ASSERT_EQ(monitor.machine.run(kLimit), Stm32::Rest::idle);
  EXPECT_EQ(monitor.machine.statistics().boots, 2u);
  // At the first block that starts then; the boot to the first sleep needs less than a thousand.
  EXPECT_LT(monitor.machine.statistics().instructions - start, 5000u + 1000);
}

class Watchdog : public testing::Test {
 protected:
  Watchdog() {
    monitor_.write(RCC_RSR, RMVF);
    monitor_.write(IWDG1_KR, 0xCCCC);
    monitor_.write(IWDG1_KR, 0x5555);
    monitor_.write(IWDG1_PR, 3);  // 32 kHz / 32: a millisecond
    monitor_.write(IWDG1_RLR, 499);
    monitor_.write(IWDG1_KR, 0xAAAA);
  }
  Monitor monitor_;
};

TEST_F(Watchdog, BitesAStoppedProcessorAfterItsPeriodAndNotBefore) {
  monitor_.machine.stand_still(0);
  EXPECT_FALSE(monitor_.machine.stand_still(499'000));
  EXPECT_TRUE(monitor_.machine.stand_still(2'000));
  EXPECT_EQ(monitor_.read(RCC_RSR) & kIwdg1, kIwdg1);
  EXPECT_EQ(monitor_.machine.statistics().watchdog_bites, 1u);
}

TEST_F(Watchdog, AReloadStartsItsPeriodAnew) {
  EXPECT_FALSE(monitor_.machine.stand_still(400'000));
  monitor_.write(IWDG1_KR, 0xAAAA);
  EXPECT_FALSE(monitor_.machine.stand_still(400'000));
  EXPECT_TRUE(monitor_.machine.stand_still(101'000));
}

TEST_F(Watchdog, BitesAFirmwareThatWorksWithoutServingIt) {
  monitor_.send('l', 0, 0xFFFFFFFF);
  const std::uint64_t before_ns = monitor_.machine.statistics().now_ns;
  ASSERT_EQ(monitor_.machine.run(500'000'000), Stm32::Rest::idle);
  const std::uint64_t spent_ns = monitor_.machine.statistics().now_ns - before_ns;
  EXPECT_EQ(monitor_.machine.statistics().watchdog_bites, 1u);
  EXPECT_NEAR(static_cast<double>(spent_ns), 500e6, 1e6) << "64 MHz, one instruction a cycle; 1 ms is the last answer";
}

TEST_F(Watchdog, StandsStillWhileTheFirmwareSleepsAndNothingComes) {
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(monitor_.write(0x20008000, 1));
  EXPECT_EQ(monitor_.machine.statistics().watchdog_bites, 0u);
}

TEST_F(Watchdog, ItsRegistersNeedTheirKey) {
  monitor_.write(IWDG1_RLR, 100);
  EXPECT_THAT(monitor_.failure(), testing::HasSubstr("without the key 0x5555"));
}

TEST_F(Watchdog, CannotBeStoppedBySoftwareButAResetStopsIt) {
  monitor_.machine.reset(ResetReason::external);
  monitor_.machine.run(kLimit);
  EXPECT_FALSE(monitor_.machine.stand_still(10'000'000));
}

}  // namespace
}  // namespace packbench::hil::stm32
