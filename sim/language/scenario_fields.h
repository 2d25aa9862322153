// The keys of a scenario: one table behind the reader, the JSON Schema and the reference.
#pragma once

#include "sim/language/field_table.h"
#include "sim/language/scenario.h"

namespace packbench::sim {

// A scenario while it is read.
struct ScenarioDraft {
  Scenario scenario;
  std::optional<Value> bms_set;    // `bms: {set: ...}`, applied when the BMS profile is known
  std::optional<Value> bms_watch;  // and `bms: {watch: ...}`
  bool plant_step_given = false, telemetry_period_given = false;
};

const FieldTable<ScenarioDraft>& scenario_fields();
std::vector<FieldInfo> pack_keys();  // of `pack: {...}`
std::vector<FieldInfo> bms_keys();   // of `bms: {...}`

}  // namespace packbench::sim
