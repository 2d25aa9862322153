// One set of readings as the front end gave it, in wire units, and what the algorithms need of it.
//
// A reading outside what its sensor can say (cell below 0.5 V or above 4.5 V, temperature below -40 or above 120 degC)
// is invalid: it takes no part in any threshold and only counts as missing, so that an open wire is not a deep
// discharge and a shorted sensor not a fire.
#pragma once

#include <cstdint>

namespace packbench::firmware {

inline constexpr int kMaxCells = 24;
inline constexpr int kMaxTemperatures = 8;
inline constexpr std::int32_t kNoReading = INT32_MIN;

struct Measurement {
  std::uint64_t time_us = 0;
  std::uint16_t sequence = 0;
  int cells = 0, temperatures = 0;
  bool main_feedback = false, charger_feedback = false, charger_present = false;
  std::int32_t pack_dmV = kNoReading, bus_dmV = kNoReading;
  std::int32_t current_mA = kNoReading;  // positive charges
  std::int32_t cell_dmV[kMaxCells] = {};
  std::int32_t temperature_mdegC[kMaxTemperatures] = {};
};

bool valid_cell(std::int32_t voltage_dmV);
bool valid_temperature(std::int32_t temperature_mdegC);

// What a temperature reading says of its sensor: an open one or none reads below the range, a shorted one above.
enum class SensorState : std::uint8_t { good, open, shorted };
SensorState sensor_state(std::int32_t temperature_mdegC);

// What is known of single cell readings beyond their range, as bits: sense_wires.h.
struct CellReadings {
  std::uint32_t unusable = 0;  // not believed though in range
  std::uint32_t dead = 0;      // believed though out of range
};

// Over the valid readings; kNoReading where there is none. The board's sensor takes no part in the cells' temperatures.
struct Summary {
  std::int32_t max_cell_dmV = kNoReading, min_cell_dmV = kNoReading, mean_cell_dmV = kNoReading;
  std::int32_t max_temperature_mdegC = kNoReading, min_temperature_mdegC = kNoReading;
  std::int32_t sum_dmV = kNoReading;  // of all cells, when every one is valid
  std::int32_t board_mdegC = kNoReading;
  int missing_cells = 0, missing_temperatures = 0, valid_temperatures = 0;
};
enum class Validity : std::uint8_t { checked, any };  // any: every reading that is there counts as valid
// board_sensor: 1 .. 8, 0 for none.
Summary summarise(const Measurement& measurement, int board_sensor = 0, CellReadings readings = {},
                  Validity validity = Validity::checked);

}  // namespace packbench::firmware
