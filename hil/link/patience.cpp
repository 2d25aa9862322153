#include "hil/link/patience.h"

#include <algorithm>

namespace packbench::hil {
namespace {

using Doing = ProcessActivity::Doing;
using Time = WallClock::duration;

// Able all the time and never on a processor. A wait shows in `waited` only when it is over.
bool starved(const ProcessActivity& before, const ProcessActivity& now) {
  return now.timed && now.doing == Doing::able && now.ran <= before.ran;
}

// Several threads may run and wait at once: then it is their share of the slice.
Time let_wait(const ProcessActivity& before, const ProcessActivity& now, Time slice) {
  if (now.doing == Doing::waiting_for_disk || starved(before, now)) return slice;
  const Time waited = now.waited - before.waited;
  if (!now.timed || waited <= Time::zero()) return Time::zero();
  const Time both = waited + std::max(now.ran - before.ran, Time::zero());
  if (both <= slice) return waited;
  const double share = static_cast<double>(waited.count()) / static_cast<double>(both.count());
  return Time(static_cast<Time::rep>(share * static_cast<double>(slice.count())));
}

std::string_view words(const std::optional<ProcessActivity>& before, const ProcessActivity& now) {
  switch (now.doing) {
    case Doing::able:
      return before && starved(*before, now) ? "waiting for a processor" : "running";
    case Doing::waiting_for_disk:
      return "waiting for the disk";
    case Doing::stopped:
      return "stopped";
    case Doing::asleep:
      break;
  }
  return "asleep";
}

}  // namespace

// A process is looked at over whole slices: its time on a processor is counted in ticks of the scheduler.
Time Patience::slice() const { return before_ ? kSlice : std::min(kSlice, left_); }

void Patience::spend(Time time) { left_ = std::max(left_ - time, Time::zero()); }

void Patience::spend(Time time, const std::optional<ProcessActivity>& seen) {
  const Time excused = seen && before_ ? let_wait(*before_, *seen, time) : Time::zero();
  doing_ = seen ? words(before_, *seen) : std::string_view();
  before_ = seen;
  excused_ += excused;
  spend(time - excused);
}

}  // namespace packbench::hil
