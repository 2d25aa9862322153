#include <numeric>

#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

using testing::HasSubstr;

class EveryBoard : public testing::TestWithParam<BoardKind> {};
INSTANTIATE_TEST_SUITE_P(Boards, EveryBoard, testing::ValuesIn(kBoards),
                         [](const auto& board) { return std::string(board.param.name); });

TEST_P(EveryBoard, TheLineCarriesEveryByteBothWays) {
  Monitor monitor(GetParam());
  for (std::uint32_t value = 1; value != 0; value <<= 1) {
    ASSERT_TRUE(monitor.write(0x20008000, value + 0x01020304)) << monitor.failure();
    EXPECT_EQ(monitor.read(0x20008000), value + 0x01020304);
  }
  EXPECT_EQ(monitor.machine.statistics().overruns, 0u);
}

TEST_P(EveryBoard, APacedByteTakesTenBitsOfMachineTime) {
  Monitor monitor(GetParam(), Wire::Pace::by_baud);
  const std::uint64_t before_ns = monitor.machine.statistics().now_ns;
  ASSERT_TRUE(monitor.ask('r', 0x20008000));
  const std::uint64_t spent_ns = monitor.machine.statistics().now_ns - before_ns;
  const std::uint64_t byte_ns = 10'000'000'000ull / Stm32::kBaud;
  // Nine bytes in; of the four bytes out the last two are still on their way when the firmware sleeps (one in the
  // shift register, one behind it).
  EXPECT_GE(spent_ns, (9 + 2) * byte_ns);
  EXPECT_LE(spent_ns, (9 + 4) * byte_ns);
}

TEST_P(EveryBoard, APacedByteThatFindsTheLastOneUnreadOverrunsIt) {
  Monitor monitor(GetParam(), Wire::Pace::by_baud);
  monitor.machine.sent().clear();
  monitor.send('x', monitor.loaded.image.find("deaf")->address, 0);  // interrupts off for some bytes' time
  monitor.send('r', 0x20008000);
  monitor.machine.run(kLimit);
  EXPECT_GT(monitor.machine.statistics().overruns, 0u);
  EXPECT_GT(monitor.variable("line_errors"), 0u) << "the firmware sees ORE";
}

TEST_P(EveryBoard, AnUnpacedLineWaitsForADeafFirmware) {
  Monitor monitor(GetParam());
  monitor.machine.sent().clear();
  monitor.send('x', monitor.loaded.image.find("deaf")->address, 0);
  monitor.send('k', 0);
  monitor.machine.run(kLimit);
  EXPECT_EQ(monitor.machine.sent().size(), 8u);
  EXPECT_EQ(monitor.machine.statistics().overruns, 0u);
}

TEST(Usart, WithoutItsPinTheTransmitterIsHeardByNobody) {
  Monitor monitor;
  monitor.write(kGpioD + kAfrh, 0x70);  // PD8 is some other function, PD9 still the receiver's
  EXPECT_EQ(monitor.ask('k', 0), std::nullopt);
  EXPECT_EQ(monitor.machine.statistics().bytes_in, 2 * 9u);
  EXPECT_EQ(monitor.failure(), "");
}

TEST(Usart, WithoutItsPinTheReceiverHearsNothing) {
  Monitor monitor;
  monitor.write(kGpioD + kAfrh, 0x07);
  const auto before = monitor.machine.statistics();
  EXPECT_EQ(monitor.ask('k', 0), std::nullopt);
  EXPECT_EQ(monitor.machine.statistics().instructions, before.instructions);
}

TEST(Usart, ABaudRateThatIsNotTheLinesIsRefused) {
  Monitor monitor;
  monitor.write(RCC_D2CFGR, 4 << 4);  // APB1 at half, so the rate is half
  EXPECT_THAT(monitor.failure(), HasSubstr("USART3: BRR = 69 at a kernel clock of 32000000 Hz gives 463768 baud"));
}

TEST(Usart, ARateCanBeSetOnlyWhileItIsOff) {
  Monitor monitor;
  monitor.write(USART3_BRR, 70);
  EXPECT_THAT(monitor.failure(), HasSubstr("only while UE = 0"));
}

TEST(Usart, WithoutItsClockItCannotBeTouched) {
  Monitor monitor;
  monitor.write(RCC_APB1LENR, 0);
  EXPECT_THAT(monitor.failure(), HasSubstr("USART3 is used while its clock is off"));
}

TEST(Usart, SendingWithTheTransmitterOffIsRefused) {
  Monitor monitor;
  monitor.write(USART3_CR1, 1 | 1 << 2 | 1 << 5);
  EXPECT_THAT(monitor.failure(), HasSubstr("transmitter is off"));
}

TEST(Usart, ModesThatAreNotModelledAreRefused) {
  for (const std::uint32_t mode : {1u << 12, 1u << 10, 1u << 29, 1u << 15}) {  // M0, PCE, FIFOEN, OVER8
    Monitor monitor;
    monitor.write(USART3_CR1, 0x2D | mode);
    EXPECT_THAT(monitor.failure(), HasSubstr("USART3: CR1")) << mode;
  }
}

}  // namespace
}  // namespace packbench::hil::stm32
