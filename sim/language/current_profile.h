// Current profiles: a CSV file with a time column and a value column.
//
// Lines that begin with '#' are comments; the first other line may be a header (both fields without a number). Times
// are seconds, finite and strictly increasing; values are finite. Further columns are not allowed.
#pragma once

#include <filesystem>
#include <variant>
#include <vector>

#include "sim/mark.h"

namespace packbench::sim {

struct CurrentTable {
  std::vector<double> time_s;
  std::vector<double> value;
};

// The table, or every problem of the file with line and column.
std::variant<CurrentTable, Problems> read_current_table(const std::filesystem::path& file, const Mark& asked_by = {});

}  // namespace packbench::sim
