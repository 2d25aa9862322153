#include "cells.h"

#include <stdexcept>
#include <variant>

#include "sim/language/cell_file_reader.h"

namespace packbench::models::test {

CellParameters sony_cell() {
  const auto read = sim::read_cell_file(PACKBENCH_CELLS "/lfp_sony26650/cell.yaml");
  if (const auto* problems = std::get_if<sim::Problems>(&read)) throw std::runtime_error(problems->front().text());
  CellParameters cell = scaled_to(std::get<sim::CellFile>(read).cell, 100);
  cell.mass_kg = CellParameters{}.mass_kg;
  cell.core_surface_W_per_K = CellParameters{}.core_surface_W_per_K;
  cell.runaway = {};
  cell.plating = {};
  cell.reversal = {};
  cell.ageing = {};
  return cell;
}

ResistanceMap constant_ohm(double ohm) { return {{0, 1}, {25}, {ohm, ohm}, {ohm, ohm}}; }

CellParameters plain_cell() {
  CellParameters cell;
  cell.ocv_V = {{0, 1}, {3.3, 3.3}};
  cell.r0 = constant_ohm(0.6e-3);
  cell.pairs = {{constant_ohm(0.2e-3), 5}, {constant_ohm(0.2e-3), 300}};
  return cell;
}

PackParameters equal_cells(const CellParameters& cell, int cells) {
  PackParameters parameters;
  parameters.cells = cells;
  parameters.cell = cell;
  parameters.spread = {0, 0, 0};
  return parameters;
}

void run(const Pack& pack, PackState& state, double current_A, double dt_s, int count, double ambient_degC) {
  for (int i = 0; i < count; ++i) pack.step(state, {&current_A, 1}, {}, {ambient_degC, ambient_degC}, dt_s);
}

double first_voltage(const Pack& pack, const PackState& state, double current_A) {
  Eigen::ArrayXd voltage_V;
  pack.cell_voltage(state, {&current_A, 1}, {}, voltage_V);
  return voltage_V[0];
}

}  // namespace packbench::models::test
