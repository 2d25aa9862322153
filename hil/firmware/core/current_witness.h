// The cells as witnesses of the current sensor: a clean step of the one must show in the other, with the right sign.
//
// Four samples in a row, at most 1.5 s apart. A step between the middle two with stillness before and after is clean.
//
//   voltage step   most cells move by more than step_voltage in one direction: the current must move by more than
//                  still_current in that direction over the four samples
//   current step   more than step_current: most cells must move by more than still_voltage in that direction
//
// A step without its answer (a sensor that is stuck, reads zero or has its sign reversed) is a contradiction; a step
// with its answer acquits. Contradictions are forgotten after ten minutes.
#pragma once

#include "hil/firmware/core/measurement.h"
#include "hil/firmware/core/watch_rules.h"

namespace packbench::firmware {

class CurrentWitness {
 public:
  void reset() { *this = CurrentWitness{}; }
  void step(const Measurement& measurement, const WatchRules& rules);
  int contradictions() const { return contradictions_; }

 private:
  struct Sample {
    std::uint64_t time_us = 0;
    std::int32_t current_mA = 0;
    std::int32_t cell_dmV[kMaxCells] = {};
  };
  int direction(const Sample& from, const Sample& to, std::int32_t level_dmV) const;
  void judge(const WatchRules& rules);
  void conclude(bool answered);

  Sample samples_[4];
  int count_ = 0, cells_ = 0, contradictions_ = 0;
  std::uint64_t contradicted_us_ = 0;
};

}  // namespace packbench::firmware
