#include "hil/firmware/core/protection_table.h"

namespace packbench::firmware {
namespace {

// More than 1 A the other way ends an over- or under-voltage.
constexpr std::int32_t kReliefCurrent_mA = 1'000;
constexpr std::int32_t kChargingCurrent_mA = 500;
constexpr int kGoodFramesAfterLoss = 10;

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
// 0: every sensor answers, 1: some do not, 2: none is left
std::int32_t missing_temperatures(Obs o) {
  if (o.summary.missing_temperatures == 0) return 0;
  return o.summary.valid_temperatures > 0 ? 1 : 2;
}
std::int32_t failed_precharges(Obs o) { return o.failed_precharges; }
std::int32_t weld_frames(Obs o) { return o.weld_frames; }
std::int32_t no_close_frames(Obs o) { return o.no_close_frames; }
std::int32_t silence(Obs o) { return o.silence_ms; }
std::int32_t emergency_stop(Obs o) { return o.emergency_stop ? 1 : 0; }

bool draining(Obs o) { return current(o) != kNoReading && current(o) < -kReliefCurrent_mA; }
bool filling(Obs o) { return current(o) > kReliefCurrent_mA; }  // kNoReading is below every current
// Charge limits of temperature apply as soon as a charger is there, so that a cold pack refuses it.
bool charging(Obs o) { return o.measurement->charger_present || current(o) > kChargingCurrent_mA; }
bool heard_before(Obs o) { return o.ever_measured; }
bool heard_again(Obs o) { return o.good_frames >= kGoodFramesAfterLoss; }

constexpr auto kAbove = Direction::above;
constexpr auto kBelow = Direction::below;

}  // namespace

const ProtectionSpec kProtectionTable[kFaultCount] = {
    // value, direction, per unit, applies, relieved, at once, system, retries
    /* cell_ov */ {max_cell, kAbove, 10'000, nullptr, draining, false, false, 0},
    /* cell_ov_hard */ {max_cell, kAbove, 10'000, nullptr, nullptr, true, false, 0},
    /* cell_uv */ {min_cell, kBelow, 10'000, nullptr, filling, false, false, 0},
    /* cell_uv_hard */ {min_cell, kBelow, 10'000, nullptr, nullptr, true, false, 0},
    /* deep_discharge */ {min_cell, kBelow, 10'000, nullptr, nullptr, true, false, 0},
    /* pack_ov */ {pack, kAbove, 10'000, nullptr, draining, false, false, 0},
    /* pack_uv */ {pack, kBelow, 10'000, nullptr, filling, false, false, 0},
    /* occ1 */ {current, kAbove, 1'000, nullptr, nullptr, false, false, 5},
    /* occ2 */ {current, kAbove, 1'000, nullptr, nullptr, false, false, 5},
    /* ocd1 */ {discharge, kAbove, 1'000, nullptr, nullptr, false, false, 5},
    /* ocd2 */ {discharge, kAbove, 1'000, nullptr, nullptr, false, false, 5},
    /* short */ {magnitude, kAbove, 1'000, nullptr, nullptr, true, false, 0},
    /* otc */ {hottest, kAbove, 1'000, charging, nullptr, false, false, 0},
    /* utc */ {coldest, kBelow, 1'000, charging, nullptr, false, false, 0},
    /* otd */ {hottest, kAbove, 1'000, nullptr, nullptr, false, false, 0},
    /* utd */ {coldest, kBelow, 1'000, nullptr, nullptr, false, false, 0},
    /* ot_hard */ {hottest, kAbove, 1'000, nullptr, nullptr, true, false, 0},
    /* t_spread */ {nullptr, kAbove, 1'000, nullptr, nullptr, false, false, 0},
    /* pcb_ot */ {nullptr, kAbove, 1'000, nullptr, nullptr, false, false, 0},
    /* imbalance */ {nullptr, kAbove, 10'000, nullptr, nullptr, false, false, 0},
    /* sum_mismatch */ {nullptr, kAbove, 10'000, nullptr, nullptr, false, false, 0},
    /* open_wire */ {missing_cells, kAbove, 1, nullptr, nullptr, false, true, 0},
    /* v_stuck */ {nullptr, kAbove, 1, nullptr, nullptr, false, false, 0},
    /* i_stuck */ {nullptr, kAbove, 1, nullptr, nullptr, false, false, 0},
    /* ntc */ {missing_temperatures, kAbove, 1, nullptr, nullptr, false, true, 0},
    /* precharge_timeout */ {failed_precharges, kAbove, 1, nullptr, nullptr, true, true, 0},
    /* contactor_weld */ {weld_frames, kAbove, 1, nullptr, nullptr, true, true, 0},
    /* contactor_fail_close */ {no_close_frames, kAbove, 1, nullptr, nullptr, true, true, 2},
    /* comm_loss */ {silence, kAbove, 1, heard_before, heard_again, true, true, 0},
    /* frame_errors */ {nullptr, kAbove, 1, nullptr, nullptr, false, true, 0},
    /* watchdog */ {nullptr, kAbove, 1, nullptr, nullptr, false, true, 0},
    /* config */ {nullptr, kAbove, 1, nullptr, nullptr, false, true, 0},
    /* emergency_stop */ {emergency_stop, kAbove, 1, nullptr, nullptr, true, true, 0},
};

}  // namespace packbench::firmware
