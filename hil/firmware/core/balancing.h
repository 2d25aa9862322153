// Passive balancing: which bleed resistors are on. Levels and times are the profile's (ChargeRules).
//
// Starts when the highest cell is above `start` and more than `start_spread` above the lowest and no fault is active;
// stops below `stop` or `stop_spread`, or with a fault; pauses while the pack is discharged or a sensor is at
// `bleed_hot`. Below `start`
// voltages of a flat curve say nothing about charge, so nothing is bled there. Bleeds the cells that are more than
// `stop_spread` above the lowest, highest first, no two neighbours, at most `bleed_cells`; on, then off, until a
// measurement was taken with all off: only those choose cells. Phases change with measurements.
#pragma once

#include "hil/firmware/core/charge_rules.h"
#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/measurement.h"

namespace packbench::firmware {

class Balancing {
 public:
  void reset() { *this = Balancing{}; }
  void step(std::uint64_t now_us, const ChargeRules& rules, const Measurement& measurement, const Summary& summary,
            bool no_fault, DefectSet defects);
  std::uint32_t bleed() const { return bleed_; }  // bit i: cell i
  bool active() const { return active_; }         // also in the pauses in which the voltages are read

 private:
  void switch_to(std::uint32_t cells, std::uint64_t now_us);

  std::uint32_t bleed_ = 0;
  bool active_ = false;
  std::uint64_t phase_since_us_ = 0;
};

// The cells to bleed for these voltages.
std::uint32_t choose_cells(const ChargeRules& rules, const Measurement& measurement, std::int32_t min_cell_dmV,
                           DefectSet defects);

}  // namespace packbench::firmware
