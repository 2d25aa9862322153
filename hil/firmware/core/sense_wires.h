// Which cell readings can be believed: an open sense wire told apart from a cell that really is at 0 V.
//
// A wire that breaks between two cells makes the lower one read 0 V and the upper one the sum of both; the top wire
// makes only its own cell read 0 V. A dead cell reads 0 V too, but then the readings still add up to the pack voltage.
//
//   dead     reading below 0.5 V, readings add up to the pack voltage within 0.5 V, no neighbour above 4.2 V, and it
//            did not fall by more than 1 V in the one sample in which a neighbour rose by as much
//   open     any other reading below 0.5 V; a neighbour above 4.2 V is then not believed either
#pragma once

#include "hil/firmware/core/defects.h"
#include "hil/firmware/core/measurement.h"

namespace packbench::firmware {

class SenseWires {
 public:
  void reset() { *this = SenseWires{}; }
  CellReadings judge(const Measurement& measurement, DefectSet defects);

 private:
  bool jumped(const Measurement& measurement, int cell) const;

  std::int32_t before_dmV_[kMaxCells] = {};
  int cells_ = 0;
  std::uint32_t jumped_ = 0;
};

}  // namespace packbench::firmware
