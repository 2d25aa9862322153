// Walks through the phases of a scenario: decides the stimulus at each step and when a phase ends.
//
// A phase ends when its duration is over, when `until` comes true, or at its limit, whichever is first; the next begins
// at the same sample. `until` waits for a change: a formula that already holds when the phase begins has to stop
// holding first
// ("device.charger_contactor == open" ends a charge when the contactor opens again, not before it has closed). A
// profile also ends with its file (times `repeat`), a drive without duration with its longest ramp.
//
// What a phase does: charge connects the charger; discharge loads the bus; power charges through the charger when
// positive and loads the bus when negative; a profile feeds back through the bus where it is positive and loads it
// where it is negative, interpolated linearly between the rows of its file and held during a step; drive holds
// quantities (drive.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/plant/plant.h"

namespace packbench::sim {

// How a phase went, for the report.
struct PhaseRecord {
  std::string label;
  double from_s = 0, to_s = 0;
  bool ended_at_limit = false;         // without limit_is_ok: the run is inconclusive
  bool until_held_throughout = false;  // then: `until` was true from the beginning and never became false
};

class PhaseRunner {
 public:
  // Throws std::invalid_argument for a phase without an end.
  PhaseRunner(const Scenario& scenario, const SignalLayout& layout);
  // Of a variant whose prepared run has come to its branch point.
  PhaseRunner(const Scenario& scenario, const SignalLayout& layout, const PhaseRunner& prepared);
  ~PhaseRunner();

  void start(TimeNs now);
  // Looks at the frame of `now` (for `until`), moves on where a phase has ended, and sets stimulus and drive on the
  // plant for the interval that begins now. False when the last phase is over (the plant is then left at rest).
  bool step(TimeNs now, const Frame& frame, Plant& plant);
  // step() goes no further than to the branch point: to the sample at which the first phase of the variant would begin.
  void hold_at_branch();
  bool held() const;
  const std::vector<PhaseRecord>& records() const;  // finished phases and the running one
  std::string_view current_label() const;           // "" before the first phase

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
