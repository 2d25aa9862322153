// One line fault as a filter on whole frames and their bytes, in one direction.
//
// Which frames it hits: those of `pattern` (keep, hit, keep, hit ..., counted from the fault's start, repeated), else
// each with `probability`. What happens to a hit frame:
//   drop, silence   it is lost (silence: every frame)
//   corrupt         each of its bits flips with the probability `value`; value 0: exactly one bit, anywhere
//   delay           it leaves `value` seconds later, in the write of the first step at or after that time
//   duplicate       it is sent twice
//   truncate        its end is lost from a random byte on, the delimiter included
//   garbage         16 random bytes, 0x00 among them, go before it
// Random numbers: models::Stream(seed, "line.<channel>.<kind>", ordinal), so the same run gives the same bytes on every
// device.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "hil/device.h"
#include "hil/link/frame_batch.h"
#include "models/random.h"

namespace packbench::hil {

class LineFilter {
 public:
  // Throws std::invalid_argument for a kind that is no line fault.
  LineFilter(const sim::FaultSpec& fault, std::uint64_t seed, std::uint64_t ordinal);

  // The same fault of the scenario: starting it again goes on with its random stream.
  bool is(const sim::FaultSpec& fault) const;
  void set_active(bool active);
  // Also true while a delayed frame is still on its way.
  bool busy() const { return active_ || !held_.empty(); }
  // Passes `in` on to `out`, frames that are due first.
  void pass(const FrameBatch& in, FrameBatch& out, sim::TimeNs now, LinkCounters& counters);

 private:
  enum class Kind { drop, corrupt, delay, duplicate, truncate, garbage, silence };
  struct Held {
    sim::TimeNs due = 0;
    std::vector<std::uint8_t> bytes;
  };

  static Kind kind_of(const std::string& name);
  bool hits();
  bool in_pattern();
  void hit(std::span<const std::uint8_t> frame, FrameBatch& out, sim::TimeNs now, LinkCounters& counters);
  void release(FrameBatch& out, sim::TimeNs now);
  void flip_bits(std::span<std::uint8_t> frame);
  std::uint64_t below(std::uint64_t limit);

  sim::FaultSpec fault_;
  Kind kind_;
  models::Stream random_;
  bool active_ = false;
  std::uint64_t frames_seen_ = 0;  // since the fault's start
  std::deque<Held> held_;
};

}  // namespace packbench::hil
