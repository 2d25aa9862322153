// When the scenario's own faults stand between the truth and a report: from the fault's start until its end and what
// the telemetry needs to settle then.
//
// Settling: one time constant of the sensor (tau) for a temperature, else the longest `within` of the scenario's
// telemetry checks, and no less than the delay of a fault that delays frames. A fault with `when` begins at the first
// sample at which its formula holds, looked at with the readings of that sample, so up to one step before it acts.
#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks/expression.h"
#include "sim/language/scenario.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::hil::api {

// The channels whose reports tell nothing about the truth.
struct HiddenChannels {
  std::bitset<sim::kMaxCells> cells;
  bool pack = false, current = false, temperature = false;
  std::array<bool, 2> contacts{};  // main, charger

  HiddenChannels& operator|=(const HiddenChannels& other);
  bool any() const;
};

class FaultWindows {
 public:
  explicit FaultWindows(const sim::Scenario& scenario);

  // `at` of faults counts from here.
  void start_phases(sim::TimeNs now);
  // Every sample: which faults have begun.
  void sample(sim::TimeNs now, const sim::Frame& frame);
  // What is hidden at some time of [from, to], as far as it is known by the last sample.
  HiddenChannels hidden(sim::TimeNs from, sim::TimeNs to) const;
  // "cell_voltage 5 (offset injected) from 10.0 s to 17.0 s", one for each fault that has begun.
  std::vector<std::string> texts() const;

 private:
  struct Window {
    HiddenChannels channels;
    std::string label;
    sim::FaultSpec fault;
    sim::TimeNs settling = 0;
    std::optional<sim::FormulaState> trigger;
    std::optional<sim::TimeNs> begin;

    std::optional<sim::TimeNs> end() const;  // nothing: to the end of the run
  };

  std::vector<Window> windows_;
  sim::TimeNs step_;
  std::optional<sim::TimeNs> started_;
};

}  // namespace packbench::hil::api
