// What `branch:` makes of a scenario.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/language/branch.h"
#include "sim/language/parameters.h"
#include "sim/language/scenario_reader.h"

namespace packbench::sim {
namespace {

using testing::ElementsAre;

Scenario read(const std::string& text) {
  auto result = read_scenario_text(text, "branch_test.yaml", {}, SCENARIOS_DIR);
  if (const auto* problems = std::get_if<Problems>(&result)) throw std::runtime_error(problems->front().text());
  return std::get<Scenario>(std::move(result));
}

std::vector<std::string> names(const std::vector<Scenario>& runs) {
  std::vector<std::string> out;
  for (const Scenario& run : runs) out.push_back(run.name);
  return out;
}

constexpr char kBase[] =
    "scenario: base\nphases: [{rest: 1 s}]\nexpect: [{name: a, always: truth.soc > 0}]\nbranch:\n  variants:\n";

TEST(Branch, AScenarioWithoutVariantsIsOneRunAsItStands) {
  const auto runs = runs_of(read("scenario: alone\nphases: [{rest: 1 s}]\n"));
  EXPECT_THAT(names(runs), ElementsAre("alone"));
  EXPECT_FALSE(runs[0].branch_point);
}

TEST(Branch, AVariantAddsItsPartsBehindThoseOfTheScenario) {
  const auto runs = runs_of(read(std::string(kBase) + "    - name: x\n      phases: [{rest: 2 s}, {rest: 3 s}]\n"
                                                      "      faults: [{sensor: pack_current, kind: dropout}]\n"
                                                      "      expect: [{name: b, never: truth.soc > 1}]\n"));
  ASSERT_THAT(names(runs), ElementsAre("base / x"));
  EXPECT_EQ(runs[0].phases.size(), 3u);
  EXPECT_EQ(runs[0].duration_s(), 6.0);
  ASSERT_TRUE(runs[0].branch_point);
  EXPECT_EQ(runs[0].branch_point->prepared, "base");
  EXPECT_EQ(runs[0].branch_point->phases, 1u);
  EXPECT_EQ(runs[0].branch_point->faults, 0u);
  EXPECT_EQ(runs[0].branch_point->checks, 1u);
}

TEST(Branch, ParametersMakeAVariantOfEachCombination) {
  const auto runs =
      runs_of(read(std::string(kBase) +
                   "    - name: cell ${cell}\n      with: {cell: [1..3, 15]}\n      phases: [{rest: 1 s}]\n"
                   "      faults: [{sensor: \"cell_voltage[${cell}]\", kind: dropout}]\n"
                   "    - name: by\n      with: {t: [1 s, 2 s], v: [10 mV, 20 mV]}\n"
                   "      phases: [{rest: \"${t}\"}]\n"
                   "      faults: [{sensor: cell_voltage, kind: offset, value: \"${v}\"}]\n"));
  EXPECT_THAT(names(runs), ElementsAre("base / cell 1", "base / cell 2", "base / cell 3", "base / cell 15",
                                       "base / by (t 1 s, v 10 mV)", "base / by (t 1 s, v 20 mV)",
                                       "base / by (t 2 s, v 10 mV)", "base / by (t 2 s, v 20 mV)"));
  EXPECT_EQ(runs[3].faults[0].index, 14);
  EXPECT_EQ(runs[5].faults[0].value, 0.020);
  EXPECT_EQ(runs[6].phases[1].duration, 2 * kSecond);
}

TEST(Branch, ParametersReplaceKeysToo) {
  const auto runs = runs_of(read(std::string(kBase) +
                                 "    - name: drive\n      with: {cell: [2, 5]}\n      phases:\n        - drive:\n"
                                 "            cell_voltage[${cell}]: 3.3 V\n          for: 1 s\n"));
  EXPECT_EQ(runs[0].phases[1].drive[0].cell, 1);
  EXPECT_EQ(runs[1].phases[1].drive[0].cell, 4);
}

}  // namespace
}  // namespace packbench::sim
