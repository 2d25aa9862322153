// Random formulas of valid units, as text, and random traces to run them on.
#pragma once

#include <string>
#include <vector>

#include "tests/sim/checks/trace_fixture.h"

namespace packbench::sim::test {

std::string random_formula(int depth);  // draws from RapidCheck: call inside a property
std::vector<Sample> random_trace(std::size_t length);

}  // namespace packbench::sim::test
