// Time: steps of any size above 0 that follow one another, up to the stop time.
#include <gmock/gmock.h>

#include <limits>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

using ::testing::HasSubstr;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr double kEndless = std::numeric_limits<double>::infinity();

TEST(Step, OfAnySizeAboveZeroIsTaken) {
  const Simulation simulation(fmu(), Stage::step);
  double time = 0;
  for (const double size : {1e-9, 1e-6, 1e-3, 1.0, 60.0, 3600.0}) {
    EXPECT_EQ(simulation.step(time, size), fmi3OK) << size;
    time += size;
    EXPECT_EQ(simulation.get("time")[0], time);
  }
}

TEST(Step, OfNoSizeIsRefusedAndChangesNothing) {
  const Simulation simulation(fmu(), Stage::step);
  const auto before = simulation.bytes();
  for (const double size : {0.0, -1.0, kNothing, kEndless}) EXPECT_EQ(simulation.step(0, size), fmi3Error) << size;
  EXPECT_EQ(simulation.bytes(), before);
}

TEST(Step, FromAnotherTimeIsRefusedAndChangesNothing) {
  const Simulation simulation(fmu(), Stage::step);
  ASSERT_EQ(simulation.step(0, 1), fmi3OK);
  const auto before = simulation.bytes();
  for (const double time : {0.0, 0.5, 1.001, 2.0, kNothing}) {
    EXPECT_EQ(simulation.step(time, 1), fmi3Error) << time;
    EXPECT_THAT(simulation.last_message(), HasSubstr("but the instance is at 1 s"));
  }
  EXPECT_EQ(simulation.bytes(), before);
}

TEST(Step, MayBeCountedOrAddedUp) {  // i * 0.1 differs from the sum of 0.1 by rounding
  const Simulation simulation(fmu(), Stage::step);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(simulation.step(0.1 * i, 0.1), fmi3OK) << i;
}

TEST(Step, BeginsAtTheStartTimeAndEndsAtTheStopTime) {
  const Simulation simulation;
  ASSERT_EQ(FMI(fmu(), fmi3EnterInitializationMode)(simulation.handle, false, 0, 100, true, 110), fmi3OK);
  ASSERT_EQ(FMI(fmu(), fmi3ExitInitializationMode)(simulation.handle), fmi3OK);
  EXPECT_EQ(simulation.step(0, 1), fmi3Error);
  EXPECT_EQ(simulation.step(100, 10), fmi3OK);
  EXPECT_EQ(simulation.step(110, 0.1), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("after the stop time 110 s"));
}

TEST(Step, TimesThatAreNoneAreRefused) {
  const Simulation simulation;
  const auto enter = [&](double start, double stop) {
    return FMI(fmu(), fmi3EnterInitializationMode)(simulation.handle, false, 0, start, true, stop);
  };
  EXPECT_EQ(enter(kNothing, 1), fmi3Error);
  EXPECT_EQ(enter(0, kNothing), fmi3Error);
  EXPECT_EQ(enter(0, -1), fmi3Error);
  EXPECT_EQ(enter(0, 0), fmi3OK);
}

TEST(Step, WantsAPlaceForEveryAnswer) {
  const Simulation simulation(fmu(), Stage::step);
  bool flag = false;
  double last = 0;
  const auto step = FMI(fmu(), fmi3DoStep);
  EXPECT_EQ(step(simulation.handle, 0, 1, true, nullptr, &flag, &flag, &last), fmi3Error);
  EXPECT_EQ(step(simulation.handle, 0, 1, true, &flag, nullptr, &flag, &last), fmi3Error);
  EXPECT_EQ(step(simulation.handle, 0, 1, true, &flag, &flag, nullptr, &last), fmi3Error);
  EXPECT_EQ(step(simulation.handle, 0, 1, true, &flag, &flag, &flag, nullptr), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("'lastSuccessfulTime' is null"));
  EXPECT_EQ(simulation.get("time")[0], 0);
}

TEST(Step, AtTheLimitsOfTheInputsComesToAnEnd) {
  for (const double current_A : {-1e5, 1e5}) {
    const Simulation simulation(fmu(), Stage::step);
    ASSERT_EQ(simulation.set("pack_current", {current_A}), fmi3OK);
    const auto before = simulation.bytes();
    if (simulation.step(0, 1) != fmi3OK) {
      EXPECT_THAT(simulation.last_message(), HasSubstr("left the numbers"));
      EXPECT_EQ(simulation.bytes(), before);
    }
  }
}

}  // namespace
}  // namespace packbench::fmi_test
