// A BMS that never intervenes, for a plant that is simulated alone.
//
// After power-on it charges the load bus through the precharge path until the bus is as near to the string as the BMS
// profile asks, then closes the main contactor; the charger contactor is closed from the start. From then on it keeps
// both closed, whatever happens, and bleeds no cell.
#pragma once

#include "sim/language/bms_profile.h"
#include "sim/plant/plant.h"

namespace packbench::sim {

class PassiveBms {
 public:
  explicit PassiveBms(const BmsProfile& profile) : precharge_delta_V_(profile.precharge_delta_V) {}

  // What it drives from now on, by truth.* of the frame.
  Actuators step(const Frame& frame);
  // The contacts of the main contactor have closed after the precharge.
  bool ready(const Frame& frame) const { return precharged_ && frame[Signal::truth_main_contactor] == 1.0; }

 private:
  double precharge_delta_V_;
  bool precharged_ = false;
};

}  // namespace packbench::sim
