// Pack profile: the cell and its size, cells in series and in parallel, spread, heat flow, contactor plant and sensing,
// as one file says it.
#pragma once

#include <string>

#include "models/pack.h"
#include "sim/language/cell_file.h"
#include "sim/plant/plant_parameters.h"
#include "sim/plant/sensing_parameters.h"

namespace packbench::sim {

struct PackProfile {
  std::string name;
  std::string sha256;
  CellFile cell_file;           // as its file says it
  models::PackParameters pack;  // with the cell in the size of this pack
  PlantParameters plant;
  SensingParameters sensing;
  double charge_voltage_V = 54.0;  // default constant-voltage limit of the charger
  double max_charge_A = 100.0;
  double max_discharge_A = 100.0;

  // Of the pack: of one group of parallel cells, since the groups are in series.
  double capacity_Ah() const { return pack.parallel * pack.cell.capacity_Ah; }
};

}  // namespace packbench::sim
