// A cell of constant tables for the tests of slow and rare effects, so that electrical energy has a closed form.
#pragma once

#include <vector>

#include "models/pack.h"

namespace packbench::models::test {

// 100 Ah, 3.3 V at every SOC from 0.5 % on (and 0 V at -9.5 %), 1 mohm, no pairs, no hysteresis, no entropy.
inline CellParameters bare_cell() {
  CellParameters cell;
  cell.ocv_V = {{0, 0.005, 1}, {3.135, 3.3, 3.3}};
  cell.r0 = {{0, 1}, {25}, {1e-3, 1e-3}, {1e-3, 1e-3}};
  return cell;
}

// The bare cell with the reactions of LFP and a separator that collapses to 2 mohm.
inline CellParameters hot_cell() {
  CellParameters cell = bare_cell();
  cell.runaway = runaway_lfp();
  cell.runaway.collapse_degC = 135;
  cell.runaway.collapse_width_K = 20;
  cell.runaway.collapse_ohm = 0.002;
  return cell;
}

inline PackParameters equal_bare(const CellParameters& cell, int cells) {
  PackParameters parameters;
  parameters.cells = cells;
  parameters.cell = cell;
  parameters.spread = {0, 0, 0, 0};
  return parameters;
}

inline void step(const Pack& pack, PackState& state, double current_A, double dt_s, int count,
                 double ambient_degC = 25) {
  const std::vector<double> currents(static_cast<std::size_t>(pack.packs()), current_A);
  for (int i = 0; i < count; ++i) pack.step(state, currents, {}, {ambient_degC, ambient_degC}, dt_s);
}

}  // namespace packbench::models::test
