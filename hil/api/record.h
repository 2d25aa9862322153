// One telemetry record of the Device API, in the fixed-point units of the store.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packbench::hil::api {

struct Record {
  std::string device_name;               // Device_id
  std::int64_t pack_dmV = 0;             // 0.1 mV
  std::vector<std::int64_t> cell_dmV;
  std::int64_t temperature_mdegC = 0;    // highest cell temperature
  std::int64_t current_mA = 0;           // positive charges
  std::int64_t soc_pctpct = 0, ocv_soc_pctpct = 0, soh_pctpct = 0;  // 0.01 %
  std::string bms_state;
  bool main_contactor = false, charger_contactor = false;
  std::string id;
  std::int64_t measured_ms = 0;          // measurement time, ms since 1970-01-01T00:00Z
  std::int64_t arrived_s = 0;            // _ts
  std::optional<std::int64_t> boot, sequence;
};

}  // namespace packbench::hil::api
