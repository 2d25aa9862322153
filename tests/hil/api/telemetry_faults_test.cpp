// What an injected fault excuses a report from, and for how long.
#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <variant>

#include "played_run.h"
#include "sim/checks/expression.h"

namespace packbench::hil::api::test {
namespace {

using sim::Verdict;
using testing::HasSubstr;
using testing::Not;

// A run of 30 s with this fault, whose phases begin at 1 s and whose device reports wrongly as said at `lie_at`.
sim::CheckResult with_fault(const sim::FaultSpec& fault, TimeNs lie_at,
                            const std::function<void(packlink_status_t&)>& lie) {
  sim::Scenario scenario;
  scenario.faults.push_back(fault);
  sim::CheckSpec check;
  check.kind = sim::CheckKind::telemetry_consistent;
  check.latest = 2 * sim::kSecond;
  scenario.expect.push_back(check);
  PlayedRun run(scenario);
  while (run.now < 30 * sim::kSecond) {
    run.step(run.now == lie_at ? lie : nullptr);
    if (run.now == sim::kSecond + kStep) run.telemetry.start_phases(sim::kSecond);
  }
  return run.judge();
}

sim::FaultSpec sensor_fault(const std::string& channel, const std::string& kind, std::optional<int> index = {}) {
  sim::FaultSpec fault;
  fault.target = sim::FaultTarget::sensor;
  fault.channel = channel;
  fault.kind = kind;
  fault.index = index;
  fault.at = 9 * sim::kSecond;
  fault.duration = 5 * sim::kSecond;
  return fault;
}

void lie_about_cell_5(packlink_status_t& status) { status.cell_dmV[4] = 40'000; }
void lie_about_temperature(packlink_status_t& status) { status.temperature_mdegC[1] = 29'000; }

// From 10 s to 15 s, and 2 s (what the check allows) and a step behind it; one report a second.
TEST(Telemetry, AnInjectedFaultExcusesAReportFromItsStartUntilItHasSettledAndNoOther) {
  for (const auto& [lie_at_s, verdict] : {std::pair(9, Verdict::fail),
                                          {10, Verdict::pass},
                                          {15, Verdict::pass},
                                          {17, Verdict::pass},
                                          {18, Verdict::fail},
                                          {25, Verdict::fail}}) {
    const sim::CheckResult result =
        with_fault(sensor_fault("cell_voltage", "offset", 4), lie_at_s * sim::kSecond, lie_about_cell_5);
    EXPECT_EQ(result.verdict, verdict) << lie_at_s << " s: " << result.detail;
    EXPECT_THAT(result.detail,
                HasSubstr("Not compared with the truth: cell_voltage 5 (offset injected) from 10.0 s to 17.1 s."));
  }
}

TEST(Telemetry, AnInjectedFaultExcusesNoOtherChannel) {
  const auto result = with_fault(sensor_fault("cell_voltage", "offset", 3), 12 * sim::kSecond, lie_about_cell_5);
  EXPECT_EQ(result.verdict, Verdict::fail) << result.detail;
}

// A temperature settles by tau of its sensor.
TEST(Telemetry, AFaultOfATemperatureSettlesByTheSensorsTimeConstant) {
  for (const auto& [tau_s, verdict] : {std::pair(8.0, Verdict::pass), {2.0, Verdict::fail}}) {
    sim::Scenario scenario;
    scenario.pack_profile.sensing.temperature_tau_s = tau_s;
    sim::FaultSpec fault = sensor_fault("temperature", "stuck", 1);
    fault.at.reset();
    scenario.faults.push_back(fault);  // 1 s to 6 s
    PlayedRun run(scenario);
    run.steps(11);
    run.telemetry.start_phases(sim::kSecond);
    run.steps(119);
    run.step(lie_about_temperature);  // at 13 s
    const sim::CheckResult result = run.judge();
    EXPECT_EQ(result.verdict, verdict) << result.detail;
  }
}

TEST(Telemetry, AFaultThatHasNotBegunExcusesNothing) {
  sim::FaultSpec fault = sensor_fault("cell_voltage", "offset", 4);
  fault.at = 60 * sim::kSecond;
  const sim::CheckResult result = with_fault(fault, 12 * sim::kSecond, lie_about_cell_5);
  EXPECT_EQ(result.verdict, Verdict::fail);
  EXPECT_THAT(result.detail, Not(HasSubstr("Not compared")));
}

TEST(Telemetry, AFaultWithATriggerExcusesFromTheSampleAtWhichItsFormulaHolds) {
  const auto parsed =
      sim::parse_formula("max(truth.cell_voltage) > 3.3149 V",
                         sim::SymbolTable(sim::SignalLayout(15, 5)));  // after 9 s: 3.314 V + 0.1 mV/s t
  ASSERT_TRUE(std::holds_alternative<sim::Expression>(parsed));
  sim::FaultSpec fault = sensor_fault("cell_voltage", "offset", 4);
  fault.at.reset();
  fault.duration.reset();
  fault.when = std::get<sim::Expression>(parsed);
  for (const auto& [lie_at_s, verdict] : {std::pair(8, Verdict::fail), {11, Verdict::pass}, {29, Verdict::pass}}) {
    const sim::CheckResult result = with_fault(fault, lie_at_s * sim::kSecond, lie_about_cell_5);
    EXPECT_EQ(result.verdict, verdict) << lie_at_s << " s: " << result.detail;
    EXPECT_THAT(result.detail, HasSubstr("cell_voltage 5 (offset injected) from 9.1 s on."));
  }
}

TEST(Telemetry, AContactorIsExcusedOnlyWhileItsFaultLasts) {
  sim::FaultSpec fault = sensor_fault("main", "feedback_stuck_open");
  fault.target = sim::FaultTarget::actuator;
  const auto lie = [](packlink_status_t& status) { status.main_contactor = false; };
  for (const auto& [lie_at_s, verdict] : {std::pair(5, Verdict::fail), {12, Verdict::pass}, {20, Verdict::fail}}) {
    EXPECT_EQ(with_fault(fault, lie_at_s * sim::kSecond, lie).verdict, verdict) << lie_at_s;
  }
}

// Records of 1 s to 3 s wait until 3.5 s; those before and after come at once.
TEST(TelemetryFaults, WhatAnOutageHeldBackComesInOrderWhenItIsOver) {
  PlayedRun run;
  run.steps(6);
  run.telemetry.set_outage(true);
  run.steps(29);
  run.telemetry.set_outage(false);
  run.steps(16);
  EXPECT_TRUE(run.errors.empty());
  const sim::CheckResult in_time = run.judge(2500 * sim::kMillisecond);
  EXPECT_EQ(in_time.verdict, sim::Verdict::pass) << in_time.detail;
  EXPECT_EQ(in_time.measured, 2500);
  EXPECT_EQ(run.judge(2400 * sim::kMillisecond).verdict, sim::Verdict::fail);
  EXPECT_EQ(run.telemetry.summary().never_arrived, 0);
}

TEST(TelemetryFaults, AnOutageThatIsNotOverLeavesNothingJudged) {
  PlayedRun run;
  run.steps(20);
  run.telemetry.set_outage(true);
  run.steps(20);
  const sim::CheckResult result = run.judge();
  EXPECT_EQ(result.verdict, sim::Verdict::inconclusive);
  EXPECT_THAT(result.detail, testing::HasSubstr("2 records still wait for it: the outage that the scenario injects"));
}

}  // namespace
}  // namespace packbench::hil::api::test
