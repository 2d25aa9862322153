// A fit as a cell file, and that cell on records that were not fitted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hil/report/fit_result.h"
#include "models/fit/simulate.h"

namespace packbench::hil {

struct CellTexts {
  std::string name, chemistry, description, source, licence, measured;
};

struct HeatOptions {
  std::optional<double> mass_kg;
  std::optional<double> specific_heat_J_per_kgK;
  std::optional<double> cooling_W_per_K;  // surface to ambient, for replays
  std::optional<double> core_surface_W_per_K;
  double ambient_degC = 25;

  bool known() const { return mass_kg && specific_heat_J_per_kgK && cooling_W_per_K; }
};

// Numbers of the file are rounded to 7 digits, far below their standard errors.
sim::CellFile cell_file_of(const models::fit::Result& result, const CellTexts& texts, const HeatOptions& heat);

// Each discharge from full of the record on its own, with the capacity that its counter gives, from rest on the charge
// branch; a record without one is replayed as a whole with the cell's capacity. Without known heat the cell stays at
// the record's temperature.
std::vector<Validation> validate_record(const models::fit::Record& record, const sim::CellFile& file,
                                        const HeatOptions& heat);

}  // namespace packbench::hil
