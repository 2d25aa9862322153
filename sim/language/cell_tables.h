// Reads the measured tables of a cell (CSV files in one folder) into models::CellParameters.
//
// A folder holds one file of each kind, known by the end of its name:
//   *OCV.csv      SOC, OCV in V                                      required
//   *Rint.csv     SOC, Temp, R_Ch(T=a) ..., R_DCh(T=a) ... in ohm    required; temperatures in degC stand in the header
//   *HystV.csv    SOC, charge branch minus discharge branch in V     optional: none
//   *entropy.csv  SOC, dU/dT in V/K                                  optional: none
// One header line, comma separated, SOC 0..1. The Temp column repeats the temperatures of the header, one per row, then
// stays empty.
#pragma once

#include <filesystem>
#include <optional>

#include "models/cell.h"
#include "sim/mark.h"

namespace packbench::sim {

// The tables hold one total resistance: how it divides into R0 and two RC pairs. The three add up to 1.
struct ResistanceShares {
  double r0 = 0.60;      // ours, assumed: at once
  double first = 0.20;   // ours, assumed: in seconds (double layer, charge transfer)
  double second = 0.20;  // ours, assumed: in minutes (diffusion)
  double tau1_s = 5;     // ours, assumed
  double tau2_s = 300;   // ours, assumed
};

// The cell with these tables, measured on a cell of `measured_capacity_Ah` and scaled to `capacity_Ah` by
// models::scaled_to; every other parameter keeps its default. Nothing when there is a problem; every problem found is
// appended with file, line and column.
std::optional<models::CellParameters> read_cell_tables(const std::filesystem::path& folder, double measured_capacity_Ah,
                                                       double capacity_Ah, Problems& problems,
                                                       const ResistanceShares& shares = {});

}  // namespace packbench::sim
