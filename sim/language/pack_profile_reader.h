// Reads pack profiles (scenarios/packs/NAME.yaml).
#pragma once

#include <filesystem>
#include <variant>

#include "sim/language/cell_tables.h"
#include "sim/language/field_table.h"
#include "sim/language/pack_profile.h"

namespace packbench::sim {

// The profile with the cell's tables read and scaled, or every problem of the file at once. `asked_by` is the place
// that names the file.
std::variant<PackProfile, Problems> read_pack_profile(const std::filesystem::path& file, const Mark& asked_by = {});

// What a pack profile file says: the profile, and where its cell's tables lie.
struct PackProfileFile {
  PackProfile profile;
  std::string tables;  // folder, relative to the file
  Mark tables_mark;
  double tables_capacity_Ah = 0;  // of the cell that the tables were measured on
  ResistanceShares shares;
};

const FieldTable<PackProfileFile>& pack_profile_fields();

}  // namespace packbench::sim
