// The device whose records the benchmarks of the API read, its key, and their clock.
#pragma once

#include <chrono>
#include <cstdint>

#include "hil/api/values/digest.h"
#include "hil/api/values/record.h"

namespace packbench::hil::api {

using Steady = std::chrono::steady_clock;

inline double us_since(Steady::time_point begin) {
  return std::chrono::duration<double, std::micro>(Steady::now() - begin).count();
}

inline constexpr const char* kKey = "key-of-the-benchmark";
inline constexpr const char* kDevice = "D1";
inline constexpr std::int64_t kStart_ms = 1'700'000'000'000;

inline Device benchmark_device() {
  Device device;
  device.device_id = kDevice, device.name = device.model = device.location = "x";
  device.cell_count = 15;
  return device;
}

// One record a second. Readings move as those of a pack do, so that no two records are alike.
inline Record record_at(std::int64_t i) {
  Record record;
  record.device_name = "BMS_DEVICE_1";
  for (std::int64_t cell = 0; cell < 15; ++cell) record.cell_dmV.push_back(32'000 + (i * 7 + cell * 131) % 2'900);
  record.pack_dmV = 512'030 + i % 1'000;
  record.temperature_mdegC = 25'000 + i % 4'000;
  record.current_mA = -50'000 + i % 100'000;
  record.soc_pctpct = i % 10'000;
  record.ocv_soc_pctpct = (i + 80) % 10'000;
  record.bms_state = "DISCHARGING";
  record.main_contactor = true;
  record.boot = 1;
  record.sequence = i;
  record.temperatures_mdegC = {25'000 + i % 4'000, 24'125, 24'500, 23'875};
  record.balancing.assign(15, 0);
  record.faults.emplace();
  record.id = record_uuid(1, kDevice, 1, i);
  record.measured_ms = kStart_ms + i * 1000;
  return record;
}

}  // namespace packbench::hil::api
