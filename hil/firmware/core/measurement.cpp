#include "hil/firmware/core/measurement.h"

namespace packbench::firmware {

bool valid_cell(std::int32_t voltage_dmV) { return voltage_dmV >= 5'000 && voltage_dmV <= 45'000; }

bool valid_temperature(std::int32_t temperature_mdegC) {
  return temperature_mdegC >= -40'000 && temperature_mdegC <= 120'000;
}

SensorState sensor_state(std::int32_t temperature_mdegC) {
  if (valid_temperature(temperature_mdegC)) return SensorState::good;
  return temperature_mdegC < 0 ? SensorState::open : SensorState::shorted;
}

namespace {

void widen(std::int32_t value, std::int32_t& min, std::int32_t& max) {
  if (min == kNoReading || value < min) min = value;
  if (max == kNoReading || value > max) max = value;
}

bool usable(const Measurement& m, int cell, CellReadings readings, Validity validity) {
  const std::uint32_t mask = 1u << cell;
  if (validity == Validity::any || (readings.dead & mask) != 0) return m.cell_dmV[cell] != kNoReading;
  return valid_cell(m.cell_dmV[cell]) && (readings.unusable & mask) == 0;
}

bool usable_temperature(std::int32_t mdegC, Validity validity) {
  return validity == Validity::any ? mdegC != kNoReading : valid_temperature(mdegC);
}

void summarise_cells(const Measurement& m, CellReadings readings, Validity validity, Summary& s) {
  std::int32_t sum = 0;
  for (int i = 0; i < m.cells; ++i) {
    if (!usable(m, i, readings, validity)) {
      ++s.missing_cells;
      continue;
    }
    sum += m.cell_dmV[i];
    widen(m.cell_dmV[i], s.min_cell_dmV, s.max_cell_dmV);
  }
  const int valid = m.cells - s.missing_cells;
  if (valid > 0) s.mean_cell_dmV = sum / valid;
  if (valid > 0 && s.missing_cells == 0) s.sum_dmV = sum;
}

void summarise_temperatures(const Measurement& m, int board_sensor, Validity validity, Summary& s) {
  for (int i = 0; i < m.temperatures; ++i) {
    const std::int32_t reading = m.temperature_mdegC[i];
    if (!usable_temperature(reading, validity)) {
      ++s.missing_temperatures;
    } else if (i + 1 == board_sensor) {
      s.board_mdegC = reading;
    } else {
      ++s.valid_temperatures;
      widen(reading, s.min_temperature_mdegC, s.max_temperature_mdegC);
    }
  }
}

}  // namespace

Summary summarise(const Measurement& measurement, int board_sensor, CellReadings readings, Validity validity) {
  Summary summary;
  summarise_cells(measurement, readings, validity, summary);
  summarise_temperatures(measurement, board_sensor, validity, summary);
  return summary;
}

}  // namespace packbench::firmware
