// Judged samples at which a formula had no truth because a signal that it reads had no value there.
//
// What happened at such a sample is not known, so a check with a gap cannot pass. Let pass are samples before the first
// one with a truth, at most kSettling of them in time and not more than there are with a truth afterwards: a device
// that boots has not reported yet. A formula that has no truth only because the window of `for`, `delta`, `rate` or an
// edge is not full yet has no gap.
#pragma once

#include <cstdint>
#include <string>

#include "sim/time.h"

namespace packbench::sim {

class Gaps {
 public:
  static constexpr TimeNs kSettling = 5 * kSecond;

  // One judged sample. `lacks`: it has no truth, and a signal has no value.
  void add(TimeNs now, bool known, bool lacks);

  bool any() const { return later_ > 0 || late_start_ || leading_ > known_; }
  // "; 12 samples had no value, first at 3.2 s", or nothing.
  std::string text() const;

 private:
  TimeNs first_judged_ = -1;
  TimeNs first_gap_ = 0;
  std::int64_t known_ = 0;
  std::int64_t leading_ = 0;  // before the first sample with a truth
  std::int64_t later_ = 0;
  bool late_start_ = false;
};

}  // namespace packbench::sim
