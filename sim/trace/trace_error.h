// Errors of trace files as sentences: "The trace file could not be written: out/run.csv: No space left on device."
#pragma once

#include <filesystem>
#include <string>
#include <system_error>

namespace packbench::sim {

// what() is "WHAT: PATH: text of errno_value".
std::system_error trace_error(const std::string& what, const std::filesystem::path& path, int errno_value);

}  // namespace packbench::sim
