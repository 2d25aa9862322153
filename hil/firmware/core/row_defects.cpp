#include "hil/firmware/core/row_defects.h"

#include "hil/firmware/core/protection_table.h"

namespace packbench::firmware {
namespace {

struct Silenced {
  Defect defect;
  FaultSet faults;
};

constexpr FaultSet kSlowOvercurrent = bit(Fault::occ1) | bit(Fault::ocd1);
constexpr FaultSet kFastOvercurrent = bit(Fault::occ2) | bit(Fault::ocd2);

// Protections that a defect keeps from tripping.
constexpr Silenced kSilenced[] = {
    {Defect::no_cell_ov_trip, bit(Fault::cell_ov)},
    {Defect::no_cell_uv_trip, bit(Fault::cell_uv)},
    {Defect::no_cell_ov_hard_trip, bit(Fault::cell_ov_hard)},
    {Defect::no_cell_uv_hard_trip, bit(Fault::cell_uv_hard)},
    {Defect::no_deep_discharge_trip, bit(Fault::deep_discharge)},
    {Defect::no_pack_voltage_trip, bit(Fault::pack_ov) | bit(Fault::pack_uv)},
    {Defect::no_overcurrent_trip, kSlowOvercurrent | kFastOvercurrent | bit(Fault::short_circuit)},
    {Defect::no_slow_overcurrent_trip, kSlowOvercurrent},
    {Defect::no_fast_overcurrent_trip, kFastOvercurrent},
    {Defect::no_short_circuit_trip, bit(Fault::short_circuit)},
    {Defect::no_charge_overtemperature_trip, bit(Fault::otc)},
    {Defect::no_cold_charge_trip, bit(Fault::utc)},
    {Defect::no_discharge_temperature_trip, bit(Fault::otd) | bit(Fault::utd)},
    {Defect::no_hard_overtemperature_trip, bit(Fault::ot_hard)},
    {Defect::no_open_wire_trip, bit(Fault::open_wire)},
    {Defect::no_ntc_trip, bit(Fault::ntc)},
    {Defect::precharge_never_gives_up, bit(Fault::precharge_timeout)},
    {Defect::weld_ignored, bit(Fault::contactor_weld)},
    {Defect::no_fail_close_check, bit(Fault::contactor_fail_close)},
    {Defect::comm_loss_ignored, bit(Fault::comm_loss)},
    {Defect::emergency_stop_ignored, bit(Fault::emergency_stop)},
    {Defect::no_temperature_spread_trip, bit(Fault::t_spread)},
    {Defect::no_board_temperature_trip, bit(Fault::pcb_ot)},
    {Defect::no_imbalance_trip, bit(Fault::imbalance)},
    {Defect::no_sum_check, bit(Fault::sum_mismatch)},
    {Defect::stuck_cell_ignored, bit(Fault::v_stuck)},
    {Defect::stuck_current_ignored, bit(Fault::i_stuck)},
    {Defect::frame_errors_ignored, bit(Fault::frame_errors)},
};

// Protections whose adjustment to the circumstances a defect leaves out.
constexpr Silenced kUnadjusted[] = {
    {Defect::uv_delay_ignores_current, bit(Fault::cell_uv)},
    {Defect::imbalance_ignores_knees, bit(Fault::imbalance)},
    {Defect::runaway_ignored, bit(Fault::ot_hard)},
};

template <std::size_t N>
bool any_holds(const Silenced (&table)[N], Fault fault, DefectSet defects) {
  if (defects.none()) return false;
  for (const Silenced& one : table) {
    if ((one.faults & bit(fault)) != 0 && defects.has(one.defect)) return true;
  }
  return false;
}

// 20 mV, 3 A or 3 K before the level.
std::int32_t tightened(std::int32_t level, Fault fault) {
  const ProtectionSpec& spec = kProtectionTable[static_cast<int>(fault)];
  const bool a_quantity = fault < Fault::open_wire;  // the others count
  if (!a_quantity || level == kNoReading) return level;
  const std::int32_t by = spec.per_unit == 10'000 ? 200 : 3'000;
  return spec.direction == Direction::above ? level - by : level + by;
}

bool never_trips(Fault fault, DefectSet defects) { return any_holds(kSilenced, fault, defects); }

void spoil_levels(ProtectionRow& row, Fault fault, DefectSet defects) {
  if (fault == Fault::cell_ov && defects.has(Defect::ov_threshold_high)) row.trip += 1'000;
  if (fault == Fault::cell_ov && defects.has(Defect::ov_threshold_low)) row.trip -= 200;
  if (fault == Fault::cell_uv && defects.has(Defect::uv_threshold_high)) row.trip += 2'000;
  if (fault == Fault::utc && defects.has(Defect::cold_threshold_high)) row.trip += 15'000;
  if (fault == Fault::comm_loss && defects.has(Defect::comm_loss_hasty)) row.trip = 200;
  if (fault == Fault::precharge_timeout && defects.has(Defect::precharge_gives_up_early)) row.trip = 0;
  if (defects.has(Defect::levels_tight)) row.trip = tightened(row.trip, fault);
}

void spoil_delays(ProtectionRow& row, Fault fault, DefectSet defects) {
  if (fault == Fault::cell_ov && defects.has(Defect::cell_ov_early)) row.delay_ms = 0;
  if (fault == Fault::cell_ov && defects.has(Defect::cell_ov_late)) row.delay_ms *= 3;
  if (fault == Fault::cell_uv && defects.has(Defect::cell_uv_early)) row.delay_ms = 0;
  if (fault == Fault::imbalance && defects.has(Defect::imbalance_warns_at_once)) row.warn_delay_ms = 0;
  if (fault == Fault::short_circuit && defects.has(Defect::short_circuit_late)) row.delay_ms += 300;
  if (defects.has(Defect::delays_ignored)) row.delay_ms = 0;
}

}  // namespace

ProtectionRow spoiled(ProtectionRow row, Fault fault, DefectSet defects) {
  if (defects.none()) return row;
  spoil_levels(row, fault, defects);
  spoil_delays(row, fault, defects);
  if (row.release != kNoReading && defects.has(Defect::no_release_hysteresis)) {
    row.release = row.trip;
    row.release_delay_ms = 0;
  }
  if (never_trips(fault, defects)) {
    const bool is_check = (fault >= Fault::sum_mismatch && fault <= Fault::i_stuck) || fault == Fault::frame_errors;
    row.trip = kNoReading;
    if (is_check) row.warn = kNoReading;
  }
  return row;
}

bool adjusts_not(Fault fault, DefectSet defects) { return any_holds(kUnadjusted, fault, defects); }

Action spoiled_action(Action action, Fault fault, DefectSet defects) {
  const bool over_voltage = fault == Fault::cell_ov || fault == Fault::pack_ov;
  if (over_voltage && defects.has(Defect::main_opens_on_ov)) return kOpenMain;
  if (fault == Fault::cell_uv && defects.has(Defect::uv_blocks_charge)) return kOpenBoth;
  return action;
}

}  // namespace packbench::firmware
