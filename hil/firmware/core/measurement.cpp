#include "hil/firmware/core/measurement.h"

namespace packbench::firmware {

bool valid_cell(std::int32_t voltage_dmV) { return voltage_dmV >= 5'000 && voltage_dmV <= 45'000; }

bool valid_temperature(std::int32_t temperature_mdegC) {
  return temperature_mdegC >= -40'000 && temperature_mdegC <= 120'000;
}

namespace {

void widen(std::int32_t value, std::int32_t& min, std::int32_t& max) {
  if (min == kNoReading || value < min) min = value;
  if (max == kNoReading || value > max) max = value;
}

void summarise_cells(const Measurement& m, Validity validity, Summary& s) {
  std::int32_t sum = 0;
  for (int i = 0; i < m.cells; ++i) {
    const bool any = validity == Validity::any && m.cell_dmV[i] != kNoReading;
    if (!any && !valid_cell(m.cell_dmV[i])) {
      ++s.missing_cells;
      continue;
    }
    sum += m.cell_dmV[i];
    widen(m.cell_dmV[i], s.min_cell_dmV, s.max_cell_dmV);
  }
  const int valid = m.cells - s.missing_cells;
  if (valid > 0) s.mean_cell_dmV = sum / valid;
}

void summarise_temperatures(const Measurement& m, Validity validity, Summary& s) {
  for (int i = 0; i < m.temperatures; ++i) {
    const bool any = validity == Validity::any && m.temperature_mdegC[i] != kNoReading;
    if (!any && !valid_temperature(m.temperature_mdegC[i])) {
      ++s.missing_temperatures;
      continue;
    }
    ++s.valid_temperatures;
    widen(m.temperature_mdegC[i], s.min_temperature_mdegC, s.max_temperature_mdegC);
  }
}

}  // namespace

Summary summarise(const Measurement& measurement, Validity validity) {
  Summary summary;
  summarise_cells(measurement, validity, summary);
  summarise_temperatures(measurement, validity, summary);
  return summary;
}

}  // namespace packbench::firmware
