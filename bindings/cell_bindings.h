// A cell for Python: its parameters, and its tables on the grid that the pack model reads.
#pragma once

#include <pybind11/numpy.h>

#include <string>
#include <utility>

#include "models/cell.h"
#include "models/node_table.h"

namespace packbench::bindings {

class PythonCell {
 public:
  // Throws std::invalid_argument as models::validate does.
  explicit PythonCell(models::CellParameters parameters) : parameters_(std::move(parameters)), table_(parameters_) {}

  const models::CellParameters& parameters() const { return parameters_; }
  PythonCell scaled_to(double capacity_Ah) const { return PythonCell(models::scaled_to(parameters_, capacity_Ah)); }

  // At one point; `branch` -1 (discharge) .. 1 (charge), `element` 0 for R0, then the pairs.
  double ocv_V(double soc, double temperature_degC, double branch) const;
  double resistance_ohm(double soc, double temperature_degC, bool charging, int element) const;
  double hysteresis_V(double soc) const { return 2.0 * at(soc, 25.0, false).half_gap_V; }
  double entropy_V_per_K(double soc) const { return at(soc, 25.0, false).entropy_V_per_K; }
  double rate(double soc, double temperature_degC) const { return at(soc, temperature_degC, false).rate; }

 private:
  models::TablePoint<double> at(double soc, double temperature_degC, bool charging) const;

  models::CellParameters parameters_;
  models::NodeTable table_;
};

// The cell of a file, or of the name of a folder in scenarios/cells. Throws std::invalid_argument with every problem.
PythonCell read_cell(const std::string& file_or_name);

}  // namespace packbench::bindings
