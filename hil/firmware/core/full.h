// A full pack: the full anchor's condition held for its time. It stays full until it is discharged, so that a charger
// that stays connected does not top it up again and again.
#pragma once

#include "hil/firmware/core/current_flow.h"
#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

class Full {
 public:
  void reset() { *this = Full{}; }
  void step(std::uint64_t now_us, const Profile& profile, const Measurement& measurement, const Summary& summary,
            Flow flow);
  bool full() const { return full_; }

 private:
  bool full_ = false, tapering_ = false;
  std::uint64_t tapering_since_us_ = 0;
};

}  // namespace packbench::firmware
