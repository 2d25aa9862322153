// What a run did to the pack, as a few numbers for people: extremes of the cells over the samples of the run, and the
// energy that went through it (energy.h).
#pragma once

#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

struct Extreme {
  double value = 0;
  int cell = 0;  // 0-based
  double at_s = 0;
};

struct PackSummary {
  Extreme lowest_V, highest_V;  // terminal voltage of a cell
  Extreme coldest_degC, hottest_degC;
  double first_soc = 0, last_soc = 0;  // of the pack
  bool any = false;                    // a sample was seen

  // One sample of truth.*.
  void add(TimeNs now, const Frame& frame);
};

}  // namespace packbench::sim
