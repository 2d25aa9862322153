#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

constexpr std::uint32_t kMain = 1, kCharger = 2, kPrecharge = 4;
constexpr std::uint32_t kB14 = 1u << 14;

class Gpio : public testing::Test {
 protected:
  Gpio() { monitor_.write(RCC_AHB4ENR, 1 << 3 | 1 << 1 | 1 << 4); }  // D, B, E
  void configure(std::uint32_t port, int pin, std::uint32_t mode) {
    const std::uint32_t moder = monitor_.read(port + kModer);
    monitor_.write(port + kModer, (moder & ~(3u << 2 * pin)) | mode << 2 * pin);
  }
  Monitor monitor_;
};

TEST_F(Gpio, ContactorOutputsAreLowUntilTheyAreOutputsThatAreSet) {
  monitor_.write(kGpioB + kBsrr, 1 | kB14);
  monitor_.write(kGpioE + kBsrr, 2);
  EXPECT_EQ(monitor_.machine.outputs(), 0u) << "analog pins drive nothing, whatever ODR says";
  configure(kGpioB, 0, 1);
  EXPECT_EQ(monitor_.machine.outputs(), kMain);
  configure(kGpioE, 1, 1);
  EXPECT_EQ(monitor_.machine.outputs(), kMain | kCharger);
  configure(kGpioB, 14, 1);
  EXPECT_EQ(monitor_.machine.outputs(), kMain | kCharger | kPrecharge);
  configure(kGpioB, 0, 2);
  EXPECT_EQ(monitor_.machine.outputs(), kCharger | kPrecharge) << "an alternate function is not ODR's";
}

TEST_F(Gpio, SettingWinsOverClearingInOneWrite) {
  configure(kGpioB, 0, 1);
  monitor_.write(kGpioB + kBsrr, 1u << 16 | 1);
  EXPECT_EQ(monitor_.read(kGpioB + kOdr), 1u);
  monitor_.ask('h', kGpioB + kBsrr + 2, 1);
  EXPECT_EQ(monitor_.read(kGpioB + kOdr), 0u);
}

TEST_F(Gpio, AnOutputReadsBackWhatItDrivesAnInputItsPullUp) {
  configure(kGpioB, 0, 1);
  monitor_.write(kGpioB + kOdr, 3);
  EXPECT_EQ(monitor_.read(kGpioB + kIdr), 1u);
  configure(kGpioB, 1, 0);
  monitor_.write(kGpioB + kPupdr, 1u << 2);
  EXPECT_EQ(monitor_.read(kGpioB + kIdr), 3u);
}

TEST_F(Gpio, AStuckPinStaysWhateverTheFirmwareDoesAndComesBack) {
  configure(kGpioB, 0, 1);
  monitor_.machine.stick(0, Stm32::Stuck::high);
  EXPECT_EQ(monitor_.machine.outputs(), kMain);
  monitor_.write(kGpioB + kOdr, 1);
  monitor_.machine.stick(0, Stm32::Stuck::low);
  EXPECT_EQ(monitor_.machine.outputs(), 0u);
  monitor_.machine.stick(0, Stm32::Stuck::no);
  EXPECT_EQ(monitor_.machine.outputs(), kMain);
}

TEST_F(Gpio, AResetMakesAllPinsAnalogAgain) {
  configure(kGpioB, 0, 1);
  monitor_.write(kGpioB + kOdr, 1);
  monitor_.machine.reset(ResetReason::external);
  monitor_.machine.run(kLimit);
  EXPECT_EQ(monitor_.machine.outputs(), 0u);
}

TEST_F(Gpio, APortWithoutItsClockCannotBeTouched) {
  monitor_.write(kGpioA + kOdr, 1);
  EXPECT_THAT(monitor_.failure(), testing::HasSubstr("GPIOA is used while its clock is off"));
}

}  // namespace
}  // namespace packbench::hil::stm32
