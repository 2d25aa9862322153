// Finds pack profiles, BMS profiles and cell files, and reads them for their problems.
#pragma once

#include <filesystem>
#include <vector>

#include "sim/mark.h"

namespace packbench::sim {

enum class ProfileKind { pack, bms, cell };

struct ProfileEntry {
  std::filesystem::path file;
  ProfileKind kind;
};

// Files as given, and every *.yaml file in folders and below them, that is a profile by its top-level key
// (`pack_profile`, `bms_profile` or `cell`). Other files are left out, also those that are no YAML.
std::vector<ProfileEntry> find_profiles(const std::vector<std::filesystem::path>& paths);

// Every problem of the file and of the files that it names; none when it is good.
Problems problems_of(const ProfileEntry& profile);

}  // namespace packbench::sim
