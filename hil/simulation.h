// A scenario on the plant alone: no device, no line, no cloud. The same phases, faults, sensors, checks and trace.
//
// A BMS that never intervenes stands in (sim/plant/passive_bms.h): it precharges the bus, closes both contactors and
// keeps them closed. With `start: ready` the phases begin when the main contactor has closed.
//
// What needs a device is left out and said: a check on device.*, link.* or api.*, or of telemetry, is skipped, never a
// pass; faults of the line and of the machine and commands to the device do nothing; an `until` that needs a device
// ends at its limit, which makes the run inconclusive. A run in which nothing was there to be judged is skipped.
#pragma once

#include "hil/bench.h"

namespace packbench::hil {

// Of the options, those of the trace, `command`, `progress` and `interrupted` are used. A trace that cannot be written
// is noted in RunResult::trace_error. The result names no device.
RunResult simulate_scenario(const sim::Scenario& scenario, const BenchOptions& options);

// 0: carried out, and no check failed; 1 a fail; 2 an inconclusive and no fail; 130, 143 or 129 interrupted. Other than
// exit_code_of(), it asks for no pass: a simulation without a check has done what it was asked for.
int simulation_exit_code_of(const SessionResult& session);

}  // namespace packbench::hil
