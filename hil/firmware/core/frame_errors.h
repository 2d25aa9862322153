// How many of the last hundred frames came damaged. Frames that did not come at all are the business of comm_loss.
#pragma once

#include <cstdint>

namespace packbench::firmware {

class FrameErrors {
 public:
  static constexpr int kFrames = 100;
  void reset() { *this = FrameErrors{}; }
  void note(bool damaged);
  int damaged() const { return damaged_; }

 private:
  bool was_damaged_[kFrames] = {};
  int next_ = 0, damaged_ = 0;
};

}  // namespace packbench::firmware
