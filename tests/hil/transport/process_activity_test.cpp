#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "hil/transport/process_activity.h"

namespace packbench::hil {
namespace {

using Doing = ProcessActivity::Doing;

// A copy of this process that does only that.
class Copy {
 public:
  explicit Copy(const std::function<void()>& what) : pid_(::fork()) {
    if (pid_ != 0) return;
    what();
    _exit(0);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  pid_t pid() const { return pid_; }
  ProcessActivity seen() const { return activity_of(pid_).value(); }
  // Looks until it is so; a process that never gets there is found by the time limit of the test.
  void until(const std::function<bool(const ProcessActivity&)>& so) const {
    while (!so(seen())) ::sched_yield();
  }

 private:
  pid_t pid_;
};

void loop() {
  for (volatile bool on = true; on;) {
  }
}
void sleep_for_ever() {
  for (;;) ::pause();
}

TEST(ProcessActivity, OneThatSleepsIsAsleepAndRunsNoMore) {
  const Copy copy(sleep_for_ever);
  copy.until([](const ProcessActivity& seen) { return seen.doing == Doing::asleep; });
  EXPECT_EQ(copy.seen().ran, copy.seen().ran);
}

TEST(ProcessActivity, OneThatLoopsIsAbleAndRunsOn) {
  const Copy copy(loop);
  copy.until([](const ProcessActivity& seen) { return seen.timed; });
  const auto before = copy.seen().ran;
  copy.until([&](const ProcessActivity& seen) { return seen.ran > before; });
  EXPECT_EQ(copy.seen().doing, Doing::able);
}

TEST(ProcessActivity, OneThatIsStoppedIsStopped) {
  const Copy copy(loop);
  ::kill(copy.pid(), SIGSTOP);
  ASSERT_EQ(::waitpid(copy.pid(), nullptr, WUNTRACED), copy.pid());
  EXPECT_EQ(copy.seen().doing, Doing::stopped);
}

TEST(ProcessActivity, TwoThatLoopOnOneProcessorWaitForIt) {
  const auto loop_on_the_first = [] {
    cpu_set_t own, first;
    CPU_ZERO(&first);
    ::sched_getaffinity(0, sizeof own, &own);
    int processor = 0;
    while (!CPU_ISSET(processor, &own)) ++processor;
    CPU_SET(processor, &first);
    ::sched_setaffinity(0, sizeof first, &first);
    loop();
  };
  const Copy one(loop_on_the_first), other(loop_on_the_first);
  for (const Copy* copy : {&one, &other}) {
    const auto before = copy->seen().waited;
    copy->until([&](const ProcessActivity& seen) { return seen.waited > before; });
  }
}

TEST(ProcessActivity, OneThatIsGoneHasNone) {
  pid_t pid = 0;
  {
    const Copy copy(sleep_for_ever);
    pid = copy.pid();
  }
  EXPECT_FALSE(activity_of(pid));
}

}  // namespace
}  // namespace packbench::hil
