// The plans of recent sub-steps, so that a run of equal steps computes its exponentials once. One memory for each
// thread; what it holds follows from its keys alone, so nobody can see it but by the clock.
#pragma once

#include <cstdint>

#include "models/cell_step.h"

namespace packbench::models {

// A number for each set of parameters: equal numbers mean equal parameters.
std::uint64_t next_parameters_number();

// The plan for sub-steps of dt_s of the cells that this number was given to. Valid until this thread has asked for
// fifteen others.
const StepPlan& step_plan(std::uint64_t parameters_number, const CellParameters& cell, const HeatFlow& flow,
                          double dt_s);

}  // namespace packbench::models
