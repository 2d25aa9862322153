// What a process of the bench's own is doing, from /proc (proc(5); schedstat: Documentation/scheduler/sched-stats of
// the kernel). For the watchdog on a device, which must tell a device that stalls from a computer that is busy.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>

namespace packbench::hil {

struct ProcessActivity {
  // Of its threads the one that is first in this list. able: on a processor or waiting for one.
  enum class Doing { able, waiting_for_disk, stopped, asleep } doing = Doing::asleep;
  // Since its threads started, summed over them: on a processor, and able but without one. A wait that lasts is seen
  // when it ends or the thread moves to another processor. `timed` is false where the kernel does not count this.
  std::chrono::nanoseconds ran{}, waited{};
  bool timed = false;
};

// Nothing when there is no such process.
std::optional<ProcessActivity> activity_of(pid_t pid);

}  // namespace packbench::hil
