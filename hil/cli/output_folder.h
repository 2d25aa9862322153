// The places a run writes to, tried before anything runs, so that an hour's run does not end in an unwritable report.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace packbench::hil {

// Creates the folder of the reports, or that of a file, and tries to write there. Empty, or what is wrong. Nothing is
// done for an empty name, and of a file that is a stream (/dev/stdout).
std::string prepare_output(const std::filesystem::path& out);
std::string prepare_file(std::string_view option, const std::filesystem::path& file);

}  // namespace packbench::hil
