// The laws of the watchdog on a process: what it did is told, so no computer has to be busy.
#include <gtest/gtest.h>

#include "hil/link/patience.h"

namespace packbench::hil {
namespace {

using namespace std::chrono_literals;
using Doing = ProcessActivity::Doing;

constexpr auto kWhole = 1s;  // 20 slices
constexpr int kSlices = kWhole / Patience::kSlice;
constexpr int kExcusedSlices = Patience::kExcusedTimes * kSlices;

// A process that spends every slice in the same way.
struct Habit {
  Doing doing = Doing::able;
  std::chrono::milliseconds ran{}, waited{};
  bool timed = true;
};

struct Watched {
  explicit Watched(const Habit& with) : habit(with), seen{with.doing, 1s, 0s, with.timed} {}

  void slice() {
    seen.doing = habit.doing;
    seen.ran += habit.ran;
    seen.waited += habit.waited;
    patience.spend(patience.slice(), seen);
    ++slices;
  }
  // Slices until the patience is over, the first of which only begins the look.
  int run() {
    patience.extend(kWhole);
    while (!patience.over() && slices < 100 * kSlices) slice();
    return slices;
  }

  Habit habit;
  ProcessActivity seen;
  Patience patience{kWhole};
  int slices = 0;
};

TEST(Patience, WithoutAProcessItIsWallTime) {
  Patience patience(kWhole);
  patience.extend(kWhole);
  int slices = 0;
  for (; !patience.over(); ++slices) patience.spend(patience.slice(), std::nullopt);
  EXPECT_EQ(slices, kSlices);
  EXPECT_EQ(patience.doing(), "");
}

TEST(Patience, AProcessThatSleepsIsStoppedOrLoopsStallsInTime) {
  for (const Habit& habit :
       {Habit{Doing::asleep, 0ms, 0ms}, Habit{Doing::stopped, 0ms, 0ms}, Habit{Doing::able, 50ms, 0ms}}) {
    Watched watched(habit);
    EXPECT_EQ(watched.run(), kSlices);
    EXPECT_FALSE(watched.patience.computer_too_busy());
    EXPECT_EQ(watched.patience.excused(), 0s);
  }
}

TEST(Patience, ALoopOnABusyComputerStallsAfterItsOwnTime) {
  Watched watched({Doing::able, 10ms, 40ms});
  EXPECT_EQ(watched.run(), 1 + (kWhole - Patience::kSlice) / 10ms);
  EXPECT_FALSE(watched.patience.computer_too_busy());
  EXPECT_EQ(watched.patience.doing(), "running");
}

TEST(Patience, OfThreadsThatRunAndWaitAtOnceTheShareCounts) {
  Watched watched({Doing::able, 20ms, 80ms});  // two of them, in slices of 50 ms
  EXPECT_EQ(watched.run(), 1 + (kWhole - Patience::kSlice) / 10ms);
  EXPECT_FALSE(watched.patience.computer_too_busy());
}

TEST(Patience, AStarvedProcessIsTheComputersTroubleBeyondTheBoundAndNeverAStall) {
  for (const Habit& habit : {Habit{Doing::able, 0ms, 0ms}, Habit{Doing::able, 0ms, 1ms}, Habit{Doing::able, 1ms, 49ms},
                             Habit{Doing::waiting_for_disk, 0ms, 0ms}}) {
    Watched watched(habit);
    const int slices = watched.run();
    EXPECT_GT(slices, kExcusedSlices);
    EXPECT_TRUE(watched.patience.computer_too_busy());
  }
}

TEST(Patience, AWaitThatIsCountedOnlyWhenItEndsExcusesNoMoreThanASlice) {
  Watched watched({Doing::able, 0ms, 0ms});
  watched.patience.extend(kWhole);
  for (int i = 0; i < 5; ++i) watched.slice();
  watched.habit = {Doing::asleep, 1ms, 200ms};
  watched.slice();
  watched.habit = {Doing::asleep, 0ms, 0ms};
  while (!watched.patience.over()) watched.slice();
  EXPECT_LE(watched.patience.excused(), 5 * Patience::kSlice);
  EXPECT_LE(watched.slices, kSlices + 5);
  EXPECT_EQ(watched.patience.doing(), "asleep");
}

TEST(Patience, AKernelThatDoesNotCountExcusesNothing) {
  Watched watched({Doing::able, 0ms, 0ms, false});
  EXPECT_EQ(watched.run(), kSlices);
}

TEST(Patience, AProcessIsLookedAtOverWholeSlicesHoweverLittleIsLeft) {
  Watched watched({Doing::asleep, 0ms, 0ms});
  watched.patience.extend(10ms);
  EXPECT_EQ(watched.patience.slice(), 10ms);
  watched.slice();
  watched.patience.extend(10ms);
  EXPECT_EQ(watched.patience.slice(), Patience::kSlice);
}

}  // namespace
}  // namespace packbench::hil
