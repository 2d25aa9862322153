#include "hil/frames.h"

#include <cmath>
#include <limits>

namespace packbench::hil {
namespace {

using sim::Frame;
using sim::Signal;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Fixed point with clamping; `none` stands for a missing reading and is never produced by a present one.
template <typename Integer>
Integer fixed(double value, double per_unit, double lowest, double highest, Integer none) {
  if (std::isnan(value)) return none;
  const double scaled = std::nearbyint(value * per_unit);
  return static_cast<Integer>(std::fmin(std::fmax(scaled, lowest), highest));
}

std::uint16_t cell_dmV(double volt) { return fixed<std::uint16_t>(volt, 1e4, 0, 65534, PACKLINK_NO_VOLTAGE); }

std::uint32_t volt_dmV(double volt) { return fixed<std::uint32_t>(volt, 1e4, 0, 4294967294.0, PACKLINK_NO_VOLTAGE32); }

std::int32_t milli(double value, std::int32_t none) {
  return fixed<std::int32_t>(value, 1e3, -2147483647.0, 2147483647.0, none);
}

double volt(std::uint16_t dmV) { return dmV == PACKLINK_NO_VOLTAGE ? kNaN : dmV / 1e4; }
double volt32(std::uint32_t dmV) { return dmV == PACKLINK_NO_VOLTAGE32 ? kNaN : dmV / 1e4; }
double from_milli(std::int32_t value, std::int32_t none) { return value == none ? kNaN : value / 1e3; }
double fraction(std::uint16_t pctpct) { return pctpct == PACKLINK_NO_PERCENT ? kNaN : pctpct / 1e4; }

void write_status(const packlink_status_t& status, Frame& frame) {
  frame[Signal::device_state] = status.state;
  frame[Signal::device_soc] = fraction(status.soc_pctpct);
  frame[Signal::device_ocv_soc] = fraction(status.ocv_soc_pctpct);
  frame[Signal::device_soh] = fraction(status.soh_pctpct);
  frame[Signal::device_main_contactor] = status.main_contactor;
  frame[Signal::device_charger_contactor] = status.charger_contactor;
  frame[Signal::device_precharge_contactor] = status.precharge_contactor;
  frame[Signal::device_faults] = static_cast<double>(status.faults);
  frame[Signal::device_warnings] = static_cast<double>(status.warnings);
  frame[Signal::device_latched_faults] = static_cast<double>(status.latched_faults);
  frame[Signal::device_first_fault] = status.first_fault == PACKLINK_NO_FAULT ? sim::kNone : status.first_fault;
  frame[Signal::device_charge_limit] = status.charge_limit_mA / 1e3;
  frame[Signal::device_discharge_limit] = status.discharge_limit_mA / 1e3;
  frame[Signal::device_pack_voltage] = volt32(status.pack_dmV);
  frame[Signal::device_pack_current] = from_milli(status.current_mA, PACKLINK_NO_CURRENT);
  frame[Signal::device_uptime] = static_cast<double>(status.uptime_us) * 1e-6;
  frame[Signal::device_boot_count] = status.boot_count;
  frame[Signal::device_reset_reason] = status.reset_reason;
  frame[Signal::device_rx_errors] = status.rx_errors;
}

void write_status_arrays(const packlink_status_t& status, Frame& frame) {
  const auto cells = frame.array(Signal::device_cell_voltage);
  const auto balancing = frame.array(Signal::device_balancing);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    cells[i] = i < status.cells ? volt(status.cell_dmV[i]) : kNaN;
    balancing[i] = (status.balancing >> i) & 1u;
  }
  const auto temperatures = frame.array(Signal::device_temperature);
  for (std::size_t i = 0; i < temperatures.size(); ++i) {
    temperatures[i] = i < status.temperatures ? from_milli(status.temperature_mdegC[i], PACKLINK_NO_TEMPERATURE) : kNaN;
  }
}

}  // namespace

packlink_measurements_t to_measurements(const Frame& frame, sim::TimeNs now) {
  packlink_measurements_t out{};
  out.time_us = static_cast<std::uint64_t>(now / sim::kMicrosecond);
  const auto cells = frame.array(Signal::sensed_cell_voltage);
  const auto temperatures = frame.array(Signal::sensed_temperature);
  out.cells = static_cast<std::uint8_t>(cells.size());
  out.temperatures = static_cast<std::uint8_t>(temperatures.size());
  for (std::size_t i = 0; i < cells.size(); ++i) out.cell_dmV[i] = cell_dmV(cells[i]);
  for (std::size_t i = 0; i < temperatures.size(); ++i) {
    out.temperature_mdegC[i] = milli(temperatures[i], PACKLINK_NO_TEMPERATURE);
  }
  out.pack_dmV = volt_dmV(frame[Signal::sensed_pack_voltage]);
  out.bus_dmV = volt_dmV(frame[Signal::sensed_bus_voltage]);
  out.current_mA = milli(frame[Signal::sensed_pack_current], PACKLINK_NO_CURRENT);
  out.main_feedback = frame[Signal::sensed_main_feedback] == 1.0;
  out.charger_feedback = frame[Signal::sensed_charger_feedback] == 1.0;
  out.charger_present = frame[Signal::sensed_charger_present] == 1.0;
  return out;
}

void write_device(const DeviceReport& report, Frame& frame) {
  frame[Signal::device_main_drive] = report.actuators.main;
  frame[Signal::device_charger_drive] = report.actuators.charger;
  frame[Signal::device_precharge_drive] = report.actuators.precharge;
  if (!report.has_status) return;
  write_status(report.status, frame);
  write_status_arrays(report.status, frame);
}

void write_link(const LinkCounters& counters, Frame& frame) {
  frame[Signal::link_frames_sent] = static_cast<double>(counters.frames_sent);
  frame[Signal::link_frames_received] = static_cast<double>(counters.frames_received);
  frame[Signal::link_crc_errors] = static_cast<double>(counters.crc_errors);
  frame[Signal::link_lost] = static_cast<double>(counters.lost);
  frame[Signal::link_repeated] = static_cast<double>(counters.repeated);
  frame[Signal::link_delayed] = static_cast<double>(counters.delayed);
}

sim::Actuators to_actuators(const packlink_actuators_t& outputs) {
  return {outputs.main, outputs.charger, outputs.precharge, outputs.bleed};
}

}  // namespace packbench::hil
