// Reads pack profiles (scenarios/packs/NAME.yaml).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>

#include "sim/language/field_table.h"
#include "sim/language/pack_profile.h"

namespace packbench::sim {

// The profile with its cell read and sized, or every problem of the file and its cell file at once. `asked_by` is the
// place that names the file.
std::variant<PackProfile, Problems> read_pack_profile(const std::filesystem::path& file, const Mark& asked_by = {});

// The cell as a pack profile names it. What is not given follows from the cell file by the ratio of the capacities, as
// for cells in parallel: mass and heat flow grow with it, resistances fall.
struct PackCell {
  std::string file;  // relative to the profile
  Mark file_mark;
  std::optional<double> capacity_Ah, mass_kg, specific_heat_J_per_kgK, surface_share, core_surface_W_per_K,
      self_discharge_ohm, coulomb_efficiency;
};

// What a pack profile file says, before the cell file is read.
struct PackProfileFile {
  PackProfile profile;
  PackCell cell;
  std::optional<double> charge_voltage_V;
};

const FieldTable<PackProfileFile>& pack_profile_fields();

}  // namespace packbench::sim
