// The time that a device has for an answer, so that a computer that is busy is not taken for a device that stalls.
//
// It is spent in slices of wall time, of which none costs more than its length: a bench or a machine that was paused
// costs nothing. Where the device is a process of the bench's own (hil/transport/process_activity.h), a slice also does
// not cost what that process waited for a processor or for the disk: the computer is excused for it, at most
// kExcusedTimes the whole patience; the device is then not known to have stalled. A process that sleeps, is stopped or
// loops is charged; one that loops on a busy computer for the time it ran. The first silent slice is charged in full:
// only from then on is the process looked at, so that an answer in time costs nothing.
#pragma once

#include <optional>
#include <string_view>

#include "hil/transport/process_activity.h"
#include "hil/transport/transport.h"

namespace packbench::hil {

class Patience {
 public:
  static constexpr WallClock::duration kSlice = std::chrono::milliseconds(50);  // at least some ticks of the scheduler
  static constexpr int kExcusedTimes = 12;

  // `whole` is for all attempts together.
  explicit Patience(WallClock::duration whole) : excusable_(kExcusedTimes * whole) {}

  // So much more for the next attempt.
  void extend(WallClock::duration time) { left_ += time; }
  // How long to listen next.
  WallClock::duration slice() const;
  // Listened for so long, at most a slice, and heard something.
  void spend(WallClock::duration time);
  // Listened for so long, heard nothing, and saw the process like this.
  void spend(WallClock::duration time, const std::optional<ProcessActivity>& seen);

  bool over() const { return left_ <= WallClock::duration::zero() || computer_too_busy(); }
  bool computer_too_busy() const { return excused_ > excusable_; }
  WallClock::duration excused() const { return excused_; }
  // What the process was doing at last ("asleep"); empty when there is none of the bench's own.
  std::string_view doing() const { return doing_; }

 private:
  WallClock::duration left_{}, excused_{}, excusable_;
  std::optional<ProcessActivity> before_;
  std::string_view doing_;
};

}  // namespace packbench::hil
