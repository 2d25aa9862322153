#include "hil/firmware/core/protection_table.h"

namespace packbench::firmware {
namespace {

// More than 1 A the other way ends an over- or under-voltage.
constexpr std::int32_t kReliefCurrent_mA = 1'000;
constexpr std::int32_t kChargingCurrent_mA = 500;
constexpr int kGoodFramesAfterLoss = 10;
constexpr std::int32_t kStart_ms = 2'000;
constexpr std::int32_t kTenths = 10;  // counts have levels between them

using Obs = const Observation&;

std::int32_t max_cell(Obs o) { return o.summary.max_cell_dmV; }
std::int32_t min_cell(Obs o) { return o.summary.min_cell_dmV; }
std::int32_t pack(Obs o) { return o.measurement->pack_dmV; }
std::int32_t current(Obs o) { return o.measurement->current_mA; }
std::int32_t discharge(Obs o) { return current(o) == kNoReading ? kNoReading : -current(o); }
std::int32_t magnitude(Obs o) { return current(o) < 0 ? discharge(o) : current(o); }
std::int32_t hottest(Obs o) { return o.summary.max_temperature_mdegC; }
std::int32_t coldest(Obs o) { return o.summary.min_temperature_mdegC; }
std::int32_t missing_cells(Obs o) { return o.summary.missing_cells; }
std::int32_t difference(std::int32_t high, std::int32_t low) {
  return high == kNoReading || low == kNoReading ? kNoReading : high - low;
}
std::int32_t temperature_spread(Obs o) {
  return difference(o.summary.max_temperature_mdegC, o.summary.min_temperature_mdegC);
}
std::int32_t board(Obs o) { return o.summary.board_mdegC; }
std::int32_t imbalance(Obs o) { return difference(o.summary.max_cell_dmV, o.summary.min_cell_dmV); }
std::int32_t sum_mismatch(Obs o) {
  const std::int32_t off = difference(o.summary.sum_dmV, pack(o));
  return off < 0 && off != kNoReading ? -off : off;
}
std::int32_t stuck_moves(Obs o) { return o.stuck_moves * kTenths; }
std::int32_t contradictions(Obs o) { return o.contradictions * kTenths; }
// 0: every sensor answers, 1: some do not, 2: fewer than two are left
std::int32_t missing_temperatures(Obs o) {
  if (o.summary.missing_temperatures == 0) return 0;
  return o.summary.valid_temperatures > 1 ? 1 : 2;
}
std::int32_t damaged_frames(Obs o) { return o.damaged_frames; }
std::int32_t after_watchdog(Obs o) { return o.after_watchdog ? 1 : 0; }
std::int32_t profile_damaged(Obs o) { return o.profile_damaged ? 1 : 0; }
std::int32_t failed_precharges(Obs o) { return o.failed_precharges; }
std::int32_t weld_frames(Obs o) { return o.weld_frames; }
std::int32_t no_close_frames(Obs o) { return o.no_close_frames; }
std::int32_t silence(Obs o) { return o.silence_ms; }
std::int32_t emergency_stop(Obs o) { return o.emergency_stop ? 1 : 0; }

bool draining(Obs o) { return current(o) != kNoReading && current(o) < -kReliefCurrent_mA; }
bool filling(Obs o) { return current(o) > kReliefCurrent_mA; }  // kNoReading is below every current
// Charge limits of temperature apply as soon as a charger is there, so that a cold pack refuses it.
bool charging(Obs o) { return o.measurement->charger_present || current(o) > kChargingCurrent_mA; }
// Before the first measurement silence counts from boot or the profile, and for longer.
bool heard_before(Obs o) { return o.ever_measured || o.waiting_ms >= kStart_ms; }
bool heard_again(Obs o) { return o.good_frames >= kGoodFramesAfterLoss; }

// A cell that sags at high current is given more time.
void give_time(ProtectionRow& row, const WatchRules& rules, Obs o) {
  const std::int32_t flows_mA = magnitude(o);
  if (flows_mA > rules.high_current_mA && row.delay_ms < rules.high_current_delay_ms) {
    row.delay_ms = rules.high_current_delay_ms;
  }
}

// A sensor that runs away is too hot at any temperature.
void lower_to_runaway(ProtectionRow& row, const WatchRules&, Obs o) {
  if (o.runaway && row.trip != kNoReading) row.trip = INT32_MIN + 1;
}

// Under load, and with a cell on a steep part of its curve, healthy cells differ more.
void widen_off_plateau(ProtectionRow& row, const WatchRules& rules, Obs o) {
  const bool loaded = magnitude(o) == kNoReading || magnitude(o) > rules.imbalance_current_mA;
  const bool steep = min_cell(o) < rules.plateau_low_dmV || max_cell(o) > rules.plateau_high_dmV;
  if ((loaded || steep) && row.warn != kNoReading && row.warn < rules.imbalance_loaded_warn_dmV) {
    row.warn = rules.imbalance_loaded_warn_dmV;
  }
}

constexpr auto kBelow = Direction::below;
constexpr std::int32_t kVolt = 10'000, kAmpere = 1'000, kDegree = 1'000, kPercent = 100;

}  // namespace

const ProtectionSpec kProtectionTable[kFaultCount] = {
    /* cell_ov */ {.value = max_cell, .per_unit = kVolt, .relieved = draining},
    /* cell_ov_hard */ {.value = max_cell, .per_unit = kVolt, .at_once = true},
    /* cell_uv */
    {.value = min_cell, .direction = kBelow, .per_unit = kVolt, .relieved = filling, .adjust = give_time},
    /* cell_uv_hard */ {.value = min_cell, .direction = kBelow, .per_unit = kVolt, .at_once = true},
    /* deep_discharge */ {.value = min_cell, .direction = kBelow, .per_unit = kVolt, .at_once = true},
    /* pack_ov */ {.value = pack, .per_unit = kVolt, .relieved = draining},
    /* pack_uv */ {.value = pack, .direction = kBelow, .per_unit = kVolt, .relieved = filling},
    /* occ1 */ {.value = current, .per_unit = kAmpere, .retries = 5},
    /* occ2 */ {.value = current, .per_unit = kAmpere, .retries = 5},
    /* ocd1 */ {.value = discharge, .per_unit = kAmpere, .retries = 5},
    /* ocd2 */ {.value = discharge, .per_unit = kAmpere, .retries = 5},
    /* short */ {.value = magnitude, .per_unit = kAmpere, .at_once = true},
    /* otc */ {.value = hottest, .per_unit = kDegree, .applies = charging},
    /* utc */ {.value = coldest, .direction = kBelow, .per_unit = kDegree, .applies = charging},
    /* otd */ {.value = hottest, .per_unit = kDegree},
    /* utd */ {.value = coldest, .direction = kBelow, .per_unit = kDegree},
    /* ot_hard */ {.value = hottest, .per_unit = kDegree, .adjust = lower_to_runaway, .at_once = true},
    /* t_spread */ {.value = temperature_spread, .per_unit = kDegree},
    /* pcb_ot */ {.value = board, .per_unit = kDegree},
    /* imbalance */ {.value = imbalance, .per_unit = kVolt, .adjust = widen_off_plateau},
    /* sum_mismatch */ {.value = sum_mismatch, .per_unit = kVolt},
    /* open_wire */ {.value = missing_cells, .system = true},
    /* v_stuck */ {.value = stuck_moves, .per_unit = kTenths},
    /* i_stuck */ {.value = contradictions, .per_unit = kTenths},
    /* ntc */ {.value = missing_temperatures, .system = true},
    /* precharge_timeout */ {.value = failed_precharges, .at_once = true, .system = true, .on_silence = true},
    /* contactor_weld */ {.value = weld_frames, .at_once = true, .system = true, .on_silence = true},
    /* contactor_fail_close */
    {.value = no_close_frames, .at_once = true, .system = true, .on_silence = true, .retries = 2},
    /* comm_loss */
    {.value = silence,
     .applies = heard_before,
     .relieved = heard_again,
     .at_once = true,
     .system = true,
     .on_silence = true},
    /* frame_errors */ {.value = damaged_frames, .per_unit = kPercent, .at_once = true, .on_silence = true},
    /* watchdog */ {.value = after_watchdog, .system = true, .on_silence = true},
    /* config */ {.value = profile_damaged, .at_once = true, .system = true, .on_silence = true},
    /* emergency_stop */ {.value = emergency_stop, .at_once = true, .system = true, .on_silence = true},
};

}  // namespace packbench::firmware
