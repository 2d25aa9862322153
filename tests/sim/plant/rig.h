// A small pack for the tests of the plant: 4 equal cells, linear open-circuit voltage, no hysteresis, constant
// resistance.
#pragma once

#include <string_view>

#include "sim/plant/plant.h"

namespace packbench::sim::test {

inline constexpr int kCells = 4;
inline constexpr double kCellOhm = 1e-3;  // instantaneous
inline constexpr double kPackOhm = kCells * kCellOhm;

// SOC 50 %, 25 degC: every cell at 3.3 V, so the pack is at 13.2 V. OCV 3.2 V + 0.2 V * SOC.
Scenario scenario();

SignalLayout layout_of(const Scenario& scenario);

// A plant with its frame, as the bench holds them.
struct Rig {
  explicit Rig(const Scenario& the_scenario) : scenario(the_scenario), plant(scenario), frame(layout_of(scenario)) {}
  Rig() : Rig(test::scenario()) {}

  double operator()(Signal signal);  // of a sample taken now
  double cell(Signal signal, int index);
  void advance_by(TimeNs duration) { plant.advance(plant.now() + duration); }
  void close(bool main, bool charger, bool precharge = false);  // and waits until the contacts have followed

  Scenario scenario;
  Plant plant;
  Frame frame;
};

// A formula over the signals of the frame's layout; fails the test when it does not parse.
Expression formula(std::string_view text, const SignalLayout& layout);

}  // namespace packbench::sim::test
