#include "hil/api/gateway/gateway.h"

#include <algorithm>
#include <span>

#include "hil/api/values/digest.h"
#include "sim/vocabulary.h"

namespace packbench::hil::api {
namespace {

template <class Wire>
std::int64_t reading(Wire value, Wire none) {
  return value == none ? kNoReading : static_cast<std::int64_t>(value);
}

std::string state_word(std::uint8_t state) {
  const auto words = sim::words(sim::Vocabulary::bms_state);
  return state < words.size() ? std::string(words[state]) : "UNKNOWN_" + std::to_string(state);
}

// Faults that are present or latched.
std::vector<std::string> fault_words(std::uint64_t faults) {
  const auto known = sim::words(sim::Vocabulary::fault);
  std::vector<std::string> words;
  for (std::size_t code = 0; code < 64; ++code) {
    if ((faults >> code & 1u) == 0) continue;
    words.push_back(code < known.size() ? std::string(known[code]) : "unknown_" + std::to_string(code));
  }
  return words;
}

// What an open or a shorted sensor reads, no cell is.
constexpr std::int64_t kColdest_mdegC = -40'000, kHottest_mdegC = 120'000;

std::int64_t highest_cell_temperature(std::span<const std::int64_t> sensors) {
  const auto cells = sensors.size() > 1 ? sensors.first(sensors.size() - 1) : sensors;
  std::int64_t highest = kNoReading;  // the least of all
  for (const std::int64_t sensor : cells) {
    if (sensor >= kColdest_mdegC && sensor <= kHottest_mdegC) highest = std::max(highest, sensor);
  }
  return highest;
}

}  // namespace

Record Gateway::record(const packlink_status_t& status, std::int64_t measured_ms, std::int64_t sequence) const {
  const auto cells = std::span(status.cell_dmV).first(std::min<std::size_t>(status.cells, PACKLINK_MAX_CELLS));
  const auto sensors =
      std::span(status.temperature_mdegC).first(std::min<std::size_t>(status.temperatures, PACKLINK_MAX_TEMPERATURES));
  Record record;
  record.device_name = device_name;
  record.pack_dmV = reading<std::uint32_t>(status.pack_dmV, PACKLINK_NO_VOLTAGE32);
  for (const std::uint16_t cell : cells) record.cell_dmV.push_back(reading<std::uint16_t>(cell, PACKLINK_NO_VOLTAGE));
  for (const std::int32_t sensor : sensors) {
    record.temperatures_mdegC.push_back(reading<std::int32_t>(sensor, PACKLINK_NO_TEMPERATURE));
  }
  record.temperature_mdegC = highest_cell_temperature(record.temperatures_mdegC);
  record.current_mA = reading<std::int32_t>(status.current_mA, PACKLINK_NO_CURRENT);
  record.soc_pctpct = reading<std::uint16_t>(status.soc_pctpct, PACKLINK_NO_PERCENT);
  record.ocv_soc_pctpct = reading<std::uint16_t>(status.ocv_soc_pctpct, PACKLINK_NO_PERCENT);
  record.soh_pctpct = status.soh_pctpct == PACKLINK_NO_PERCENT ? 0 : status.soh_pctpct;  // 0: not computed
  record.bms_state = state_word(status.state);
  record.main_contactor = status.main_contactor;
  record.charger_contactor = status.charger_contactor;
  for (unsigned i = 0; i < cells.size(); ++i) record.balancing.push_back(status.balancing >> i & 1u);
  record.faults = fault_words(status.faults | status.latched_faults);
  record.measured_ms = measured_ms;
  record.boot = status.boot_count;
  record.sequence = sequence;
  record.id = record_uuid(seed, device_id, status.boot_count, sequence);
  return record;
}

}  // namespace packbench::hil::api
