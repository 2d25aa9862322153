// Reads BMS profiles (scenarios/bms/NAME.yaml) and the overrides that a scenario writes under `bms: {set: ...}`.
#pragma once

#include <filesystem>
#include <variant>

#include "sim/language/field_table.h"
#include "sim/language/value_types.h"

namespace packbench::sim {

// The profile, consistent, or every problem of the file at once. `asked_by` is the place that names the file.
std::variant<BmsProfile, Problems> read_bms_profile(const std::filesystem::path& file, const Mark& asked_by = {});

// Tables of the file's keys; also behind the schema.
const FieldTable<BmsProfile>& bms_profile_fields();

// `cell_uv: {trip: 2.50 V}, ...` over the rows of a profile: changes the profile in place, notes problems in the
// context.
void read_protections(const Value& value, BmsProfile& profile);
nlohmann::json protections_schema();

}  // namespace packbench::sim
