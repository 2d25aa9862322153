#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

// Some work that depends on all that went before.
std::vector<std::uint8_t> talk(Monitor& monitor, std::uint32_t rounds) {
  std::vector<std::uint8_t> heard;
  for (std::uint32_t i = 0; i < rounds; ++i) {
    monitor.ask('c', 0, i % 9);
    monitor.ask('l', 0, i * 10);
    heard.insert(heard.end(), monitor.machine.sent().begin(), monitor.machine.sent().end());
    monitor.ask('r', SYST_CVR);
    heard.insert(heard.end(), monitor.machine.sent().begin(), monitor.machine.sent().end());
  }
  return heard;
}

TEST(Snapshot, WhatFollowsARestoreIsWhatFollowedTheSave) {
  Monitor monitor;
  monitor.write(SYST_RVR, 999);
  monitor.write(SYST_CSR, 7);
  talk(monitor, 20);
  ASSERT_EQ(monitor.machine.save(), "");
  const auto first = talk(monitor, 50);
  const Statistics straight = monitor.machine.statistics();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(monitor.machine.restore(0), "");
    EXPECT_EQ(talk(monitor, 50), first);
    const Statistics again = monitor.machine.statistics();
    EXPECT_EQ(again.instructions, straight.instructions);
    EXPECT_EQ(again.now_ns, straight.now_ns);
  }
}

TEST(Snapshot, UndoesResetsPinsFlipsAndRefusals) {
  Monitor monitor;
  monitor.write(RCC_RSR, 1 << 16);
  ASSERT_EQ(monitor.machine.save(), "");
  monitor.machine.stick(0, Stm32::Stuck::high);
  ASSERT_EQ(monitor.machine.flip_bit("constant", 0), "");
  monitor.machine.reset(ResetReason::watchdog);
  monitor.machine.run(kLimit);
  ASSERT_EQ(monitor.machine.restore(0), "");
  EXPECT_EQ(monitor.machine.outputs(), 0u);
  EXPECT_EQ(monitor.ask('k', 0), 0x11111111u);
  EXPECT_EQ(monitor.read(RCC_RSR), 0u);
  monitor.ask('r', 0x40000000);
  ASSERT_NE(monitor.failure(), "");
  ASSERT_EQ(monitor.machine.restore(0), "");
  EXPECT_EQ(monitor.ask('k', 0), 0x11111111u);
}

TEST(Snapshot, TwoRunsOfTheSameBytesExecuteTheSameInstructions) {
  Monitor one, other;
  EXPECT_EQ(talk(one, 100), talk(other, 100));
  EXPECT_EQ(one.machine.statistics().instructions, other.machine.statistics().instructions);
  EXPECT_EQ(one.machine.statistics().now_ns, other.machine.statistics().now_ns);
}

TEST(Snapshot, IsRefusedWhileTheFirmwareWorksAndWhenThereIsNone) {
  Monitor monitor;
  monitor.send('l', 0, 1'000'000);
  monitor.machine.run(1000);
  EXPECT_EQ(monitor.machine.save(), "the firmware is not at rest");
  EXPECT_EQ(monitor.machine.restore(0), "there is no snapshot 0");
}

}  // namespace
}  // namespace packbench::hil::stm32
