#include "sim/plant/profile_player.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace packbench::sim {
namespace {

CurrentProfile profile(std::vector<double> time_s, std::vector<double> current_A, int repeat = 1) {
  CurrentProfile made;
  made.time_s = std::move(time_s);
  made.current_A = std::move(current_A);
  made.repeat = repeat;
  return made;
}

TEST(ProfilePlayer, IsLinearBetweenTheRowsAndExactAtThem) {
  const CurrentProfile rows = profile({0, 1, 3, 4}, {0, -10, 10, 5});
  ProfilePlayer player(rows);
  EXPECT_EQ(player.current_A(0), 0.0);
  EXPECT_EQ(player.current_A(kSecond / 2), -5.0);
  EXPECT_EQ(player.current_A(kSecond), -10.0);
  EXPECT_EQ(player.current_A(2 * kSecond), 0.0);
  EXPECT_EQ(player.current_A(3 * kSecond), 10.0);
  EXPECT_EQ(player.current_A(3 * kSecond + kSecond / 2), 7.5);
}

TEST(ProfilePlayer, RepeatsFromTheFirstRow) {
  const CurrentProfile rows = profile({0, 2}, {0, 8}, 3);
  EXPECT_EQ(total_duration(rows), 6 * kSecond);
  ProfilePlayer player(rows);
  EXPECT_EQ(player.current_A(kSecond), 4.0);
  EXPECT_EQ(player.current_A(2 * kSecond), 0.0);
  EXPECT_EQ(player.current_A(5 * kSecond), 4.0);
}

TEST(ProfilePlayer, TimesMayBeginAnywhere) {
  const CurrentProfile rows = profile({100, 102}, {0, 8});
  ProfilePlayer player(rows);
  EXPECT_EQ(player.current_A(kSecond), 4.0);
  EXPECT_EQ(pass_duration(rows), 2 * kSecond);
}

TEST(ProfilePlayer, HoldsTheLastRowAfterTheEnd) {
  const CurrentProfile rows = profile({0, 2}, {0, 8});
  ProfilePlayer player(rows);
  EXPECT_EQ(player.current_A(10 * kSecond), 8.0);
}

TEST(ProfilePlayer, LargeStepsSkipRowsAndPasses) {
  const CurrentProfile rows = profile({0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}, 5);
  ProfilePlayer player(rows);
  EXPECT_EQ(player.current_A(3 * kSecond), 3.0);
  EXPECT_EQ(player.current_A(4 * kSecond * 3 + kSecond), 1.0);
}

TEST(ProfilePlayer, UnusableProfilesAreRefused) {
  for (const CurrentProfile& bad : {profile({}, {}), profile({0}, {1}), profile({0, 0}, {1, 1}),
                                    profile({1, 0}, {1, 1}), profile({0, 1}, {1}), profile({0, 1}, {1, 1}, 0)}) {
    EXPECT_THROW(ProfilePlayer{bad}, std::invalid_argument);
  }
}

}  // namespace
}  // namespace packbench::sim
