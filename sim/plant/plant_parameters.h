// Contactors, precharge path, load bus and charger of the plant.
#pragma once

namespace packbench::sim {

struct ContactorTiming {
  double pickup_s = 0.030;   // domain.md 2.2: pickup 20-50 ms
  double dropout_s = 0.020;  // dropout 10-30 ms
};

struct PlantParameters {
  ContactorTiming main, charger, precharge;
  double precharge_ohm = 30.0;  // with bus_capacitance_F: time constant 0.3 s (scenario 4)
  double bus_capacitance_F = 0.010;
  double bus_bleed_ohm = 10'000.0;
  double feedback_delay_s = 0.005;  // auxiliary contact follows the contacts
};

}  // namespace packbench::sim
