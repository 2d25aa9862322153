// Named, deliberate defects of the reference BMS: each removes or breaks one behaviour, so that a scenario can prove
// that it would catch it. Selected by the test-only message DEFECT.
#pragma once

#include <cstddef>
#include <cstdint>

namespace packbench::firmware {

struct DefectSpec {
  const char* name;         // "no_cell_ov_trip"
  const char* description;  // "never trips on cell over-voltage"
};

extern const DefectSpec kDefects[];
extern const std::size_t kDefectCount;

// Position in kDefects. Each is asked for at the one place that it breaks.
enum class Defect : std::uint8_t {
  // protections and states
  no_cell_ov_trip,
  cell_ov_early,
  cell_ov_late,
  ov_threshold_high,
  main_opens_on_ov,
  no_cell_uv_trip,
  cell_under_voltage_ignores_cell,
  no_overcurrent_trip,
  no_charge_overtemperature_trip,
  no_release_hysteresis,
  comm_loss_ignored,
  comm_loss_hasty,
  skip_precharge,
  ov_threshold_low,
  cell_uv_early,
  uv_threshold_high,
  weld_ignored,
  no_hard_overtemperature_trip,
  no_cold_charge_trip,
  cold_threshold_high,
  no_cell_ov_hard_trip,
  no_cell_uv_hard_trip,
  no_deep_discharge_trip,
  no_pack_voltage_trip,
  no_slow_overcurrent_trip,
  no_fast_overcurrent_trip,
  no_short_circuit_trip,
  short_circuit_late,
  no_discharge_temperature_trip,
  no_open_wire_trip,
  no_ntc_trip,
  invalid_readings_used,
  precharge_never_gives_up,
  precharge_ends_early,
  no_fail_close_check,
  closes_without_feedback_check,
  charger_closes_without_charger,
  closes_again_after_reset,
  overcurrent_never_latches,
  latched_faults_release,
  clears_latched_with_cause,
  faults_never_release,
  first_fault_overwritten,
  emergency_stop_ignored,
  uv_blocks_charge,
  opens_under_load,
  waits_for_zero_current_for_ever,
  levels_tight,
  delays_ignored,
  precharge_gives_up_early,
  starts_unmeasured,
  feedback_hasty,
  waits_without_load,
  stale_frames_accepted,
  // plausibility, contactors, sleep
  no_temperature_spread_trip,
  no_board_temperature_trip,
  board_taken_for_cell,
  no_imbalance_trip,
  imbalance_ignores_knees,
  imbalance_warns_at_once,
  no_sum_check,
  stuck_cell_ignored,
  stuck_current_ignored,
  frame_errors_ignored,
  runaway_ignored,
  uv_delay_ignores_current,
  open_wire_taken_for_cell,
  dead_cell_taken_for_open_wire,
  ntc_trips_only_with_none_left,
  ntc_open_and_short_confused,
  old_frames_taken_after_reset,
  unused_slots_taken_for_cells,
  config_never_checked,
  watchdog_reset_not_reported,
  starts_with_invalid_cells,
  no_start_timeout,
  precharges_into_short,
  closes_with_current,
  weld_by_current_ignored,
  weld_by_bus_ignored,
  breaks_any_current,
  never_sleeps,
  never_wakes,
  full_pack_charged_on,
  suspicion_keeps_limits,
  no_service_charge,
  // state of charge, balancing, limits
  soc_sign_reversed,
  soc_gain_high,
  no_full_anchor,
  no_dead_band,
  soc_not_clamped,
  no_ocv_correction,
  ocv_on_plateau,
  soc_jumps,
  soc_rises_in_discharge,
  soc_lost_at_reset,
  retained_unchecked,
  charge_unguarded,
  soh_never_learnt,
  never_balances,
  balances_wrong_cells,
  balances_neighbours,
  balances_when_hot,
  balances_with_fault,
  balances_in_discharge,
  balances_on_plateau,
  limits_never_taper,
  // what is reported
  status_lies_about_charger,
  cell_order_reversed,
  temperature_stuck,
  pack_voltage_wrong_unit,
  current_sign_reversed_in_status,
  state_frozen,
  // the machine
  hang,
  crash,
  flood
};

class DefectSet {
 public:
  bool none() const { return (words_[0] | words_[1] | words_[2]) == 0; }
  bool has(Defect defect) const { return (words_[word(defect)] & mask(defect)) != 0; }
  void set(Defect defect, bool on) {
    std::uint64_t& bits = words_[word(defect)];
    bits = on ? bits | mask(defect) : bits & ~mask(defect);
  }

 private:
  static constexpr std::uint64_t mask(Defect defect) {
    return std::uint64_t{1} << (static_cast<unsigned>(defect) % 64);
  }
  static constexpr std::size_t word(Defect defect) { return static_cast<std::size_t>(defect) / 64; }
  std::uint64_t words_[3] = {};
};

// Position of a name of at most `size` characters in kDefects, or kDefectCount.
std::size_t find_defect(const char* name, std::size_t size);

}  // namespace packbench::firmware
