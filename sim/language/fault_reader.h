// Reads the faults of a scenario, against the catalogue (sim/fault_catalogue.h).
#pragma once

#include "sim/language/field_table.h"
#include "sim/language/scenario.h"

namespace packbench::sim {

// A fault as written: its value is judged when its kind is known.
struct FaultDraft {
  FaultSpec spec;
  std::optional<int> number;  // in the brackets of the target, from 1
  std::optional<Quantity> value;
};

const FieldTable<FaultDraft>& fault_fields();

}  // namespace packbench::sim
