// A record made ready for the fit: what depends on the data only, not on the time constants.
#pragma once

#include <vector>

#include "models/fit/layout.h"
#include "models/fit/record.h"

namespace packbench::models::fit {

struct Series {
  int temperature = 0;  // index in Layout::temperature_degC
  double degC = 25;     // that temperature
  std::vector<double> dt_s;
  std::vector<double> current_A;
  std::vector<double> voltage_V;
  std::vector<double> soc;         // at the end of each interval, where the voltage is read
  std::vector<double> middle_soc;  // in its middle
  std::vector<double> hysteresis;  // h of models/cell.h at the end, from 0 at the record's begin
  std::vector<double> weight;      // 1; less in the knee
  std::vector<int> block;          // first samples of blocks; the last entry is the number of samples

  std::size_t size() const { return dt_s.size(); }
};

struct SeriesOptions {
  double capacity_Ah = 0;
  double hysteresis_soc = 0.03;
  double knee_soc = 0.08;     // below, tables are too coarse for the curve ...
  double knee_weight = 0.04;  // ... so misfit counts as five times the noise
};

// Blocks are runs of samples that the search for time constants takes as one, by their mean: single samples after a
// change of current, then ever longer ones, up to 16, so that nothing that relaxes is lost.
Series make_series(const Record& record, const Layout& layout, const SeriesOptions& options);

}  // namespace packbench::models::fit
