// The plots of a run as compact JSON for the page.
//
// {"times": [TEXT...], "lines": [{"signal": NAME, "index": i, "times": k, "values": TEXT}...],
//  "codes": [{"signal": NAME, "kind": "code"|"set", "words": [TEXT...], "times": TEXT, "values": TEXT}...]}
//
// A TEXT of numbers is comma separated, 6 significant digits (times 8); an empty item repeats the one before, "x" is no
// value. Lines on the same grid share an entry of "times". Signals that never had a value are left out.
#pragma once

#include <string>
#include <vector>

#include "sim/trace/trace.h"

namespace packbench::hil {

std::string plot_json(const std::vector<sim::PlotSeries>& plots);

}  // namespace packbench::hil
