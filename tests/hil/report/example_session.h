// A made-up session with one run of each kind: what the reports are tested and looked at with.
#pragma once

#include "hil/run_result.h"

namespace packbench::hil::test {

// Runs, in this order: an over-voltage trip that comes too late (fail), a discharge (pass, one check marginal), a run
// whose port was lost (inconclusive, no checks), one that the device cannot do (skipped), the trip as it should be
// (pass).
SessionResult example_session();

// `runs` more passing runs, for a long report.
SessionResult long_session(int runs);

struct ExampleRun {
  double duration_s = 300;
  double trip_at_s = 162.1;  // when the BMS opens the charger contactor
  double charge_A = 50;      // until the trip; negative discharges
  double soc = 0.93;
};
// Thinned traces of a pack of 15 cells: rest, charge (or discharge), rest.
std::vector<sim::PlotSeries> example_plots(const ExampleRun& run);

}  // namespace packbench::hil::test
