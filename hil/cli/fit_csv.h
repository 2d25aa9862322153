// Measured records from CSV files as cyclers and scripts write them.
//
// Columns are known by their titles: time ("Time(s)", "Test Time [h]", "t_s"), current ("Current(A)", "I/mA"), voltage
// and, where there is one, temperature. A unit stands in brackets, after a slash or after an underscore; without one it
// is s, A, V, degC. Fields are separated by commas, semicolons or tabs; lines that start with # are skipped. A file
// without a title line takes the columns of another given file, or of `titles_from`, with as many fields.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "models/fit/record.h"

namespace packbench::hil {

enum class CurrentSign { by_data, discharge_negative, discharge_positive };

struct CsvRecord {
  models::fit::Record record;                   // positive current charges
  std::optional<double> mean_temperature_degC;  // of the temperature column
  bool turned = false;                          // the file's current was positive for discharge
};

// Every record, or every problem as a sentence with file and line. `by_data`: the voltage rises with the current that
// charges.
std::variant<std::vector<CsvRecord>, std::vector<std::string>> read_csv_records(
    const std::vector<std::filesystem::path>& files, CurrentSign sign,
    const std::optional<std::filesystem::path>& titles_from = {});

}  // namespace packbench::hil
