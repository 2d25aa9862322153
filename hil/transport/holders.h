// Who has a device file open: /proc/*/fd, as far as this user may look.
#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

namespace packbench::hil {

struct Holder {
  pid_t pid = 0;
  std::string name;  // of the process
};

// Processes other than this one that have `path` (resolved through links) open.
std::vector<Holder> holders_of(const std::string& path);

// " (held by minicom, process 4711)", or nothing when none was found.
std::string held_by(const std::string& path);

}  // namespace packbench::hil
