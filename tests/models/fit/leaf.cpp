#include "tests/models/fit/leaf.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace packbench::models::fit {

// A reader for these five files alone: time, current and voltage are columns 2, 9 and 10, with or without a header.
Record leaf_record(const std::string& file, double temperature_degC) {
  Record record;
  record.name = file;
  record.temperature_degC = temperature_degC;
  std::ifstream in(std::string(PACKBENCH_DATA) + "/leaf_cell_hppc/" + file);
  if (!in) throw std::runtime_error("cannot read " + file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("Exclude")) continue;
    std::vector<std::string> fields;
    std::istringstream columns(line);
    for (std::string field; std::getline(columns, field, ',');) fields.push_back(field);
    record.time_s.push_back(std::strtod(fields.at(1).c_str(), nullptr));
    record.current_A.push_back(std::strtod(fields.at(8).c_str(), nullptr));
    record.voltage_V.push_back(std::strtod(fields.at(9).c_str(), nullptr));
  }
  return record;
}

Record leaf_hppc(int degC) {
  const char* file = degC == 10   ? "cell-low-current-hppc-10c.csv"
                     : degC == 25 ? "cell-low-current-hppc-25c-2.csv"
                                  : "cell-low-current-hppc-40c-1.csv";
  return leaf_record(file, degC);
}

Record leaf_discharges(int c_rate) {
  return leaf_record(c_rate == 1 ? "cell-discharge-bitrode-1c.csv" : "cell-discharge-bitrode-2c.csv", 25);
}

CellParameters leaf_cell(const Result& result) {
  CellParameters cell = cell_of(result);
  cell.mass_kg = kLeafMass_kg;
  cell.specific_heat_J_per_kgK = kLeafHeat_J_per_kgK;
  cell.core_surface_W_per_K = kLeafCore_W_per_K;
  return cell;
}

}  // namespace packbench::models::fit
