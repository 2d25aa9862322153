// Reads what a scenario expects.
#pragma once

#include "sim/checks/check.h"
#include "sim/language/field_table.h"

namespace packbench::sim {

const FieldTable<CheckSpec>& check_fields();

}  // namespace packbench::sim
