// Pack profile: the cell's tables, their scaling, spread, thermal values, contactor plant and sensing, as one file says
// it.
#pragma once

#include <string>

#include "models/pack.h"
#include "sim/plant/plant_parameters.h"
#include "sim/plant/sensing_parameters.h"

namespace packbench::sim {

struct PackProfile {
  std::string name;
  std::string sha256;
  models::PackParameters pack;  // n cells, tables already scaled
  PlantParameters plant;
  SensingParameters sensing;
  double charge_voltage_V = 54.0;  // default constant-voltage limit of the charger
  double max_charge_A = 100.0;
  double max_discharge_A = 100.0;

  double capacity_Ah() const { return pack.cell.capacity_Ah; }  // of the pack: its cells are in series
};

}  // namespace packbench::sim
