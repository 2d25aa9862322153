#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Refusal, SaysWhatWasWantedTheAddressAndTheCode) {
  Monitor monitor;
  monitor.ask('r', 0x40000000);  // TIM2
  EXPECT_THAT(monitor.failure(),
              AllOf(HasSubstr("the board has nothing there that can be read"),
                    HasSubstr("(read of 0x40000000 in the code block at 0x0800"), HasSubstr("reset+0x")));
}

TEST(Refusal, MemoryThatTheBoardOrTheImageDoesNotHaveEndsTheRun) {
  for (const std::uint32_t address : {0x00000000u, 0x24000000u, 0x30000000u, 0x20020000u, 0x60000000u}) {
    Monitor monitor;
    EXPECT_EQ(monitor.ask('r', address), std::nullopt);
    EXPECT_THAT(monitor.failure(), HasSubstr("read of " + hex(address)));
  }
}

TEST(Refusal, AStoreToFlashEndsTheRun) {
  Monitor monitor;
  ASSERT_TRUE(monitor.ask('k', 0));
  monitor.write(0x08000100, 0);
  EXPECT_THAT(monitor.failure(), HasSubstr("nothing there that can be written (write to 0x08000100"));
}

TEST(Refusal, ARegisterNextToAKnownOneIsNotTakenForIt) {
  Monitor monitor;
  monitor.write(0x58020080 + 3 * 0x400, 0);
  EXPECT_THAT(monitor.failure(), HasSubstr("GPIOD: no register is modelled at offset 0x00000080"));
}

TEST(Refusal, ABlockInAKnownPageThatIsNotModelledIsRefused) {
  Monitor monitor;
  monitor.read(0x58004C00);  // after IWDG1
  EXPECT_THAT(monitor.failure(), HasSubstr("no modelled register block there (read of 0x58004c00"));
}

TEST(Refusal, UndefinedInstructionsAndCallsOfASupervisorAreNamed) {
  for (const auto& [what, text] : {std::pair{'u', "the processor cannot go on"}, std::pair{'s', "SVC"}}) {
    Monitor monitor;
    monitor.ask(what, 0);
    EXPECT_THAT(monitor.failure(), HasSubstr(text));
  }
}

TEST(Refusal, RamIsNotExecuted) {
  Monitor monitor;
  monitor.write(0x20008000, 0x4770BF00);
  monitor.ask('x', 0x20008001);
  EXPECT_THAT(monitor.failure(), HasSubstr("nothing there that can be executed (execution at 0x20008000"));
}

TEST(Refusal, TheProcessorIsTheBoards) {
  EXPECT_EQ(Monitor(kBoards[0]).read(SCB_CPUID), 0x411FC271u);
  EXPECT_EQ(Monitor(kBoards[1]).read(SCB_CPUID), 0x410FC241u);
}

TEST(Refusal, AnImageForAnotherPlaceIsRefused) {
  EXPECT_THAT(ElfImage::load("/nowhere/image.elf").error,
              HasSubstr("cannot read the firmware image '/nowhere/image.elf'"));
  EXPECT_THAT(ElfImage::load("/proc/self/exe").error, HasSubstr("expected an ELF file for 32-bit ARM"));
}

}  // namespace
}  // namespace packbench::hil::stm32
