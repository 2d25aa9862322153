// Reads cell files (scenarios/cells/FOLDER/cell.yaml).
//
// The file is one mapping with sections: ocv, hysteresis, entropy, resistance, rate, thermal, validity, runaway,
// plating, ageing. A table stands in the file or is taken from a CSV file beside it (cell_numbers.h). Each section, and
// the file as a whole, says its source, its licence and how it was measured. The keys: `packbench list --schema cell`.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "sim/language/cell_file.h"
#include "sim/language/field_table.h"

namespace packbench::sim {

// The cell, or every problem of the file and its tables at once. `asked_by` is the place that names the file.
std::variant<CellFile, Problems> read_cell_file(const std::filesystem::path& file, const Mark& asked_by = {},
                                                const std::string& path = {});

struct CellDraft;
const FieldTable<CellDraft>& cell_file_fields();

}  // namespace packbench::sim
