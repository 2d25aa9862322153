// A file that is there whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace packbench::hil {

// Writes beside `path` and renames over it; creates the folder. Returns a sentence that names `what` and the file, or
// an empty text; on an error nothing new is left behind and an older file stays as it was. A device or a FIFO
// (/dev/stdout) is written into instead.
[[nodiscard]] std::string write_whole_file(const std::filesystem::path& path, std::string_view content,
                                           std::string_view what = "report");

// A character device, a FIFO, or an open descriptor by its name (/dev/stdout), whatever stands behind it.
bool is_stream(const std::filesystem::path& path);

}  // namespace packbench::hil
