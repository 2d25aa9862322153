// A record replayed by models::Pack: what a cell's tables say to the current that was measured.
#pragma once

#include "models/cell.h"
#include "models/fit/record.h"

namespace packbench::models::fit {

struct Replay {
  std::vector<double> soc;  // at each sample
  std::vector<double> voltage_V;
  std::vector<double> core_degC;
};

struct ReplayOptions {
  double capacity_Ah = 0;  // of the cell that was measured; 0: that of the tables
  double ambient_degC = 25;
  double cooling_W_per_K = 0.6;  // surface to ambient
  bool isothermal = false;       // no heat: the cell stays at ambient
  double start_hysteresis = 0;   // -1..1; 1 after a charge
};

// From rest at the SOC of the record's begin. Each full charge in the record sets the SOC to 1 again, as the record's
// own counter does. Throws std::invalid_argument for a cell or a record that cannot be used.
Replay replay(const Record& record, const CellParameters& cell, const ReplayOptions& options);

// The parts of a record that discharge from a full charge without a stop, down to its end: each a record of its own
// that starts at SOC 1. Shorter than half the capacity: left out. A record that begins with such a discharge counts as
// full at its begin when it was charged full later on and the counter agrees within 3 %.
std::vector<Record> full_discharges(const Record& record, double capacity_Ah);

}  // namespace packbench::models::fit
