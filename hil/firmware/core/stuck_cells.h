// Cells whose reading does not move although the current does.
//
// A reading that is the same to the last bit for the profile's number of samples is suspicious once the current has
// moved by more than stuck_current meanwhile: every real cell answers such a movement with millivolts. Each further
// movement counts again; the next different reading ends it.
#pragma once

#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/watch_rules.h"

namespace packbench::firmware {

class StuckCells {
 public:
  void reset() { *this = StuckCells{}; }
  void step(const Measurement& measurement, const WatchRules& rules);
  // The most movements that a suspicious cell has not answered.
  int moves() const { return moves_; }

 private:
  struct Cell {
    std::int32_t reading_dmV = kNoReading, from_mA = kNoReading;
    int same = 0, moves = 0;
  };
  Cell cells_[kMaxCells];
  int moves_ = 0;
};

}  // namespace packbench::firmware
