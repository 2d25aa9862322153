// Variants of a prepared run: each gives what a run of preparation and variant in one gives, bit by bit.
#include <filesystem>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hil/session.h"
#include "sim/language/branch.h"
#include "sim/language/scenario_reader.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

std::vector<sim::Scenario> runs(const std::string& text) {
  auto read = sim::read_scenario_text(text, "branch_test.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  return sim::runs_of(std::get<sim::Scenario>(std::move(read)));
}

BenchOptions options_for(const std::string& device) {
  BenchOptions options;
  options.device = device;
  options.executable = PACKBENCH_DEVICE;
  return options;
}

std::vector<RunResult> together(const std::vector<sim::Scenario>& scenarios, const BenchOptions& options) {
  std::vector<VariantRun> variants;
  for (const sim::Scenario& scenario : scenarios) variants.push_back({scenario, options});
  std::vector<RunResult> results;
  run_variants(variants, [&](std::size_t i, RunResult result) {
    EXPECT_EQ(i, results.size());
    results.push_back(std::move(result));
  });
  return results;
}

std::vector<RunResult> each_alone(const std::vector<sim::Scenario>& scenarios, const BenchOptions& options) {
  std::vector<RunResult> results;
  for (const sim::Scenario& scenario : scenarios) results.push_back(run_scenario(scenario, options));
  return results;
}

void expect_same(const RunResult& a, const RunResult& b) {
  SCOPED_TRACE(a.scenario);
  EXPECT_EQ(a.scenario, b.scenario);
  EXPECT_EQ(a.trace_hash, b.trace_hash);
  EXPECT_EQ(a.verdict, b.verdict) << a.reason << " / " << b.reason;
  EXPECT_EQ(a.reason, b.reason);
  EXPECT_EQ(a.steps, b.steps);
  EXPECT_EQ(a.link.frames_sent, b.link.frames_sent);
  EXPECT_EQ(a.link.lost, b.link.lost);
  EXPECT_EQ(a.phases.size(), b.phases.size());
  EXPECT_EQ(a.faults.size(), b.faults.size());
  EXPECT_EQ(a.pack->highest_V.value, b.pack->highest_V.value);
  EXPECT_EQ(a.pack->energy.heat_J, b.pack->energy.heat_J);
  ASSERT_EQ(a.checks.size(), b.checks.size());
  for (std::size_t i = 0; i < a.checks.size(); ++i) {
    EXPECT_EQ(a.checks[i].verdict, b.checks[i].verdict) << a.checks[i].name;
    EXPECT_EQ(a.checks[i].margin, b.checks[i].margin) << a.checks[i].name;
    EXPECT_EQ(a.checks[i].detail, b.checks[i].detail);
  }
}

// At the branch point: sensor, line and plant faults of the preparation are active, frames are held back, a drive
// phase has just ended, a check has open obligations, and the clock drifts.
constexpr char kBusy[] = R"(
scenario: busy
start: ready
phases:
  - discharge: 20 A
    for: 3 s
  - drive: {"cell_voltage[4]": 3.2 V}
    for: 2 s
faults:
  - {sensor: "cell_voltage[2]", kind: noise, value: 5 mV, at: 1 s, for: 6 s}
  - {sensor: "cell_voltage[7]", kind: frozen, at: 4 s}
  - {line: to_device, kind: delay, value: 300 ms, probability: 50 %, at: 2 s, for: 5 s}
  - {line: from_device, kind: corrupt, value: 0.1 %, at: 1 s}
  - {plant: "cell[3]", kind: joint_resistance, value: 1 mohm, at: 2 s, for: 6 s}
  - {machine: device, kind: clock_drift, value: 1 %, at: 1 s}
  - {sensor: pack_current, kind: offset, value: 1 A, when: "truth.pack_current < -25 A"}
expect:
  - {name: spread, always: "max(truth.cell_voltage) - min(truth.cell_voltage) < 1 V"}
  - {name: follows, when: "truth.pack_current < -10 A for 1 s", then: "device.pack_current < -10 A", within: 10 s}
branch:
  variants:
    - name: rest
      phases: [{rest: 5 s}]
    - name: drive on
      phases: [{drive: {"cell_voltage[4]": 3.3 V}, for: 3 s}]
    - name: load and ${kind}
      with: {kind: [reset, watchdog, brown_out, stop]}
      phases:
        - discharge: 30 A
          for: 6 s
      faults:
        - {machine: device, kind: "${kind}", at: 1 s}
        - {sensor: "cell_voltage[2]", kind: offset, value: 3 mV, at: 2 s, for: 1 s}
      expect:
        - {name: boots, eventually: "device.boot_count > 1 or device.reset_reason == brown_out"}
    - name: bit ${bit}
      with: {bit: [0, 40, 50]}
      phases: [{discharge: 10 A, for: 4 s}]
      faults:
        - {machine: device, kind: bit_flip, variable: faults, bit: "${bit}", when: "device.pack_current < -5 A"}
      expect:
        - {name: no fault, never: "device.state == FAULT"}
)";

class Branch : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Kinds, Branch, testing::Values("inproc:", "native:"),
                         [](const auto& kind) { return std::string(kind.param, 6); });

TEST_P(Branch, EveryVariantGivesWhatARunOfPreparationAndVariantInOneGives) {
  const auto scenarios = runs(kBusy);
  ASSERT_EQ(scenarios.size(), 9u);
  const BenchOptions options = options_for(GetParam());
  const auto branched = together(scenarios, options), straight = each_alone(scenarios, options);
  ASSERT_EQ(branched.size(), straight.size());
  for (std::size_t i = 0; i < branched.size(); ++i) expect_same(branched[i], straight[i]);
}

