#include "hil/firmware/core/defects.h"

namespace packbench::firmware {

const DefectSpec kDefects[] = {
    // protections and states
    {"no_cell_ov_trip", "never trips on cell over-voltage"},
    {"cell_ov_early", "trips on cell over-voltage at once, without its delay"},
    {"cell_ov_late", "trips on cell over-voltage after three times its delay"},
    {"ov_threshold_high", "trips on cell over-voltage 100 mV too high"},
    {"main_opens_on_ov", "opens the main contactor instead of the charger contactor on over-voltage"},
    {"no_cell_uv_trip", "never trips on cell under-voltage"},
    {"cell_under_voltage_ignores_cell", "leaves the last cell out of the smallest cell voltage"},
    {"no_overcurrent_trip", "never trips on over-current, charging or discharging"},
    {"no_charge_overtemperature_trip", "never trips on over-temperature while charging"},
    {"no_release_hysteresis", "releases a fault at its trip level, without hysteresis and delay"},
    {"comm_loss_ignored", "goes on with old measurements when the line is silent"},
    {"comm_loss_hasty", "takes 200 ms of silence for a lost line"},
    {"skip_precharge", "closes the main contactor without precharging the bus"},
    {"ov_threshold_low", "trips on cell over-voltage 20 mV too low"},
    {"cell_uv_early", "trips on cell under-voltage at once, without its delay"},
    {"uv_threshold_high", "trips on cell under-voltage 200 mV too high"},
    {"weld_ignored", "never takes a closed feedback for a weld"},
    {"no_hard_overtemperature_trip", "never trips on the hard limit of temperature"},
    {"no_cold_charge_trip", "charges cells however cold they are"},
    {"cold_threshold_high", "takes cells for too cold to be charged 15 K too warm"},
    {"no_cell_ov_hard_trip", "never trips on the hard limit of cell over-voltage"},
    {"no_cell_uv_hard_trip", "never trips on the hard limit of cell under-voltage"},
    {"no_deep_discharge_trip", "never trips on deep discharge"},
    {"no_pack_voltage_trip", "never trips on over- or under-voltage of the pack"},
    {"no_slow_overcurrent_trip", "never trips on the lower level of over-current, charging or discharging"},
    {"no_fast_overcurrent_trip", "never trips on the upper level of over-current, charging or discharging"},
    {"no_short_circuit_trip", "never trips on a short circuit"},
    {"short_circuit_late", "trips on a short circuit 300 ms late"},
    {"no_discharge_temperature_trip", "never trips on over- or under-temperature while discharging"},
    {"no_open_wire_trip", "never trips on an open sense wire"},
    {"no_ntc_trip", "never trips when all temperature sensors are lost"},
    {"invalid_readings_used", "takes readings that no cell or sensor can give for true"},
    {"precharge_never_gives_up", "precharges a bus that stays empty again and again"},
    {"precharge_ends_early", "closes the main contactor when the bus has half of the pack voltage"},
    {"no_fail_close_check", "never notices a contactor that does not close"},
    {"closes_without_feedback_check", "precharges although the feedback says that a contactor is closed"},
    {"charger_closes_without_charger", "closes the charger contactor with no charger there"},
    {"closes_again_after_reset", "stays enabled over a reset and closes by itself"},
    {"overcurrent_never_latches", "retries after an over-current without end"},
    {"latched_faults_release", "releases latched faults without a command"},
    {"clears_latched_with_cause", "clears latched faults although their cause is still there"},
    {"faults_never_release", "never releases a fault"},
    {"first_fault_overwritten", "reports the latest fault as the first"},
    {"emergency_stop_ignored", "ignores the command to stop"},
    {"uv_blocks_charge", "opens the charger contactor as well on cell under-voltage"},
    {"opens_under_load", "does not wait for zero current before a soft opening"},
    {"waits_for_zero_current_for_ever", "does not open on a soft fault while current flows"},
    {"levels_tight", "trips 20 mV, 3 A or 3 K before every level"},
    {"delays_ignored", "trips at once on everything, without any delay"},
    {"precharge_gives_up_early", "gives up after the first precharge that fails"},
    {"starts_unmeasured", "becomes ready without having been sent measurements"},
    {"feedback_hasty", "judges the feedback before the contactor can have moved"},
    {"waits_without_load", "waits before a soft opening although no current flows"},
    {"stale_frames_accepted", "takes old measurements that are sent again for new ones"},
    // plausibility, contactors, sleep
    {"no_temperature_spread_trip", "never trips on cells of very different temperature"},
    {"no_board_temperature_trip", "never trips on a hot board"},
    {"board_taken_for_cell", "takes the board's temperature for that of a cell"},
    {"no_imbalance_trip", "never trips on cells of very different voltage"},
    {"imbalance_ignores_knees", "warns of imbalance at the same level under load and at the knees of the curve"},
    {"imbalance_warns_at_once", "warns of imbalance without its delay"},
    {"no_sum_check", "never compares the sum of the cells with the pack voltage"},
    {"stuck_cell_ignored", "never notices a cell reading that is stuck"},
    {"stuck_current_ignored", "never notices a current reading that contradicts the cells"},
    {"frame_errors_ignored", "never minds damaged frames"},
    {"runaway_ignored", "never trips on a fast rise of temperature"},
    {"uv_delay_ignores_current", "gives a sagging cell no more time at high current"},
    {"open_wire_taken_for_cell", "takes an open sense wire for a cell at 0 V"},
    {"dead_cell_taken_for_open_wire", "takes a cell at 0 V for an open sense wire"},
    {"ntc_trips_only_with_none_left", "goes on with a single temperature sensor"},
    {"ntc_open_and_short_confused", "reports a shorted temperature sensor as open and an open one as shorted"},
    {"old_frames_taken_after_reset", "takes measurements from before its boot"},
    {"unused_slots_taken_for_cells", "takes the empty slots of a longer front end for cells"},
    {"config_never_checked", "never checks its profile in memory"},
    {"watchdog_reset_not_reported", "does not warn after a reset by the watchdog"},
    {"starts_with_invalid_cells", "leaves INIT though a cell has no valid reading"},
    {"no_start_timeout", "waits in INIT for the first measurement for ever"},
    {"precharges_into_short", "goes on precharging a shorted bus"},
    {"closes_with_current", "precharges although current flows through open contactors"},
    {"weld_by_current_ignored", "does not take current through open contactors for a weld"},
    {"weld_by_bus_ignored", "does not take a bus that comes back by itself for a weld"},
    {"breaks_any_current", "waits for no fuse however large the current is"},
    {"never_sleeps", "never goes to sleep"},
    {"never_wakes", "is not woken by a charger"},
    {"full_pack_charged_on", "goes on charging a full pack"},
    {"suspicion_keeps_limits", "keeps its limits with a suspicious sensor"},
    {"no_service_charge", "lets no service charge into a pack with a hard under-voltage"},
    // state of charge, balancing, limits
    {"soc_sign_reversed", "counts charge with the wrong sign"},
    {"soc_gain_high", "counts 10 % more charge than flows"},
    {"no_full_anchor", "does not set the state of charge to 100 % when the pack is full"},
    {"no_dead_band", "counts every offset of the current sensor at rest"},
    {"soc_not_clamped", "counts on below empty and above full"},
    {"no_ocv_correction", "never corrects the count by the open-circuit voltage"},
    {"ocv_on_plateau", "trusts the open-circuit voltage where its curve is flat"},
    {"soc_jumps", "reports each correction of the state of charge at once"},
    {"soc_rises_in_discharge", "reports small upward corrections while discharging"},
    {"soc_lost_at_reset", "forgets the state of charge at every reset"},
    {"retained_unchecked", "takes retained memory without its checksum"},
    {"charge_unguarded", "does not notice a flipped bit of the count"},
    {"soh_never_learnt", "never learns its capacity from a full cycle"},
    {"never_balances", "never switches on a bleed resistor"},
    {"balances_wrong_cells", "bleeds the cell after each that it should"},
    {"balances_neighbours", "bleeds cells side by side"},
    {"balances_when_hot", "bleeds above its limit of temperature"},
    {"balances_with_fault", "bleeds while a fault is active"},
    {"balances_in_discharge", "bleeds while the pack is discharged"},
    {"balances_on_plateau", "bleeds the higher cells at any voltage"},
    {"limits_never_taper", "allows the full currents up to the trip"},
    // what is reported
    {"status_lies_about_charger", "reports the charger contactor open while it stays driven closed"},
    {"cell_order_reversed", "reports the cell voltages in reverse order"},
    {"temperature_stuck", "reports 25 degC whatever the sensors say"},
    {"pack_voltage_wrong_unit", "reports the pack voltage ten times too small"},
    {"current_sign_reversed_in_status", "reports the current with the wrong sign"},
    {"state_frozen", "reports IDLE for ever"},
    // the machine
    {"hang", "stops answering 5 s after boot"},
    {"crash", "ends its process 5 s after boot"},
    {"flood", "answers with a megabyte of garbage from 5 s after boot"},
};
const std::size_t kDefectCount = sizeof kDefects / sizeof kDefects[0];
static_assert(sizeof kDefects / sizeof kDefects[0] == static_cast<std::size_t>(Defect::flood) + 1);
static_assert(static_cast<unsigned>(Defect::flood) < 192, "a DefectSet has 192 bits");

static bool same(const char* name, const char* padded, std::size_t size) {
  std::size_t i = 0;
  while (i < size && padded[i] != '\0' && padded[i] == name[i]) ++i;
  return name[i] == '\0' && (i == size || padded[i] == '\0');
}

std::size_t find_defect(const char* name, std::size_t size) {
  std::size_t i = 0;
  while (i < kDefectCount && !same(kDefects[i].name, name, size)) ++i;
  return i;
}

}  // namespace packbench::firmware
