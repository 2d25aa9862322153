// A fault as one line for people: "cell_voltage[8] offset 20 mV", "to_device drop keep 3, drop 2", "main weld".
#pragma once

#include <string>

#include "sim/language/scenario.h"

namespace packbench::sim {

std::string fault_label(const FaultSpec& fault);

}  // namespace packbench::sim
