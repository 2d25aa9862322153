// A run that is played to the cloud side: a pack whose truth is written here, and an honest device.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "hil/api/judge/telemetry.h"

namespace packbench::hil::api::test {

using sim::Signal;
using sim::TimeNs;

inline constexpr std::int64_t kEpoch_ms = 1'735'689'600'000;  // 2025-01-01
inline constexpr TimeNs kStep = 100 * sim::kMillisecond;

// A pack and an honest device: the status at t(k) rests on the truth of t(k-1).
class PlayedRun {
 public:
  explicit PlayedRun(sim::Scenario scenario = {}, TelemetryOptions options = {})
      : scenario_(std::move(scenario)), telemetry(scenario_, std::move(options)) {
    report.status.cells = 15;
    report.status.temperatures = 5;
    report.status.soc_pctpct = 5000;
    report.status.ocv_soc_pctpct = 5123;
    report.status.boot_count = 1;
    report.status.state = 3;
  }

  void write_truth() {
    const double seconds = sim::to_seconds(now);
    for (int i = 0; i < 15; ++i) {
      frame.array(Signal::truth_cell_voltage)[i] = 3.3 + 0.001 * i + 0.0001 * seconds;
      frame.array(Signal::truth_cell_temperature)[i] = 25 + 0.1 * i;
    }
    frame[Signal::truth_pack_voltage] = 49.6;
    frame[Signal::truth_pack_current] = current_A;
    frame[Signal::truth_main_contactor] = main ? 1 : 0;
    frame[Signal::truth_charger_contactor] = 0;
  }

  void measure() {
    packlink_status_t& status = report.status;
    for (int i = 0; i < 15; ++i) {
      status.cell_dmV[i] = static_cast<std::uint16_t>(std::lround(frame.array(Signal::truth_cell_voltage)[i] * 1e4));
    }
    status.pack_dmV = static_cast<std::uint32_t>(std::lround(frame[Signal::truth_pack_voltage] * 1e4));
    status.current_mA = static_cast<std::int32_t>(std::lround(frame[Signal::truth_pack_current] * 1e3));
    for (int i = 0; i < 5; ++i) status.temperature_mdegC[i] = 25'000 + 300 * i;
    status.temperature_mdegC[4] = 60'000;  // the board, which no record's temperature may show
    status.main_contactor = main;
    ++status.measurement_sequence;
    status.uptime_us = static_cast<std::uint64_t>((now + kStep) / 1000);
  }

  // One step; `meddle` changes the status before it is reported.
  void step(const std::function<void(packlink_status_t&)>& meddle = {}) {
    write_truth();
    if (meddle) meddle(report.status);
    if (std::string error = telemetry.step(now, report, frame); !error.empty()) errors.push_back(error);
    if (!silent) measure(), report.has_status = true;
    now += kStep;
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i) step();
  }
  sim::CheckResult judge(TimeNs limit = 2 * sim::kSecond, TimeNs after = 0) {
    sim::CheckSpec formula, spec;
    spec.name = "the cloud agrees";
    spec.requirement = {"TEL-1"};
    spec.kind = sim::CheckKind::telemetry_consistent;
    spec.latest = limit;
    spec.after = after;
    const auto results = telemetry.judge(now - kStep, {formula, spec});
    EXPECT_EQ(results.size(), 1u);
    return results.at(0);
  }

  sim::Scenario scenario_;
  Telemetry telemetry;
  sim::SignalLayout layout{15, 5};
  sim::Frame frame{layout};
  DeviceReport report;
  TimeNs now = 0;
  bool main = true, silent = false;
  double current_A = -50;
  std::vector<std::string> errors;
};

}  // namespace packbench::hil::api::test
