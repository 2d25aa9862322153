#include "hil/transport/holders.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace packbench::hil {
namespace fs = std::filesystem;
namespace {

bool has_open(const fs::path& process, const fs::path& wanted) {
  std::error_code error;
  for (fs::directory_iterator it(process / "fd", error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;
    if (fs::read_symlink(it->path(), gone) == wanted && !gone) return true;
  }
  return false;
}

std::string name_of(const fs::path& process) {
  std::ifstream file(process / "comm");
  std::string name;
  std::getline(file, name);
  return name;
}

}  // namespace

std::vector<Holder> holders_of(const std::string& path) {
  std::error_code error;
  const fs::path wanted = fs::canonical(path, error);
  if (error) return {};
  std::vector<Holder> holders;
  for (fs::directory_iterator it("/proc", error), end; !error && it != end; it.increment(error)) {
    const std::string entry = it->path().filename().string();
    if (!std::ranges::all_of(entry, [](char c) { return c >= '0' && c <= '9'; })) continue;
    const pid_t pid = static_cast<pid_t>(std::stol(entry));
    if (pid != ::getpid() && has_open(it->path(), wanted)) holders.push_back({pid, name_of(it->path())});
  }
  std::ranges::sort(holders, {}, &Holder::pid);
  return holders;
}

std::string held_by(const std::string& path) {
  std::string text;
  for (const Holder& holder : holders_of(path)) {
    text += (text.empty() ? "held by " : ", ") + holder.name + ", process " + std::to_string(holder.pid);
  }
  return text.empty() ? "" : " (" + text + ")";
}

}  // namespace packbench::hil
