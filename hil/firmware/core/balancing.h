// Passive balancing: which bleed resistors are on.
//
// Starts when the highest cell is above 3.40 V and more than 20 mV above the lowest, current is not discharging, no
// sensor is above 60 degC and no fault is active; stops below 3.35 V or 10 mV. Bleeds the cells that are more than 10
// mV above the lowest, highest first, no two neighbours, at most seven; 2 s on, then 0.2 s off in which the voltages
// are read.
#pragma once

#include "hil/firmware/core/measurement.h"

namespace packbench::firmware {

class Balancing {
 public:
  void reset() { *this = Balancing{}; }
  void step(std::uint64_t now_us, const Measurement& measurement, const Summary& summary, bool allowed);
  std::uint32_t bleed() const { return bleed_; }  // bit i: cell i
  bool active() const { return active_; }         // also in the pauses in which the voltages are read

 private:
  std::uint32_t bleed_ = 0;
  bool active_ = false;
  std::uint64_t phase_since_us_ = 0;
};

// The cells to bleed for these voltages.
std::uint32_t choose_cells(const Measurement& measurement, std::int32_t min_cell_dmV);

}  // namespace packbench::firmware
