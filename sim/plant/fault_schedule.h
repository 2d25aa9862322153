// Decides which faults of the scenario are active at a sample (at/for, when) and tells sensing, plant and line.
#pragma once

#include <functional>
#include <memory>
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
  FaultSchedule(const Scenario& scenario, const SignalLayout& layout);
  ~FaultSchedule();

  void start(TimeNs now);
  // Applies starts and ends at `now`: sensor faults to `sensing`, actuator and plant faults to `plant`, line and machine
  // faults through the callback (hil owns the line).
  using Elsewhere = std::function<void(const FaultSpec&, bool active)>;
  void step(TimeNs now, const Frame& frame, Sensing& sensing, Plant& plant, const Elsewhere& elsewhere);
  const std::vector<FaultEvent>& events() const;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
