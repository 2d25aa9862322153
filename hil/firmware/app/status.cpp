#include "hil/firmware/app/status.h"

namespace packbench::firmware {
namespace {

// Voltages beyond the core's signed range are beyond any pack of 24 cells as well.
std::int32_t reading(std::uint32_t dmV) { return dmV > INT32_MAX ? kNoReading : static_cast<std::int32_t>(dmV); }
std::uint32_t wire_voltage(std::int32_t dmV) {
  return dmV == kNoReading ? PACKLINK_NO_VOLTAGE32 : static_cast<std::uint32_t>(dmV);
}
std::uint16_t wire_cell(std::int32_t dmV) {
  return dmV == kNoReading ? std::uint16_t{PACKLINK_NO_VOLTAGE} : static_cast<std::uint16_t>(dmV);
}

void report_readings(const Bms& bms, packlink_status_t& s) {
  const Measurement& m = bms.measurement();
  s.measurement_sequence = m.sequence;
  s.cells = static_cast<std::uint8_t>(m.cells);
  s.temperatures = static_cast<std::uint8_t>(m.temperatures);
  s.pack_dmV = wire_voltage(m.pack_dmV);
  s.current_mA = m.current_mA;
  for (int i = 0; i < m.cells; ++i) s.cell_dmV[i] = wire_cell(m.cell_dmV[i]);
  for (int i = 0; i < m.temperatures; ++i) s.temperature_mdegC[i] = m.temperature_mdegC[i];
}

void report_falsely(const Bms& bms, packlink_status_t& s) {
  const Measurement& m = bms.measurement();
  for (int i = 0; i < m.cells && bms.defects.has(Defect::cell_order_reversed); ++i) {
    s.cell_dmV[i] = wire_cell(m.cell_dmV[m.cells - 1 - i]);
  }
  for (int i = 0; i < m.temperatures && bms.defects.has(Defect::temperature_stuck); ++i) {
    s.temperature_mdegC[i] = 25'000;
  }
  if (bms.defects.has(Defect::pack_voltage_wrong_unit) && m.pack_dmV != kNoReading) s.pack_dmV /= 10;
  if (bms.defects.has(Defect::current_sign_reversed_in_status) && m.current_mA != kNoReading) {
    s.current_mA = -m.current_mA;
  }
}

}  // namespace

Measurement to_measurement(const packlink_measurements_t& readings, std::uint16_t sequence) {
  Measurement m;
  m.time_us = readings.time_us;
  m.sequence = sequence;
  m.cells = readings.cells;
  m.temperatures = readings.temperatures;
  m.main_feedback = readings.main_feedback;
  m.charger_feedback = readings.charger_feedback;
  m.charger_present = readings.charger_present;
  m.pack_dmV = reading(readings.pack_dmV);
  m.bus_dmV = reading(readings.bus_dmV);
  m.current_mA = readings.current_mA;
  for (int i = 0; i < m.cells; ++i) {
    m.cell_dmV[i] = readings.cell_dmV[i] == PACKLINK_NO_VOLTAGE ? kNoReading : readings.cell_dmV[i];
  }
  for (int i = 0; i < m.temperatures; ++i) m.temperature_mdegC[i] = readings.temperature_mdegC[i];
  return m;
}

packlink_status_t make_status(const Bms& bms, const BootRecord& boot) {
  packlink_status_t s{};
  s.uptime_us = boot.uptime_us;
  s.boot_count = boot.boot_count;
  s.reset_reason = boot.reset_reason;
  s.rx_errors = boot.rx_errors;
  s.soc_pctpct = bms.soc_pctpct();
  s.ocv_soc_pctpct = bms.ocv_soc_pctpct();
  s.soh_pctpct = bms.soh_pctpct();
  s.state = static_cast<std::uint8_t>(bms.state());
  s.main_contactor = bms.outputs().main;
  s.charger_contactor = bms.outputs().charger;
  s.precharge_contactor = bms.outputs().precharge;
  s.balancing = bms.bleed();
  s.faults = bms.protections().faults();
  s.warnings = bms.protections().warnings();
  s.latched_faults = bms.protections().latched();
  s.first_fault = bms.protections().has_first_fault() ? static_cast<std::uint8_t>(bms.protections().first_fault())
                                                      : std::uint8_t{PACKLINK_NO_FAULT};
  s.charge_limit_mA = bms.charge_limit_mA();
  s.discharge_limit_mA = bms.discharge_limit_mA();
  report_readings(bms, s);
  report_falsely(bms, s);
  return s;
}

}  // namespace packbench::firmware
