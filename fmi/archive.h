// A ZIP archive in memory, the same bytes for the same entries: fixed order, times and permissions.
//
// Compression is zlib's deflate; another version of zlib may pack the same content into other bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace packbench::fmi {

struct ArchiveEntry {
  std::string name;  // path inside, folders separated by '/'
  std::string content;
  bool executable = false;
};

// Throws std::runtime_error, with the library's reason, when the archive cannot be made.
std::string zip_archive(const std::vector<ArchiveEntry>& entries);

}  // namespace packbench::fmi
