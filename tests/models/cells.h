// Cells and packs that the tests of the models share.
#pragma once

#include "models/pack.h"

namespace packbench::models::test {

// The measured LFP tables of scenarios/cells, scaled to 100 Ah, in a prismatic cell; circuit and heat only.
CellParameters sony_cell();

// The same resistance at any SOC, temperature and direction.
ResistanceMap constant_ohm(double ohm);

// Constant tables, so that everything has a closed solution: 100 Ah, 3.3 V, R0 0.6 mohm,
// pairs of 0.2 mohm with 5 s and 300 s, no hysteresis, no entropy.
CellParameters plain_cell();

// `cells` equal cells without spread.
PackParameters equal_cells(const CellParameters& cell, int cells = 1);

// Steps a batch of one pack `count` times at constant current.
void run(const Pack& pack, PackState& state, double current_A, double dt_s, int count, double ambient_degC = 25.0);

// Terminal voltage of cell 0 of a batch of one pack.
double first_voltage(const Pack& pack, const PackState& state, double current_A);

}  // namespace packbench::models::test
