// A disk that is soon full, for one process.
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <fstream>
#include <string>

namespace packbench::hil::api::test {

// Runs what follows with a file system of its own at `folder`, in a name space of its own.
inline bool enter_small_disk(const std::string& folder, const char* size) {
  const auto write_file = [](const char* name, const std::string& text) { std::ofstream(name) << text; };
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", "0 " + std::to_string(user) + " 1");
  write_file("/proc/self/gid_map", "0 " + std::to_string(group) + " 1");
  return mount("tmpfs", folder.c_str(), "tmpfs", 0, (std::string("size=") + size).c_str()) == 0;
}

inline void fill_up(const std::string& name) {
  std::ofstream filler(name, std::ios::binary);
  const std::string page(4096, 'x');
  while (filler.write(page.data(), 4096).flush()) {
  }
}

}  // namespace packbench::hil::api::test
