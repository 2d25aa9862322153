// What a run did to the pack, as a few numbers for people: extremes of the cells over the samples of the run, the
// energy that went through it, and where the cell model was used outside the range that it is claimed for.
#pragma once

#include <string>
#include <vector>

#include "models/cell.h"
#include "sim/plant/energy_ledger.h"
#include "sim/signals.h"
#include "sim/time.h"

namespace packbench::sim {

struct Extreme {
  double value = 0;
  int cell = 0;  // 0-based
  double at_s = 0;
};

// One end of the claimed range (models::Validity) that was passed.
struct OutsideRange {
  std::string what;   // "temperature above 60 degC"
  double from_s = 0;  // first sample outside
  double for_s = 0;   // time outside, in all
};

class PackSummary {
 public:
  Extreme lowest_V, highest_V;         // terminal voltage of a cell
  Extreme coldest_degC, hottest_degC;  // surface of a cell
  double first_soc = 0, last_soc = 0;  // of the pack
  EnergyBalance energy;
  std::vector<OutsideRange> outside;  // filled by finish()
  bool any = false;                   // a sample was seen

  // One sample of truth.*, and models::outside bits of that moment, which hold until the next.
  void add(TimeNs now, const Frame& frame, unsigned outside_bits);
  void finish(const models::Validity& validity, const EnergyBalance& balance);

 private:
  struct Span {
    TimeNs from = -1, length = 0;
  };
  std::array<Span, 6> spans_{};
  unsigned last_bits_ = 0;
  TimeNs last_ = 0;
};

// "the cell model was used outside its range: temperature above 60 degC (from 12 s on, for 30 s)"
std::string outside_text(const std::vector<OutsideRange>& outside);

}  // namespace packbench::sim
