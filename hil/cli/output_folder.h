// The places a run writes to, tried before anything runs, so that an hour's run does not end in an unwritable report.
#pragma once

#include <filesystem>
#include <string>

namespace packbench::hil {

// Creates the folders and tries to write there. Empty, or what is wrong.
std::string prepare_output(const std::filesystem::path& out, const std::filesystem::path& junit);

}  // namespace packbench::hil
