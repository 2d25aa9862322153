#include "hil/transport/frozen_process.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace packbench::hil {
namespace {

sigset_t wake_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, kWake);
  sigaddset(&set, SIGCHLD);
  return set;
}

[[noreturn]] void end_like(int status) {
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::signal(WTERMSIG(status), SIG_DFL);
  ::raise(WTERMSIG(status));
  _exit(127);
}

void reap_copies() {
  int status = 0;
  while (::waitpid(-1, &status, WNOHANG) > 0) {
    if (!WIFSIGNALED(status) || WTERMSIG(status) != kEnd) end_like(status);
  }
}

ControlRequest sleep_until_woken(int control) {
  const sigset_t set = wake_signals();
  for (;;) {
    const int number = ::sigwaitinfo(&set, nullptr);
    if (number == SIGCHLD) reap_copies();
    if (number != kWake) continue;
    const auto request = receive_request(control);
    if (!request) _exit(0);  // the bench is gone
    return *request;
  }
}

void become_a_copy(pid_t original, const sigset_t& set) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != original) _exit(0);
  ::signal(kEnd, SIG_DFL);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void say_that_no_copy_can_be_made(int control) {
  ControlAnswer answer;
  ::strncpy(answer.trouble.data(), ::strerror(errno), answer.trouble.size() - 1);
  static_cast<void>(send_answer(control, answer));
}

}  // namespace

ControlRequest freeze(int control, ControlRequest request) {
  const sigset_t set = wake_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  for (;;) {
    const pid_t original = ::getpid();
    const pid_t copy = ::fork();
    if (copy == 0) {
      become_a_copy(original, set);
      return request;
    }
    if (copy < 0) say_that_no_copy_can_be_made(control);
    request = sleep_until_woken(control);
  }
}

}  // namespace packbench::hil
