// Several instances in one process know nothing of each other.
#include <gmock/gmock.h>

#include <memory>
#include <thread>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

void lead(const Simulation& simulation, int number, int step) {
  simulation.set("pack_current", {1.0 * (number - 50) * (step % 3)});
  simulation.step(10.0 * step, 10);
}

// The state of instance `number` when it runs alone.
std::vector<std::uint8_t> alone(int number, int steps) {
  const Simulation simulation;
  simulation.set_seed(static_cast<std::uint64_t>(number));
  const_cast<Simulation&>(simulation).lead_to(Stage::step);
  for (int step = 0; step < steps; ++step) lead(simulation, number, step);
  return simulation.bytes();
}

TEST(Instances, AHundredInTurnsGoTheirOwnWays) {
  std::vector<std::unique_ptr<Simulation>> all;
  for (int number = 0; number < 100; ++number) {
    all.push_back(std::make_unique<Simulation>());
    all.back()->set_seed(static_cast<std::uint64_t>(number));
    all.back()->lead_to(Stage::step);
  }
  for (int step = 0; step < 10; ++step) {
    for (int number = 0; number < 100; ++number) lead(*all[static_cast<std::size_t>(number)], number, step);
  }
  for (int number = 0; number < 100; ++number)
    EXPECT_EQ(all[static_cast<std::size_t>(number)]->bytes(), alone(number, 10)) << number;
}

TEST(Instances, InThreadsOfTheirOwnGoTheirOwnWays) {
  std::vector<std::vector<std::uint8_t>> ends(4);
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back([&, number] { ends[static_cast<std::size_t>(number)] = alone(number, 50); });
  for (std::thread& thread : threads) thread.join();
  for (int number = 0; number < 4; ++number) EXPECT_EQ(ends[static_cast<std::size_t>(number)], alone(number, 50));
}

TEST(Instances, OfDifferentFmusLiveSideBySide) {
  const Simulation series(fmu("series"), Stage::step), groups(fmu("groups"), Stage::step);
  EXPECT_EQ(series.step(0, 1), fmi3OK);
  EXPECT_EQ(groups.step(0, 2), fmi3OK);
  EXPECT_EQ(series.get("time")[0], 1);
  EXPECT_EQ(groups.get("time")[0], 2);
}

}  // namespace
}  // namespace packbench::fmi_test
