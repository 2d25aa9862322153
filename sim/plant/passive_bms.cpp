#include "sim/plant/passive_bms.h"

namespace packbench::sim {

Actuators PassiveBms::step(const Frame& frame) {
  const double to_go_V = frame[Signal::truth_pack_voltage] - frame[Signal::truth_bus_voltage];
  if (to_go_V <= precharge_delta_V_) precharged_ = true;
  const bool precharging = !precharged_ || frame[Signal::truth_main_contactor] != 1.0;
  return {.main = precharged_, .charger = true, .precharge = precharging, .bleed = 0};
}

}  // namespace packbench::sim
