#include "core_bench.h"

namespace core_bench {
namespace {

struct RowValues {
  Fault fault;
  std::int32_t warn, trip;
  std::uint32_t delay_ms;
  std::int32_t release;
  std::uint32_t release_delay_ms;
  bool latched;
  Action action;
  std::uint32_t warn_delay_ms = 0;
};

constexpr std::int32_t kNone = kNoReading;

// Levels of one cell in dmV; pack rows are filled in for the cell count.
const RowValues kRows[] = {
    {Fault::cell_ov, 35'500, 36'500, 2000, 34'000, 2000, false, kOpenCharger},
    {Fault::cell_ov_hard, kNone, 38'000, 200, kNone, 0, true, kOpenBoth},
    {Fault::cell_uv, 29'000, 28'000, 2000, 30'000, 2000, false, kOpenMain},
    {Fault::cell_uv_hard, kNone, 25'000, 500, 30'000, 2000, true, kOpenBoth},
    {Fault::deep_discharge, kNone, 20'000, 100, kNone, 0, true, kOpenBoth},
    {Fault::pack_ov, 36'000, 36'500, 2000, 34'000, 2000, false, kOpenCharger},
    {Fault::pack_uv, 29'000, 28'000, 2000, 30'000, 2000, false, kOpenMain},
    {Fault::occ1, 105'000, 110'000, 10'000, 105'000, 60'000, false, kOpenCharger},
    {Fault::occ2, kNone, 150'000, 500, 105'000, 60'000, false, kOpenCharger},
    {Fault::ocd1, 105'000, 110'000, 10'000, 105'000, 60'000, false, kOpenMain},
    {Fault::ocd2, kNone, 150'000, 500, 105'000, 60'000, false, kOpenMain},
    {Fault::short_circuit, kNone, 300'000, 0, kNone, 0, true, kOpenBoth},
    {Fault::otc, 45'000, 55'000, 5000, 50'000, 5000, false, kOpenCharger},
    {Fault::utc, 5'000, 0, 5000, 5'000, 5000, false, kOpenCharger},
    {Fault::otd, 55'000, 60'000, 5000, 55'000, 5000, false, kOpenMain},
    {Fault::utd, -10'000, -20'000, 5000, -15'000, 5000, false, kOpenMain},
    {Fault::ot_hard, kNone, 70'000, 500, kNone, 0, true, kOpenBoth},
    {Fault::t_spread, 10'000, 20'000, 10'000, 8'000, 5000, false, kOpenBoth},
    {Fault::pcb_ot, 85'000, 100'000, 2000, 80'000, 5000, false, kOpenBoth},
    {Fault::imbalance, 1'000, 10'000, 2000, 5'000, 2000, false, kOpenBoth, 10'000},
    {Fault::sum_mismatch, 3'000, 30'000, 2000, 25'000, 5000, false, kOpenBoth, 2000},
    {Fault::v_stuck, 0, 10, 10'000, 5, 5000, false, kOpenBoth, 1000},
    {Fault::i_stuck, 0, 20, 10'000, kNone, 0, true, kOpenBoth},
    {Fault::frame_errors, 1, 10, 0, 5, 5000, false, kOpenBoth},
};

WatchRules reference_rules() {
  WatchRules w;
  w.high_current_mA = 100'000;
  w.high_current_delay_ms = 5'000;
  w.board_sensor = 5;
  w.imbalance_current_mA = 10'000;
  w.imbalance_loaded_warn_dmV = 3'000;
  w.plateau_low_dmV = 32'000;
  w.plateau_high_dmV = 33'600;
  w.stuck_current_mA = 10'000;
  w.stuck_samples = 50;
  w.step_current_mA = 20'000;
  w.step_dmV = 150;
  w.still_current_mA = 2'000;
  w.still_dmV = 40;
  w.runaway_rise_mK = 3'000;
  w.runaway_time_ms = 3'000;
  w.runaway_above_mdegC = 50'000;
  w.weld_current_mA = 500;
  w.break_current_mA = 250'000;
  w.fuse_wait_ms = 3'000;
  w.short_bus_current_mA = 500;
  w.short_bus_time_ms = 150;
  w.sleep_after_ms = 259'200'000;
  w.sleep_undervoltage_ms = 30'000;
  return w;
}

void fill_scalars(Profile& p) {
  p.capacity_mAh = 100'000;
  p.full_anchor_dmV = 35'000;
  p.full_anchor_mA = 5'000;
  p.full_anchor_ms = 60'000;
  p.empty_anchor_dmV = 28'000;
  p.empty_anchor_mA = 20'000;
  p.comm_loss_ms = 500;
  p.precharge_timeout_ms = 2'000;
  p.precharge_tries = 3;
  p.precharge_pause_ms = 3'000;
  p.precharge_delta_dmV = 10'000;
  p.feedback_delay_ms = 100;
  p.zero_current_wait_ms = 200;
  p.charge_limit_mA = p.discharge_limit_mA = 100'000;
  p.charge.start_dmV = 34'000;
  p.charge.start_spread_dmV = 200;
  p.charge.stop_dmV = 33'500;
  p.charge.stop_spread_dmV = 100;
  p.charge.bleed_cells = 7;
  p.charge.bleed_on_ms = 2'000;
  p.charge.bleed_off_ms = 200;
  p.charge.bleed_hot_mdegC = 60'000;
  p.watch = reference_rules();
}

std::int32_t times(std::int32_t level, int cells) { return level == kNone ? kNone : level * cells; }

}  // namespace

Profile reference_profile(int cells) {
  Profile p;
  p.cells = cells;
  fill_scalars(p);
  for (const RowValues& values : kRows) {
    const bool pack = values.fault == Fault::pack_ov || values.fault == Fault::pack_uv;
    const int count = pack ? cells : 1;
    ProtectionRow& row = p.row(values.fault);
    row.present = true;
    row.warn = times(values.warn, count);
    row.trip = times(values.trip, count);
    row.release = times(values.release, count);
    row.delay_ms = values.delay_ms;
    row.release_delay_ms = values.release_delay_ms;
    row.warn_delay_ms = values.warn_delay_ms;
    row.latched = values.latched;
    row.action = values.action;
  }
  complete_profile(p);
  return p;
}

CoreBench::CoreBench(int cells) : profile(reference_profile(cells)) {
  readings.cells = cells;
  readings.temperatures = 5;
  set_cells(33'000);
  set_temperatures(25'000);
}

void CoreBench::set_cells(std::int32_t dmV) {
  for (int i = 0; i < readings.cells; ++i) cell_rest_dmV[i] = dmV;
}

void CoreBench::set_temperatures(std::int32_t mdegC) {
  for (int i = 0; i < readings.temperatures; ++i) readings.temperature_mdegC[i] = mdegC;
}

void CoreBench::move_pack() {
  const Outputs& drives = bms.outputs();
  const bool main_closed = drives.main || main_welded;
  readings.main_feedback = main_closed && !main_feedback_stuck_open;
  readings.charger_feedback = drives.charger;
  const std::int32_t flows_mA = (drives.charger ? charge_mA : 0) - (main_closed ? load_mA : 0);
  const std::int32_t reads_mA = (current_reversed ? -flows_mA : flows_mA) + current_error_mA;
  if (!current_frozen) readings.current_mA = reads_mA;
  std::int32_t sum_dmV = 0;
  for (int i = 0; i < readings.cells; ++i) {
    const std::int32_t dmV = cell_rest_dmV[i] + flows_mA / 100;  // 1 mohm
    sum_dmV += dmV;
    if (!cells_frozen) readings.cell_dmV[i] = dmV;
  }
  if (!cells_frozen) readings.pack_dmV = sum_dmV + pack_error_dmV;
  readings.bus_dmV = bus_dmV != kFollows ? bus_dmV : main_closed || drives.precharge ? readings.pack_dmV : 0;
}

void CoreBench::step() {
  move_pack();
  readings.time_us = now_us;
  ++readings.sequence;
  if (!silent) bms.measure(readings);
  for (const std::uint64_t end_us = now_us + step_us; now_us < end_us;) {
    now_us += kTask_us;
    bms.task(now_us);
  }
}

void CoreBench::run_ms(std::uint64_t ms) {
  for (const std::uint64_t end_us = now_us + ms * 1000; now_us < end_us;) step();
}

void CoreBench::start() {
  bms.boot(now_us);
  bms.configure(profile);
  bms.enable();
  ms_until([this] { return bms.state() == BmsState::idle; }, 5'000);
}

}  // namespace core_bench
