// Watches over the profile in memory: its CRC is taken when the profile comes, and again every second, a hundredth of
// the bytes in each task so that no task is long.
#pragma once

#include "hil/firmware/core/profile.h"

namespace packbench::firmware {

class ProfileGuard {
 public:
  void take(const Profile& profile);
  // All at once, at boot.
  bool check(const Profile& profile);
  // One task. False from the end of the round that found another CRC than at take().
  bool step(const Profile& profile);

 private:
  std::uint32_t expected_ = 0, running_ = 0;
  std::size_t next_ = 0;
  bool intact_ = true;
};

}  // namespace packbench::firmware
