// The core alone on a bench: no bytes, no host, integers only, so that the same tests run on the target's processor.
//
// The pack has contactors that follow their outputs at the next measurement, a bus that follows the contactors, a
// current through them, and cells that answer the current with 1 mohm each.
#pragma once

#include <cstdint>

#include "hil/firmware/core/bms.h"

namespace core_bench {

using namespace packbench::firmware;

// The protections of the 15-cell 100 Ah LFP pack in wire units, complete.
Profile reference_profile(int cells = 15);

class CoreBench {
 public:
  explicit CoreBench(int cells = 15);

  // Stimulus: dmV, mdegC and mA as on the wire.
  Measurement readings;
  std::int32_t load_mA = 0, charge_mA = 0;
  std::int32_t cell_rest_dmV[kMaxCells];  // without current
  std::int32_t bus_dmV = kFollows;        // or a voltage that it keeps
  std::int32_t current_error_mA = 0;      // added to what the sensor reads
  std::int32_t pack_error_dmV = 0;
  bool cells_frozen = false;  // readings.cell_dmV and pack_dmV stay as they are
  bool current_frozen = false, current_reversed = false;
  bool main_welded = false, main_feedback_stuck_open = false;
  bool silent = false;
  std::uint32_t step_us = 100'000;

  void set_cells(std::int32_t dmV);
  void set_temperatures(std::int32_t mdegC);  // four on cells and the board's, the fifth

  void step();
  void run_ms(std::uint64_t ms);
  void start();  // profile, enabled, until IDLE
  // Milliseconds until the condition holds, or -1 after `limit_ms`.
  template <typename Condition>
  std::int64_t ms_until(Condition condition, std::int64_t limit_ms) {
    const std::uint64_t start_us = now_us;
    while (!condition()) {
      if (static_cast<std::int64_t>((now_us - start_us) / 1000) > limit_ms) return -1;
      step();
    }
    return static_cast<std::int64_t>((now_us - start_us) / 1000);
  }

  bool faulty(Fault fault) const { return (bms.protections().faults() & bit(fault)) != 0; }
  bool warned(Fault fault) const { return (bms.protections().warnings() & bit(fault)) != 0; }
  bool latched(Fault fault) const { return (bms.protections().latched() & bit(fault)) != 0; }
  bool main() const { return bms.outputs().main; }
  bool charger() const { return bms.outputs().charger; }

  static constexpr std::int32_t kFollows = -1;
  Profile profile;
  Bms bms;
  std::uint64_t now_us = 0;

 private:
  void move_pack();
};

}  // namespace core_bench
