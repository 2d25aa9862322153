// A fit's result as the cell that models::Pack simulates.
#pragma once

#include "models/cell.h"
#include "models/fit/fit.h"

namespace packbench::models::fit {

// Tables as they are fitted; heat, ageing and what can go wrong keep the defaults of CellParameters. Validity: the SOC,
// temperatures and currents of the records.
CellParameters cell_of(const Result& result);

}  // namespace packbench::models::fit
