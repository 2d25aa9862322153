// One telemetry record of the Device API and one row of its device list, in the fixed-point units of the store.
//
// JSON prints decimals (41.2708 V, 27.315 degC, 21.02 %) with trailing zeros trimmed; fixed_point.h converts exactly
// both ways. A reading that the device does not have is kNoReading here and null in JSON, never 0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace packbench::hil::api {

inline constexpr std::int64_t kNoReading = std::numeric_limits<std::int64_t>::min();

// The states and faults of all records that one record stands for: each once, in the order of the query, the first
// kMostSeen.
inline constexpr std::size_t kMostSeen = 64;  // ours
struct Seen {
  std::vector<std::string> states, faults;

  friend bool operator==(const Seen&, const Seen&) = default;
};

struct Record {
  std::string device_name;    // Device_id
  std::int64_t pack_dmV = 0;  // 0.1 mV
  std::vector<std::int64_t> cell_dmV;
  std::int64_t temperature_mdegC = 0;                               // highest cell temperature
  std::int64_t current_mA = 0;                                      // positive charges
  std::int64_t soc_pctpct = 0, ocv_soc_pctpct = 0, soh_pctpct = 0;  // 0.01 %
  std::string bms_state;
  bool main_contactor = false, charger_contactor = false;
  std::string id;
  std::int64_t measured_ms = 0;  // measurement time, ms since 1970-01-01T00:00Z
  std::int64_t arrived_s = 0;    // _ts
  std::optional<std::int64_t> boot, sequence;
  std::vector<std::int64_t> temperatures_mdegC;  // every sensor, the extension `temperatures`
  std::vector<std::int64_t> balancing;           // one a cell, 1 where it is bled; empty where not known
  // Faults that are present or latched, by their words; nothing where the device does not tell.
  std::optional<std::vector<std::string>> faults;
  std::optional<Seen> seen;  // of a record that stands for a bucket, whose records were read

  friend bool operator==(const Record&, const Record&) = default;
};

// A registered device. Records that bring no Device_id of their own carry its name.
struct Device {
  std::string device_id, name, model, location;
  std::int64_t organization = 1;
  std::string status = "enabled";
  std::optional<std::int64_t> last_connected_ms;
  std::int64_t created_ms = 0, updated_ms = 0;
  std::optional<int> cell_count;  // records with another number of cells are refused

  friend bool operator==(const Device&, const Device&) = default;
};

}  // namespace packbench::hil::api
