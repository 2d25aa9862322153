#include "models/plating.h"

#include <gtest/gtest.h>

#include "models/reversal.h"

namespace packbench::models {
namespace {

const PlatingParameters kLimit{
    .temperature_degC = {0, 10, 30}, .limit_empty_C = {0.1, 0.5, 1.5}, .limit_full_C = {0, 0.3, 0.9}};

TEST(PlatingLimit, IsLinearBetweenTemperaturesAndSoc) {
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 0, 0), 0.1);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 10, 1), 0.3);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 20, 0), 1.0);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 20, 0.5), 0.8);
}

TEST(PlatingLimit, HoldsBeyondItsEnds) {
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, -30, 0), 0.1);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 60, 1), 0.9);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 10, 1.2), 0.3);
  EXPECT_DOUBLE_EQ(plating_limit_C(kLimit, 10, -0.2), 0.5);
}

TEST(PlatingLimit, OfOneTemperatureHoldsEverywhere) {
  const PlatingParameters one{.temperature_degC = {25}, .limit_empty_C = {1}, .limit_full_C = {0.5}};
  EXPECT_DOUBLE_EQ(plating_limit_C(one, -20, 0.5), 0.75);
  EXPECT_DOUBLE_EQ(plating_limit_C(one, 60, 0.5), 0.75);
}

TEST(PlatingLimit, TablesThatDoNotFitAreNamed) {
  EXPECT_TRUE(problems_of(PlatingParameters{}).empty());
  EXPECT_TRUE(problems_of(kLimit).empty());
  const PlatingParameters wrong{.temperature_degC = {10, 0}, .limit_empty_C = {1}, .limit_full_C = {1, -1}};
  EXPECT_EQ(problems_of(wrong).size(), 3u);
}

TEST(Reversal, ParametersThatMakeNoSenseAreNamed) {
  EXPECT_TRUE(problems_of(ReversalParameters{}).empty());
  EXPECT_EQ(problems_of(ReversalParameters{.begin_soc = 0.5, .short_S_per_Ah = -1, .most_S = -1}).size(), 3u);
}

}  // namespace
}  // namespace packbench::models
