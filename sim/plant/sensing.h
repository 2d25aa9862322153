// Sensing: what the front end, the shunt and the temperature sensors make of the truth, with sensor faults applied.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/plant/plant.h"
#include "sim/signals.h"

namespace packbench::sim {

class Sensing {
 public:
  Sensing(const Scenario& scenario, std::uint64_t seed);
  ~Sensing();
  Sensing(Sensing&&) noexcept;

  // Reads truth.* from the frame and writes every sensed.* signal, in fixed-point steps of the wire (packlink: 0.1 mV,
  // 1 mA, 1 m degC), clamped to 0..5 V; a sensor without a reading is NaN.
  void sample(TimeNs now, const Plant::Feedback& feedback, Frame& frame);

  // A sensor fault that is active from now on (index into scenario.faults) or no longer.
  void activate(const FaultSpec& fault, bool active);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
