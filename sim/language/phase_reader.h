// Reads the phases of a scenario.
#pragma once

#include "sim/language/field_table.h"
#include "sim/language/scenario.h"

namespace packbench::sim {

const FieldTable<Phase>& phase_fields();
const FieldTable<std::vector<DriveTarget>>& drive_fields();

}  // namespace packbench::sim
