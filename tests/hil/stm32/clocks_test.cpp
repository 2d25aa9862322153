// Clock tree, supply and SysTick.
#include "monitor_rig.h"
#include "registers.h"

namespace packbench::hil::stm32 {
namespace {

using testing::HasSubstr;

struct Clocks : testing::Test {
  void set(std::uint32_t address, std::uint32_t value) { monitor.write(address, value); }
  std::uint32_t cr() { return monitor.read(RCC_CR); }
  void wait(std::uint32_t rounds) { monitor.ask('l', 0, rounds); }

  Monitor monitor;
};

TEST_F(Clocks, AnHseWithoutBypassNeverStartsBecauseTheBoardHasNoCrystal) {
  set(RCC_CR, cr() | HSEON);
  wait(1'000'000);
  EXPECT_EQ(cr() & HSERDY, 0u);
}

TEST_F(Clocks, AnHseWithBypassTakesItsTime) {
  set(RCC_CR, cr() | HSEBYP);
  set(RCC_CR, cr() | HSEON);
  wait(1000);
  EXPECT_EQ(cr() & HSERDY, HSERDY);
}

TEST_F(Clocks, APllThatIsNotReadyCannotDriveTheSystem) {
  set(RCC_CFGR, 3);
  EXPECT_THAT(monitor.failure(), HasSubstr("RCC: the system clock is switched to a PLL1 that is not ready"));
}

TEST_F(Clocks, FastClocksNeedVoltageAndWaitStates) {
  set(RCC_PLLCKSELR, 32 << 4);         // HSI / 32: 2 MHz
  set(RCC_PLLCFGR, 1 << 2 | 1 << 16);  // 2 to 4 MHz in, P on
  set(RCC_PLL1DIVR, 399 | 1 << 9);     // x 400 / 2: 400 MHz
  set(RCC_CR, cr() | PLL1ON);
  wait(100'000);
  set(RCC_CFGR, 3);
  EXPECT_THAT(monitor.failure(), HasSubstr("the core at 400000000 Hz is too fast for voltage scale 3"));
}

TEST_F(Clocks, TooFewWaitStatesAreRefused) {
  set(FLASH_ACR, 0);
  set(RCC_D1CFGR, 0);
  EXPECT_THAT(monitor.failure(), HasSubstr("the flash at 64000000 Hz needs more wait states than 0"));
}

TEST_F(Clocks, ThePllsInputMustLieInTheRangeThatItNames) {
  set(RCC_PLLCKSELR, 4 << 4);  // 16 MHz
  set(RCC_PLLCFGR, 1 << 2 | 1 << 16);
  set(RCC_CR, cr() | PLL1ON);
  wait(100'000);
  set(RCC_CFGR, 3);
  EXPECT_THAT(monitor.failure(), HasSubstr("PLL1's input of 16000000 Hz is outside the range"));
}

TEST_F(Clocks, AVoltageScaleIsGrantedOnlyAfterTheSupplyIsConfigured) {
  EXPECT_EQ(monitor.read(PWR_CSR1) & 1 << 13, 0u);
  set(PWR_CR3, 2);
  wait(10'000);
  EXPECT_EQ(monitor.read(PWR_CSR1) & 1 << 13, 1u << 13);
  set(PWR_D3CR, 3u << 14);
  wait(10'000);
  EXPECT_EQ(monitor.read(PWR_D3CR) & 1 << 13, 1u << 13);

  Monitor other;
  other.write(PWR_D3CR, 3u << 14);
  EXPECT_THAT(other.failure(), HasSubstr("before the supply is configured"));
}

TEST_F(Clocks, SysTickInterruptsOnceInEachPeriodOfCoreCycles) {
  set(SYST_RVR, 64'000 - 1);  // 1 ms at 64 MHz
  set(SYST_CVR, 0);
  set(SYST_CSR, 7);
  const std::uint32_t before = monitor.variable("ticks");
  const std::uint64_t before_ns = monitor.machine.statistics().now_ns;
  wait(1'000'000);
  const auto spent_ms = static_cast<double>(monitor.machine.statistics().now_ns - before_ns) / 1e6;
  EXPECT_NEAR(monitor.variable("ticks") - before, spent_ms, 1);
  EXPECT_GT(spent_ms, 10);
}

TEST_F(Clocks, SysTickStandsStillWhileTheFirmwareSleeps) {
  set(SYST_RVR, 64'000 - 1);
  set(SYST_CSR, 7);
  const std::uint32_t before = monitor.variable("ticks");
  for (int i = 0; i < 10; ++i) monitor.machine.run(kLimit);
  EXPECT_EQ(monitor.variable("ticks"), before);
}

}  // namespace
}  // namespace packbench::hil::stm32
