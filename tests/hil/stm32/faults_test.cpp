// Bits that flip in RAM and in flash, and what was executed.
#include <sstream>

#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

using testing::HasSubstr;

TEST(Flip, ChangesOneBitOfAVariableByItsNameOffsetOrAddress) {
  Monitor monitor;
  const std::uint32_t address = monitor.loaded.image.find("kept")->address;
  monitor.write(address, 0);
  EXPECT_EQ(monitor.machine.flip_bit("kept", 9), "");
  EXPECT_EQ(monitor.read(address), 1u << 9);
  EXPECT_EQ(monitor.machine.flip_bit("kept+2", 0), "");
  EXPECT_EQ(monitor.read(address), 1u << 9 | 1u << 16);
  EXPECT_EQ(monitor.machine.flip_bit(hex(address), 9), "");
  EXPECT_EQ(monitor.read(address), 1u << 16);
}

TEST(Flip, SaysWhatItDoesNotFind) {
  Monitor monitor;
  EXPECT_THAT(monitor.machine.flip_bit("no_such_thing", 0), HasSubstr("no variable 'no_such_thing'"));
  EXPECT_THAT(monitor.machine.flip_bit("0x30000000", 0), HasSubstr("no memory at 0x30000000"));
}

// choose() compares r0 with 7 near its start (cmp r0, #7 is 0x2807): bit 0 makes it 6.
std::string comparison_with_7(Monitor& monitor) {
  const auto code = monitor.machine.variable("choose");
  for (unsigned at = 0; at + 1 < code.size(); at += 2)
    if (code[at] == 0x07 && code[at + 1] == 0x28) return "choose+" + std::to_string(at);
  return "choose has no such instruction";
}

TEST(Flip, InFlashChangesConstantsAndCode) {
  Monitor monitor;
  ASSERT_EQ(monitor.ask('k', 0), 0x11111111u);
  EXPECT_EQ(monitor.machine.flip_bit("constant", 1), "");
  EXPECT_EQ(monitor.ask('k', 0), 0x11111113u);

  ASSERT_EQ(monitor.ask('c', 0, 7), 100u);
  ASSERT_EQ(monitor.ask('c', 0, 8), 101u);
  ASSERT_EQ(monitor.machine.flip_bit(comparison_with_7(monitor), 0), "");
  EXPECT_EQ(monitor.ask('c', 0, 7), 102u);
  EXPECT_EQ(monitor.ask('c', 0, 6), 202u);
}

TEST(Flip, AFaultOfTheProcessorAfterwardsIsTheFirmwaresToHandle) {
  Monitor monitor;
  ASSERT_EQ(monitor.machine.flip_bit("kept", 0), "");
  monitor.ask('r', 0x40000000);
  EXPECT_EQ(monitor.failure(), "");
  EXPECT_EQ(monitor.machine.statistics().boots, 2u) << "its fault handler asks for a reset";
  EXPECT_TRUE(monitor.ask('k', 0)) << "and it runs again";
}

// The part of a report that lies in a function.
std::string lines_in(const std::string& report, const ElfSymbol& function, char kind) {
  std::istringstream lines(report);
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    const auto address = static_cast<std::uint32_t>(std::stoul(line.substr(2, 8), nullptr, 16));
    if (line[0] == kind && address - (function.address & ~1u) < function.size)
      found += line.substr(11 - (kind == 'x')) + ";";
  }
  return found;
}

TEST(Coverage, KnowsExecutedInstructionsAndBothDirectionsOfABranch) {
  Monitor monitor;
  const ElfSymbol choose = *monitor.loaded.image.find("choose");
  EXPECT_EQ(lines_in(monitor.machine.coverage(), choose, 'x'), "");
  monitor.ask('c', 0, 7);
  const std::string one_way = lines_in(monitor.machine.coverage(), choose, 'x');
  EXPECT_THAT(lines_in(monitor.machine.coverage(), choose, 'b'), testing::AnyOf("taken;", "not-taken;"));
  monitor.ask('c', 0, 8);
  EXPECT_EQ(lines_in(monitor.machine.coverage(), choose, 'b'), "both;");
  EXPECT_GT(lines_in(monitor.machine.coverage(), choose, 'x').size(), one_way.size());
}

}  // namespace
}  // namespace packbench::hil::stm32
