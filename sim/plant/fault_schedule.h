// Decides which faults of the scenario are active at a sample (at/for, when) and tells sensing, plant and line.
//
// `at` counts from the start of the phases; a fault with neither `at` nor `when` is there from the start. It begins at
// the first sample at or after its time and ends at the first sample at or after begin + duration. `when` is looked at
// from the start on; the fault begins at the first sample at which the formula holds, once. In the run of a variant,
// the variant's own faults count from the branch point instead, and sleep until then.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/plant/plant.h"
#include "sim/plant/sensing.h"

namespace packbench::sim {

struct FaultEvent {
  double at_s = 0;
  bool active = false;
  std::string label;  // "cell_voltage[8] offset 20 mV"
};

class FaultSchedule {
 public:
  // Throws std::invalid_argument for a fault that is not in the catalogue.
  FaultSchedule(const Scenario& scenario, const SignalLayout& layout);
  // Of a variant whose prepared run has come to its branch point; `sensing` is its copy.
  FaultSchedule(const Scenario& scenario, const SignalLayout& layout, const FaultSchedule& prepared, Sensing& sensing);
  ~FaultSchedule();

  void start(TimeNs now);
  // Applies starts and ends at `now`: sensor faults to `sensing`, actuator and plant faults to `plant`, line and
  // machine faults through the callback (hil owns the line). Does nothing before start().
  using Elsewhere = std::function<void(const FaultSpec&, bool active)>;
  void step(TimeNs now, const Frame& frame, Sensing& sensing, Plant& plant, const Elsewhere& elsewhere);
  // The branch point: the variant's faults wake, and those that are due begin.
  void start_branch(TimeNs now, const Frame& frame, Sensing& sensing, Plant& plant, const Elsewhere& elsewhere);
  const std::vector<FaultEvent>& events() const;
  // Faults whose moment never came, each with the reason, for the report.
  std::vector<std::string> never_injected() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
