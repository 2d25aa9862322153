// States, faults and reset reasons as the codes that cross the wire. Same order as the words of sim/vocabulary.h (a
// test on the host compares them); new codes go to the end.
#pragma once

#include <cstdint>

namespace packbench::firmware {

enum class BmsState : std::uint8_t {
  init,
  standby,
  precharge,
  idle,
  discharging,
  charging,
  balancing,
  full,
  fault,
  fault_latched,
  sleep,
  shutdown,
  update
};

enum class Fault : std::uint8_t {
  cell_ov,
  cell_ov_hard,
  cell_uv,
  cell_uv_hard,
  deep_discharge,
  pack_ov,
  pack_uv,
  occ1,
  occ2,
  ocd1,
  ocd2,
  short_circuit,
  otc,
  utc,
  otd,
  utd,
  ot_hard,
  t_spread,
  pcb_ot,
  imbalance,
  sum_mismatch,
  open_wire,
  v_stuck,
  i_stuck,
  ntc,
  precharge_timeout,
  contactor_weld,
  contactor_fail_close,
  comm_loss,
  frame_errors,
  watchdog,
  config,
  emergency_stop
};
inline constexpr int kFaultCount = static_cast<int>(Fault::emergency_stop) + 1;

enum class ResetReason : std::uint8_t { power_on, software, watchdog, brown_out, external };

// A processor that does not serve its watchdog for this long is reset by it, and reports ResetReason::watchdog.
inline constexpr std::uint32_t kWatchdog_us = 500'000;

// A set of faults: bit = code.
using FaultSet = std::uint64_t;
constexpr FaultSet bit(Fault fault) { return FaultSet{1} << static_cast<unsigned>(fault); }

// Contactors that a tripped protection opens, as bits; the same values as sim::TripAction.
using Action = std::uint8_t;
inline constexpr Action kOpenNone = 0, kOpenCharger = 1, kOpenMain = 2, kOpenBoth = 3;

}  // namespace packbench::firmware