TEST(BranchOfBoth, KindsGiveTheSameBits) {
  const auto scenarios = runs(kBusy);
  const auto inproc = together(scenarios, options_for("inproc:")), native = together(scenarios, options_for("native:"));
  ASSERT_EQ(inproc.size(), native.size());
  for (std::size_t i = 0; i < inproc.size(); ++i) expect_same(inproc[i], native[i]);
}

TEST(BranchJobs, AnyNumberGivesTheSameResultsInTheSameOrder) {
  const auto scenarios = runs(kBusy);
  std::vector<SessionResult> sessions;
  for (const int jobs : {1, 2, 4}) {
    SessionOptions options;
    options.devices = {"inproc:", "native:"};
    options.jobs = jobs;
    options.bench = options_for("");
    sessions.push_back(run_session(scenarios, options));
  }
  ASSERT_EQ(sessions[0].runs.size(), 2 * scenarios.size());
  for (std::size_t i = 0; i < sessions[0].runs.size(); ++i) {
    EXPECT_EQ(sessions[0].runs[i].scenario, scenarios[i / 2].name);
    EXPECT_EQ(sessions[0].runs[i].device, i % 2 == 0 ? "inproc:" : "native:");
    expect_same(sessions[0].runs[i], sessions[1].runs[i]);
    expect_same(sessions[0].runs[i], sessions[2].runs[i]);
  }
}

TEST(BranchTimes, OfTheVariantCountFromTheBranchPoint) {
  const auto scenarios = runs(R"(
scenario: times
phases: [{rest: 3 s}]
branch:
  variants:
    - name: v
      phases: [{rest: 5 s}]
      faults: [{sensor: "cell_voltage[1]", kind: stuck, value: 3.0 V, at: 2 s, for: 1 s}]
      expect:
        - {name: never before, never: "sensed.cell_voltage[1] == 3.0 V", before: 1.9 s}
        - {name: then, eventually: "sensed.cell_voltage[1] == 3.0 V", within: 2.2 s}
        - {name: never after, never: "sensed.cell_voltage[1] == 3.0 V", after: 3.1 s}
)");
  const auto results = together(scenarios, options_for("inproc:"));
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].verdict, Verdict::pass) << results[0].reason;
  ASSERT_EQ(results[0].faults.size(), 2u);
  EXPECT_NEAR(results[0].faults[0].at_s, results[0].phases_start_s + 3 + 2, 1e-9);
}

TEST(BranchTrace, OfAVariantBeginsWithTheRowsOfThePreparation) {
  const auto folder = std::filesystem::temp_directory_path() / ("packbench-branch-" + std::to_string(::getpid()));
  SessionOptions options;
  options.devices = {"inproc:"};
  options.out = folder;
  const SessionResult session = run_session(runs(kBusy), options);
  for (const RunResult& result : session.runs) {
    std::ifstream csv(std::filesystem::path(result.trace_file).replace_extension(".csv"));
    const auto lines = std::count(std::istreambuf_iterator<char>(csv), {}, '\n');
    EXPECT_EQ(lines, result.steps + 1) << result.scenario;
  }
  std::filesystem::remove_all(folder);
}

TEST(BranchPreparation, ThatFailsFailsEveryVariantInItsWords) {
  const auto scenarios = runs(R"(
scenario: hopeless
pack: {soc: 0 %}
phases: [{rest: 1 s}]
branch:
  variants:
    - {name: one, phases: [{rest: 1 s}], expect: [{name: c, always: truth.main_contactor == closed}]}
    - {name: two, phases: [{rest: 1 s}], expect: [{name: c, always: truth.main_contactor == closed}]}
)");
  const auto branched = together(scenarios, options_for("inproc:")),
             straight = each_alone(scenarios, options_for("inproc:"));
  ASSERT_EQ(branched.size(), 2u);
  EXPECT_THAT(branched[1].reason, testing::HasSubstr("was not ready"));
  for (std::size_t i = 0; i < 2; ++i) expect_same(branched[i], straight[i]);
}

TEST(BranchPreparation, WithoutWhatAVariantNeedsIsSkippedInThatVariantAlone) {
  const auto scenarios = runs(R"(
scenario: pins
phases: [{rest: 1 s}]
branch:
  variants:
    - {name: none, phases: [{rest: 1 s}], expect: [{name: c, always: truth.main_contactor == closed}]}
    - name: stuck
      phases: [{rest: 1 s}]
      faults: [{machine: main_pin, kind: stuck_low}]
      expect: [{name: c, eventually: truth.main_contactor == open}]
)");
  for (const bool reversed : {false, true}) {
    std::vector<sim::Scenario> order = scenarios;
    if (reversed) std::ranges::reverse(order);
    const auto results = together(order, options_for("inproc:"));
    ASSERT_EQ(results.size(), 2u);
    const RunResult& none = results[reversed ? 1 : 0];
    const RunResult& stuck = results[reversed ? 0 : 1];
    EXPECT_EQ(none.verdict, Verdict::pass) << none.reason;
    EXPECT_EQ(stuck.verdict, Verdict::skipped);
    EXPECT_EQ(stuck.reason,
              "the fault 'main_pin stuck_low' is not possible here: this firmware runs on no board, so it has no pins");
  }
}

}  // namespace
}  // namespace packbench::hil
