#include "hil/transport/child_process.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "hil/transport/unique_fd.h"

namespace packbench::hil {
namespace {

constexpr int kHighestPlacement = 16;

void default_signals() {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < 32; ++number) sigaction(number, &action, nullptr);
}

// In the child, between fork and exec: only calls that are safe there.
[[noreturn]] void become(char* const* argv, std::span<const FdPlacement> placements, int report, pid_t bench) {
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != bench) _exit(127);  // the bench died before prctl
  default_signals();
  // First out of the way of each other, then into place.
  int moved[kHighestPlacement];
  for (std::size_t i = 0; i < placements.size(); ++i) moved[i] = fcntl(placements[i].from, F_DUPFD_CLOEXEC, 64);
  const int kept_report = fcntl(report, F_DUPFD_CLOEXEC, 64);
  syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC);
  for (std::size_t i = 0; i < placements.size(); ++i) dup2(moved[i], placements[i].to);
  execvp(argv[0], argv);
  const int error = errno;
  [[maybe_unused]] const ssize_t written = write(kept_report, &error, sizeof error);
  _exit(127);
}

std::string words_of(int status) {
  if (WIFEXITED(status)) return "the process ended with exit status " + std::to_string(WEXITSTATUS(status));
  const int number = WTERMSIG(status);
  const char* name = sigdescr_np(number);
  return "the process was killed by signal " + std::to_string(number) + " (" + (name ? name : "unknown") + ")";
}

}  // namespace

ChildProcess::Started ChildProcess::start(const std::vector<std::string>& argv,
                                          std::span<const FdPlacement> placements) {
  Started started;
  std::vector<char*> pointers;
  for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  int ends[2];
  if (placements.size() > kHighestPlacement || ::pipe2(ends, O_CLOEXEC) != 0) {
    started.error = std::string("cannot start '") + argv[0] + "': " + strerror(errno) + ".";
    return started;
  }
  UniqueFd report_in(ends[0]), report_out(ends[1]);
  const pid_t bench = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(pointers.data(), placements, report_out.get(), bench);
  if (pid < 0) {
    started.error = std::string("cannot start '") + argv[0] + "': " + strerror(errno) + ".";
    return started;
  }
  started.child.pid_ = pid;
  report_out.reset();
  int error = 0;
  ssize_t count;
  while ((count = ::read(report_in.get(), &error, sizeof error)) < 0 && errno == EINTR) {
  }
  if (count == sizeof error) {
    started.child.kill();
    started.error = std::string("cannot start '") + argv[0] + "': " + strerror(error) + ".";
  }
  return started;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), status_(std::exchange(other.status_, std::nullopt)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  if (this != &other) {
    kill();
    pid_ = std::exchange(other.pid_, -1);
    status_ = std::exchange(other.status_, std::nullopt);
  }
  return *this;
}

bool ChildProcess::reap(int options) {
  if (pid_ <= 0 || status_) return true;
  siginfo_t seen{};
  int result;
  while ((result = ::waitid(P_PID, static_cast<id_t>(pid_), &seen, WEXITED | WNOWAIT | options)) < 0 &&
         errno == EINTR) {
  }
  if (result == 0 && seen.si_pid == 0) return false;
  ::kill(-pid_, SIGKILL);  // what it started; its group cannot be anybody else's before it is reaped
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  status_ = status;
  return true;
}

std::string ChildProcess::ending() {
  if (pid_ <= 0) return "the process was not started";
  constexpr int kGraceMs = 200;  // between closing the last descriptor and being reapable
  for (int waited_ms = 0; !reap(WNOHANG) && waited_ms < kGraceMs; ++waited_ms) ::poll(nullptr, 0, 1);
  if (status_) return words_of(*status_);
  kill();
  return "the process closed its end of the line but went on running; the bench killed it";
}

void ChildProcess::kill() {
  if (pid_ <= 0 || status_) return;
  ::kill(pid_, SIGKILL);
  reap(0);
}

}  // namespace packbench::hil
