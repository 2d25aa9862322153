// Bit flips of a scenario that aim at nothing in the reference BMS: found before anything runs.
#pragma once

#include "sim/language/scenario.h"

namespace packbench::hil {

sim::Problems unknown_variables(const sim::Scenario& scenario);

}  // namespace packbench::hil
