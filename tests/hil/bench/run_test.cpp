// Laws of a whole run, on inproc:.
#include <csignal>
#include <filesystem>

#include <gtest/gtest.h>

#include "hil/bench.h"
#include "sim/language/scenario_reader.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

sim::Scenario scenario_of(const std::string& text) {
  auto read = sim::read_scenario_text(text, "run_test.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  return std::get<sim::Scenario>(std::move(read));
}

constexpr char kShort[] = "scenario: short\nphases:\n  - discharge: 50 A\n    for: 5 s\n";

RunResult run(const std::string& text, BenchOptions options = {}) {
  options.device = "inproc:";
  return run_scenario(scenario_of(text), options);
}

std::string with_check(const std::string& formula) {
  return std::string(kShort) + "expect:\n  - {name: the check, always: \"" + formula + "\"}\n";
}

TEST(Run, WithoutAJudgedCheckIsInconclusive) {
  const RunResult result = run(kShort);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "the scenario has no checks, so nothing was judged");
}

TEST(Run, HasOneSamplePerStepFromPowerOnToTheEndOfTheLastPhase) {
  const RunResult result = run(with_check("truth.main_contactor == closed"));
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_NEAR(result.sim_s, result.phases_start_s + 5.0, 1e-9);
  EXPECT_EQ(result.steps, std::lround(result.sim_s / result.step_s) + 1);
}

TEST(Run, APhaseThatEndsAtItsLimitCannotPass) {
  const std::string text =
      "scenario: limit\nphases:\n  - discharge: 10 A\n    until: device.state == FAULT\n    limit: 5 s\n"
      "expect:\n  - {name: closed, always: truth.main_contactor == closed}\n";
  const RunResult result = run(text);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.reason, "phase 'discharge 10 A' ended at its limit before its `until` came true");
  EXPECT_EQ(run(text + "", {}).checks.front().verdict, Verdict::pass);
}

TEST(Run, APhaseMayEndAtItsLimitWhereTheScenarioSaysSo) {
  const RunResult result =
      run("scenario: limit\nphases:\n  - discharge: 10 A\n    until: device.state == FAULT\n    limit: 5 s\n    "
          "limit_is: ok\n"
          "expect:\n  - {name: closed, always: truth.main_contactor == closed}\n");
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
}

TEST(Run, AFaultThatNeverCameCannotPass) {
  const RunResult result =
      run(with_check("truth.main_contactor == closed") +
          "faults:\n  - {sensor: pack_current, kind: offset, value: 1 A, when: device.state == FAULT}\n");
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_NE(result.reason.find("was never injected"), std::string::npos) << result.reason;
}

TEST(Run, BeginsItsPhasesWithTheMainContactorClosedAtAnyStep) {
  for (const char* step : {"10 ms", "100 ms", "1 s"}) {
    const RunResult result = run(with_check("truth.main_contactor == closed") + "step: " + step + "\n");
    EXPECT_EQ(result.verdict, Verdict::pass) << step << ": " << result.reason;
  }
}

// The contactors are still closed in the first two measurements after a reset under load: they open one step late.
TEST(Run, AResetUnderLoadOpensTheContactorsAndIsNoWeld) {
  const RunResult result =
      run("scenario: reset\nphases:\n  - discharge: 50 A\n    for: 10 s\nfaults:\n  - {machine: device, kind: reset, "
          "at: 3 s}\n"
          "expect:\n  - {name: open, eventually: opens(truth.main_contactor)}\n"
          "  - {name: no weld, never: device.faults contains contactor_weld}\n"
          "  - {name: standby, eventually: device.state == STANDBY}\n");
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
}

TEST(Run, AFaultAfterTheEndCannotPass) {
  const RunResult result =
      run(with_check("truth.main_contactor == closed") + "faults:\n  - {line: to_device, kind: silence, at: 6 s}\n");
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_NE(result.reason.find("the run ended before its time"), std::string::npos) << result.reason;
}

