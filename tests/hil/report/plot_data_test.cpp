#include "hil/report/plot_data.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/hil/report/example_session.h"

namespace packbench::hil {
namespace {

using nlohmann::json;
using sim::Signal;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(PlotData, RepeatedValuesAndGapsAreShort) {
  const auto data =
      json::parse(plot_json({{Signal::truth_pack_voltage, 0, {0, 0.1, 0.2, 0.3}, {48.123456, 48.123456, kNone, 1}}}));
  EXPECT_EQ(data["times"], (json{"0,0.1,0.2,0.3"}));
  EXPECT_EQ(data["lines"][0]["values"], "48.1235,,x,1");
}

TEST(PlotData, LinesOnTheSameGridShareIt) {
  const std::vector<double> a{0, 1, 2}, b{0, 2};
  const auto data = json::parse(plot_json({{Signal::truth_cell_voltage, 0, a, {1, 2, 3}},
                                           {Signal::truth_cell_voltage, 1, a, {1, 2, 3}},
                                           {Signal::truth_soc, 0, b, {1, 2}}}));
  EXPECT_EQ(data["times"].size(), 2u);
  EXPECT_EQ(data["lines"][1]["times"], 0);
  EXPECT_EQ(data["lines"][2]["times"], 1);
}

TEST(PlotData, ASignalThatNeverHadAValueIsLeftOut) {
  const auto data = json::parse(plot_json({{Signal::api_soc, 0, {0, 1}, {kNone, kNone}}}));
  EXPECT_TRUE(data["lines"].empty());
}

TEST(PlotData, CodesBringTheirWordsAndSetsKeepEveryBit) {
  const double all = std::ldexp(1.0, 33) - 1;
  const auto data = json::parse(plot_json({{Signal::device_faults, 0, {0, 5}, {0, all}}}));
  EXPECT_EQ(data["codes"][0]["kind"], "set");
  EXPECT_EQ(data["codes"][0]["values"], "0,8589934591");
  EXPECT_EQ(data["codes"][0]["words"][0], "cell_ov");
}

TEST(PlotData, ARunOfAnHourStaysBelowOneMegabyte) {
  EXPECT_LT(plot_json(test::example_plots({3600, 1800, 5, 0.5})).size(), 1'000'000u);
}

}  // namespace
}  // namespace packbench::hil
