#include "hil/transport/process_activity.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace packbench::hil {
namespace {

namespace fs = std::filesystem;
using Doing = ProcessActivity::Doing;

// The letter behind the name in parentheses, which may itself hold some.
char state_letter(const fs::path& thread) {
  std::ifstream file(thread / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t end = line.rfind(')');
  return end != std::string::npos && end + 2 < line.size() ? line[end + 2] : '\0';
}

Doing doing_of(char letter) {
  switch (letter) {
    case 'R':
      return Doing::able;
    case 'D':
      return Doing::waiting_for_disk;
    case 'T':
    case 't':
      return Doing::stopped;
    default:
      return Doing::asleep;
  }
}

void add_times(const fs::path& thread, ProcessActivity& activity) {
  std::ifstream file(thread / "schedstat");
  std::int64_t ran = 0, waited = 0;
  if (!(file >> ran >> waited)) return;
  activity.ran += std::chrono::nanoseconds(ran);
  activity.waited += std::chrono::nanoseconds(waited);
}

}  // namespace

std::optional<ProcessActivity> activity_of(pid_t pid) {
  std::optional<ProcessActivity> activity;
  std::error_code error;
  for (fs::directory_iterator it("/proc/" + std::to_string(pid) + "/task", error), end; !error && it != end;
       it.increment(error)) {
    const char letter = state_letter(it->path());
    if (letter == '\0') continue;
    if (!activity) activity.emplace();
    activity->doing = std::min(activity->doing, doing_of(letter));
    add_times(it->path(), *activity);
  }
  if (activity) activity->timed = activity->ran.count() > 0;  // a kernel that does not count says 0
  return activity;
}

}  // namespace packbench::hil
