// Sensing: what the front end, the shunt and the temperature sensors make of the truth, with sensor faults applied.
//
//   cell:         quant(154 uV)((1 + gain) v + offset + noise), gain and offset normal, drawn once per seed and clipped
//   pack, bus:    quant((1 + gain) v + noise), gain uniform
//   current:      clip(quant((1 + gain) i + offset + noise)), gain and offset uniform
//   temperature:  thermistor.h of (lagged truth + tolerance + noise), the lag exact: x += (1 - exp(-dt / tau))(T - x)
//
// The last of several temperature sensors sits on the board (ambient), the others on cells spread evenly. A quantity
// that a drive phase holds is measured without error, and the pack voltage too when every cell is driven.
//
// Order: analog faults (offset, gain, drift, noise, wires), converter, faults of the reading (stuck, frozen, spike,
// dropout), clamping and the wire's fixed point. Every source of chance has its own named stream and draws once per
// sample whatever happens, so that a fault on one channel moves no other. Nothing allocates after construction.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/plant/plant.h"
#include "sim/signals.h"

namespace packbench::sim {

// The cell that temperature sensor `sensor` of `sensors` sits on; -1 for the board.
int cell_of_temperature_sensor(int sensor, int sensors, int cells);

class Sensing {
 public:
  Sensing(const Scenario& scenario, std::uint64_t seed);
  ~Sensing();
  // Goes on from the same state, with room for the faults of `scenario`. Faults that are active stay those of `other`
  // until they are adopted.
  Sensing(const Scenario& scenario, const Sensing& other);
  Sensing(Sensing&&) noexcept;

  // Reads truth.* from the frame and writes every sensed.* signal, in fixed-point steps of the wire (packlink: 0.1 mV,
  // 1 mA, 1 m degC), clamped to 0..5 V; a sensor without a reading is NaN.
  void sample(TimeNs now, const Plant::Feedback& feedback, Frame& frame);

  // A sensor fault that is active from the next sample on, or no longer. It must stay where it is while it is active.
  // Throws std::invalid_argument for a fault that is not a sensor's.
  void activate(const FaultSpec& fault, bool active);
  // Where `before` is active, its copy `after` takes its place.
  void adopt(const FaultSpec& before, const FaultSpec& after);

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace packbench::sim
