// Walks through the phases of a scenario: decides the stimulus at each step and when a phase ends.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/plant/plant.h"

namespace packbench::sim {

// How a phase went, for the report.
struct PhaseRecord {
  std::string label;
  double from_s = 0, to_s = 0;
  bool ended_at_limit = false;     // without limit_is_ok: the run is inconclusive
};

class PhaseRunner {
 public:
  PhaseRunner(const Scenario& scenario, const SignalLayout& layout);
  ~PhaseRunner();

  void start(TimeNs now);
  // Looks at the frame of `now` (for `until`), moves on where a phase has ended, and sets stimulus and drive on the
  // plant for the interval that begins now. False when the last phase is over.
  bool step(TimeNs now, const Frame& frame, Plant& plant);
  const std::vector<PhaseRecord>& records() const;  // finished phases and the running one
  std::string_view current_label() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
