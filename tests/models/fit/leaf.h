// The measured Leaf cell (tests/data/leaf_cell_hppc).
#pragma once

#include "models/fit/fit.h"
#include "models/fit/to_cell.h"

namespace packbench::models::fit {

// Mass, specific heat, surface and film coefficient of the source (SOURCE.md); core to surface: half of a pouch of
// about 7 mm over a third of that depth at 0.8 W/(m K) (ours, assumed: it is a difference of 0.2 K at 2C).
inline constexpr double kLeafMass_kg = 0.799, kLeafHeat_J_per_kgK = 1600, kLeafCore_W_per_K = 40;
inline constexpr double kLeafCooling_W_per_K = 9.5 * 0.067569;

Record leaf_record(const std::string& file, double temperature_degC);
Record leaf_hppc(int degC);          // 10, 25 or 40
Record leaf_discharges(int c_rate);  // 1 or 2
CellParameters leaf_cell(const Result& result);

}  // namespace packbench::models::fit
