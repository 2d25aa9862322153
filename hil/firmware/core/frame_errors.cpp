#include "hil/firmware/core/frame_errors.h"

namespace packbench::firmware {

void FrameErrors::note(bool damaged) {
  damaged_ += (damaged ? 1 : 0) - (was_damaged_[next_] ? 1 : 0);
  was_damaged_[next_] = damaged;
  next_ = (next_ + 1) % kFrames;
}

}  // namespace packbench::firmware
