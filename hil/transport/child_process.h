// A child process that never outlives the bench and never stays a zombie.
//
// It leads its own process group (a Ctrl-C at the terminal reaches the bench only, which then ends it in order), dies
// by SIGKILL when the thread that started it dies (PR_SET_PDEATHSIG: so keep a device on the thread that opened it),
// and inherits no descriptors except 0, 1, 2 and those placed.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace packbench::hil {

// `from`, of the bench, becomes `to` of the child.
struct FdPlacement {
  int from = -1;
  int to = -1;
};

class ChildProcess {
 public:
  struct Started;
  // argv[0] is searched in PATH. On failure `error` is a sentence.
  static Started start(const std::vector<std::string>& argv, std::span<const FdPlacement> placements);

  ChildProcess() = default;
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  ~ChildProcess() { kill(); }

  pid_t pid() const { return pid_; }
  // How it ended, as a clause ("the process ended with exit status 3"). Gives one that has just closed its line a
  // moment to exit; one that stays is killed, and the clause says so.
  std::string ending();
  // Kills the whole process group hard and reaps. Idempotent.
  void kill();

 private:
  bool reap(int options);

  pid_t pid_ = -1;
  std::optional<int> status_;  // of waitpid, once reaped
};

struct ChildProcess::Started {
  ChildProcess child;
  std::string error;
};

}  // namespace packbench::hil