TEST(Run, AnEmulatedDeviceThatStopsAnsweringFails) {
  BenchOptions options;
  options.defect = "hang";
  options.watchdog_s = 0.2;
  const RunResult result = run(
      "scenario: hang\nphases:\n  - rest: 20 s\nexpect:\n  - {name: alive, always: device.uptime >= 0 s}\n", options);
  EXPECT_EQ(result.verdict, Verdict::fail) << result.reason;
}

TEST(Run, ADeviceThatDoesNotBecomeReadyFails) {
  const RunResult result =
      run("scenario: not ready\nphases:\n  - rest: 5 s\nfaults: []\npack: {soc: 0 %, temperature: 25 degC}\n"
          "expect:\n  - {name: closed, eventually: truth.main_contactor == closed}\n");
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_NE(result.reason.find("was not ready (IDLE) within 15 s"), std::string::npos) << result.reason;
}

TEST(Run, AnInterruptionEndsItWithAReportAndWithoutAPass) {
  volatile std::sig_atomic_t signal = SIGINT;
  BenchOptions options;
  options.interrupted = &signal;
  const RunResult result = run(with_check("truth.main_contactor == closed"), options);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_EQ(result.steps, 1);
}

TEST(Run, WhatIsWaitedForHasNotFailedWhenTheRunIsCutShort) {
  const std::string text =
      "scenario: wait\nphases:\n  - rest: 20 h\nexpect:\n  - {name: it trips, eventually: device.state == FAULT}\n";
  volatile std::sig_atomic_t signal = 0;
  BenchOptions options;
  options.interrupted = &signal;
  options.progress = [&](const Progress& progress) { signal = progress.sim_s > 30 ? SIGINT : 0; };
  const RunResult cut = run(text, options);
  EXPECT_GT(cut.sim_s, 30);
  EXPECT_EQ(cut.verdict, Verdict::inconclusive) << cut.reason;
  EXPECT_EQ(cut.checks.front().verdict, Verdict::inconclusive) << cut.checks.front().detail;
  EXPECT_EQ(run(std::string(kShort) + text.substr(text.find("expect"))).verdict, Verdict::fail);
}

TEST(Run, TheSameRunGivesTheSameBitsAndAnotherSeedDoesNot) {
  sim::Scenario scenario = scenario_of(with_check("truth.main_contactor == closed"));
  BenchOptions options;
  options.device = "inproc:";
  const std::string first = run_scenario(scenario, options).trace_hash;
  EXPECT_EQ(run_scenario(scenario, options).trace_hash, first);
  scenario.seed = 2;
  EXPECT_NE(run_scenario(scenario, options).trace_hash, first);
}

TEST(Run, ATraceThatCannotBeFinishedIsNotedAndTheVerdictKept) {
  const std::filesystem::path folder = std::filesystem::temp_directory_path() / "packbench-run-test";
  std::filesystem::create_directories(folder / "taken.h5");  // a folder where the file should go
  BenchOptions options;
  options.trace_directory = folder;
  options.trace_name = "taken";
  const RunResult result = run(with_check("truth.main_contactor == closed"), options);
  EXPECT_EQ(result.verdict, Verdict::pass) << result.reason;
  EXPECT_FALSE(result.trace_error.empty());
  EXPECT_TRUE(result.trace_file.empty());
  std::filesystem::remove_all(folder);
}

TEST(Run, WithoutTheDeviceApiATelemetryCheckIsSkippedAndNotPassed) {
  BenchOptions options;
  options.api = false;
  const RunResult result =
      run(std::string(kShort) + "expect:\n  - {name: cloud, telemetry: consistent within 2 s}\n", options);
  EXPECT_EQ(result.checks.front().verdict, Verdict::skipped);
  EXPECT_NE(result.verdict, Verdict::pass);
}

TEST(Run, WithAnUnreachableApiIsInconclusiveAndSaysWhichAddress) {
  BenchOptions options;
  options.remote_api = "http://127.0.0.1:1/v1";
  const RunResult result =
      run(std::string(kShort) + "expect:\n  - {name: cloud, telemetry: consistent within 2 s}\n", options);
  EXPECT_EQ(result.verdict, Verdict::inconclusive);
  EXPECT_NE(result.reason.find("127.0.0.1:1"), std::string::npos) << result.reason;
}

}  // namespace
}  // namespace packbench::hil
