#include "rig.h"

#include <gtest/gtest.h>

namespace packbench::sim::test {

Scenario scenario() {
  Scenario made;
  made.name = "rig";
  models::PackParameters& pack = made.pack_profile.pack;
  pack.cells = kCells;
  pack.cell.capacity_Ah = 100;
  pack.cell.ocv_V = {{0, 1}, {3.2, 3.4}};
  const auto constant = [](double ohm) { return models::ResistanceMap{{0, 1}, {25}, {ohm, ohm}, {ohm, ohm}}; };
  pack.cell.r0 = constant(1e-3);
  pack.cell.pairs = {{constant(0.5e-3), 5}, {constant(0.5e-3), 300}};
  made.pack.spread = false;
  made.pack.soc = 0.5;
  return made;
}

SignalLayout layout_of(const Scenario& scenario) {
  return {scenario.pack_profile.pack.cells, scenario.pack_profile.sensing.temperatures};
}

double Rig::operator()(Signal signal) {
  plant.sample(frame);
  return frame[signal];
}

double Rig::cell(Signal signal, int index) {
  plant.sample(frame);
  return frame.array(signal)[static_cast<std::size_t>(index)];
}

void Rig::close(bool main, bool charger, bool precharge) {
  plant.set_actuators({main, charger, precharge, 0});
  advance_by(100 * kMillisecond);
}

Expression formula(std::string_view text, const SignalLayout& layout) {
  auto parsed = parse_formula(text, SymbolTable(layout));
  if (auto* expression = std::get_if<Expression>(&parsed)) return *expression;
  ADD_FAILURE() << text << ": " << std::get<1>(parsed).front().what;
  return {};
}

}  // namespace packbench::sim::test
