#include "hil/firmware/core/profile.h"

#include "hil/firmware/core/protection_table.h"
#include "hil/packlink/packlink.h"

namespace packbench::firmware {
namespace {

std::uint32_t u32(packlink_reader_t& r) { return static_cast<std::uint32_t>(packlink_get(&r, 4)); }
std::int32_t i32(packlink_reader_t& r) { return static_cast<std::int32_t>(u32(r)); }
std::uint16_t u16(packlink_reader_t& r) { return static_cast<std::uint16_t>(packlink_get(&r, 2)); }
std::uint8_t u8(packlink_reader_t& r) { return static_cast<std::uint8_t>(packlink_get(&r, 1)); }

void read_fields(packlink_reader_t& r, Profile& p) {
  p.capacity_mAh = i32(r);
  p.full_anchor_dmV = i32(r);
  p.full_anchor_mA = i32(r);
  p.full_anchor_ms = u32(r);
  p.empty_anchor_dmV = i32(r);
  p.empty_anchor_mA = i32(r);
  p.comm_loss_ms = u32(r);
  p.precharge_timeout_ms = u32(r);
  p.precharge_delta_dmV = i32(r);
  p.precharge_tries = u32(r);
  p.precharge_pause_ms = u32(r);
  p.feedback_delay_ms = u32(r);
  p.charge_limit_mA = i32(r);
  p.discharge_limit_mA = i32(r);
  p.zero_current_wait_ms = u32(r);
}

void read_watch(packlink_reader_t& r, WatchRules& w) {
  w.high_current_mA = i32(r);
  w.high_current_delay_ms = u32(r);
  w.board_sensor = i32(r);
  w.imbalance_current_mA = i32(r);
  w.imbalance_loaded_warn_dmV = i32(r);
  w.plateau_low_dmV = i32(r);
  w.plateau_high_dmV = i32(r);
  w.stuck_current_mA = i32(r);
  w.stuck_samples = i32(r);
  w.step_current_mA = i32(r);
  w.step_dmV = i32(r);
  w.still_current_mA = i32(r);
  w.still_dmV = i32(r);
  w.runaway_rise_mK = i32(r);
  w.runaway_time_ms = i32(r);
  w.runaway_above_mdegC = i32(r);
  w.weld_current_mA = i32(r);
  w.break_current_mA = i32(r);
  w.fuse_wait_ms = u32(r);
  w.short_bus_current_mA = i32(r);
  w.short_bus_time_ms = u32(r);
  w.sleep_after_ms = u32(r);
  w.sleep_undervoltage_ms = u32(r);
}

void read_charge(packlink_reader_t& r, ChargeRules& c) {
  for (const auto field : kChargeFields) c.*field = i32(r);
  for (ResistancePoint& point : c.resistance) {
    for (const auto field : kResistanceFields) point.*field = i32(r);
  }
}

const char* read_row(packlink_reader_t& r, Profile& p) {
  const std::uint8_t code = u8(r);
  if (code >= kFaultCount) {
    return "The profile has a protection that this firmware does not watch.";
  }
  ProtectionRow& row = p.rows[code];
  if (row.present) return "The profile has the same protection twice.";
  row.present = true;
  row.action = u8(r);
  row.latched = (u8(r) & 1u) != 0;
  u8(r);
  row.warn = i32(r);
  row.trip = i32(r);
  row.delay_ms = u32(r);
  row.release = i32(r);
  row.release_delay_ms = u32(r);
  row.warn_delay_ms = u32(r);
  return row.action > kOpenBoth ? "A protection of the profile has an unknown action." : nullptr;
}

const char* read_rows_and_points(packlink_reader_t& r, int rows, int points, Profile& p) {
  for (int i = 0; i < rows; ++i) {
    if (const char* why = read_row(r, p)) return why;
  }
  p.ocv_points = points;
  for (int i = 0; i < points; ++i) {
    p.ocv[i].soc_pctpct = u16(r);
    p.ocv[i].ocv_dmV = u16(r);
  }
  return nullptr;
}

// warn before trip, release on the safe side of trip, in the direction of the protection.
bool in_order(const ProtectionRow& row, Direction direction) {
  const auto before = [direction](std::int32_t a, std::int32_t b) {
    if (a == kNoReading || b == kNoReading) return true;
    return direction == Direction::above ? a < b : a > b;
  };
  return before(row.warn, row.trip) && before(row.release, row.trip);
}

// The second of each pair must lie beyond the first.
struct Pair {
  Fault soft, hard;
};
constexpr Pair kPairs[] = {
    {Fault::cell_ov, Fault::cell_ov_hard},
    {Fault::cell_uv, Fault::cell_uv_hard},
    {Fault::cell_uv_hard, Fault::deep_discharge},
    {Fault::occ1, Fault::occ2},
    {Fault::ocd1, Fault::ocd2},
    {Fault::occ2, Fault::short_circuit},
    {Fault::ocd2, Fault::short_circuit},
    {Fault::otc, Fault::otd},
    {Fault::utc, Fault::utd},
    {Fault::otd, Fault::ot_hard},
};

bool pairs_in_order(const Profile& p) {
  for (const Pair& pair : kPairs) {
    const ProtectionRow &soft = p.row(pair.soft), &hard = p.row(pair.hard);
    if (!soft.present || !hard.present) continue;
    const bool above = kProtectionTable[static_cast<int>(pair.soft)].direction == Direction::above;
    if (above ? hard.trip <= soft.trip : hard.trip >= soft.trip) return false;
  }
  return true;
}

const char* check_watch(const WatchRules& w) {
  if (w.board_sensor < 0 || w.board_sensor > kMaxTemperatures) return "The profile's board sensor is outside 0 to 8.";
  if (w.plateau_low_dmV >= w.plateau_high_dmV) return "The profile's plateau is empty.";
  if (w.still_current_mA >= w.step_current_mA || w.still_dmV >= w.step_dmV) {
    return "What is still is not smaller than a step in the profile.";
  }
  if (w.runaway_time_ms <= 0 || w.weld_current_mA <= 0) return "A time or current to watch is not positive.";
  return nullptr;
}

const char* check_cell_model(const ChargeRules& c) {
  if (c.resistance_points < 0 || c.resistance_points > kMaxResistancePoints) {
    return "The profile has too many points of resistance.";
  }
  for (int i = 0; i < c.resistance_points; ++i) {
    const ResistancePoint& p = c.resistance[i];
    const bool rises = i == 0 || p.soc_pctpct > c.resistance[i - 1].soc_pctpct;
    if (!rises || p.r0_uohm <= 0 || p.r1_uohm <= 0 || p.r2_uohm <= 0 || p.charge_permille <= 0) {
      return "The resistances of the profile's cell model are not positive over a rising SOC.";
    }
  }
  if (c.resistance_points > 0 && (c.tau1_ms <= 0 || c.tau2_ms <= 0)) return "The cell model's times are not positive.";
  return nullptr;
}

const char* check_values(const Profile& p) {
  if (p.cells < 1 || p.cells > kMaxCells) return "The profile's cell count is outside 1 to 24.";
  if (p.capacity_mAh <= 0) return "The profile's capacity is not positive.";
  if (p.comm_loss_ms == 0) return "The profile's time for a lost line is zero.";
  if (p.precharge_tries == 0 || p.precharge_timeout_ms == 0) return "The profile allows no precharge.";
  if (const char* why = check_cell_model(p.charge)) return why;
  if (p.charge_limit_mA < 0 || p.discharge_limit_mA < 0) return "The profile has a negative current limit.";
  for (int i = 0; i < kFaultCount; ++i) {
    const ProtectionSpec& spec = kProtectionTable[i];
    if (p.rows[i].present && !spec.system && p.rows[i].trip == kNoReading) return "A protection has no trip level.";
    if (p.rows[i].present && !spec.system && !in_order(p.rows[i], spec.direction)) {
      return "A protection's warning or release is not on the safe side of its trip.";
    }
  }
  if (!pairs_in_order(p)) return "A hard level of the profile is not beyond its soft level.";
  if (const char* why = check_watch(p.watch)) return why;
  for (int i = 1; i < p.ocv_points; ++i) {
    if (p.ocv[i].soc_pctpct <= p.ocv[i - 1].soc_pctpct || p.ocv[i].ocv_dmV < p.ocv[i - 1].ocv_dmV) {
      return "The profile's open-circuit voltage table does not rise.";
    }
  }
  return nullptr;
}

// Faults of the BMS itself are always watched; a row of the profile chooses their action and whether they latch.
void set_system_row(Profile& p, Fault fault, std::int32_t warn, std::int32_t trip, std::uint32_t release_delay_ms,
                    bool latched) {
  ProtectionRow& row = p.row(fault);
  row.action = row.present ? row.action : kOpenBoth;
  row.latched = row.present ? row.latched : latched;
  row.present = true;
  row.warn = warn;
  row.trip = trip;
  row.release = kNoReading;
  row.warn_delay_ms = 0;
  row.delay_ms = fault == Fault::open_wire ? 300 : fault == Fault::ntc ? 1000 : 0;
  row.release_delay_ms = release_delay_ms;
}

void set_system_rows(Profile& p) {
  const auto tries = static_cast<std::int32_t>(p.precharge_tries);
  const auto comm_loss_ms = static_cast<std::int32_t>(p.comm_loss_ms);
  set_system_row(p, Fault::open_wire, kNoReading, 0, 1000, false);
  set_system_row(p, Fault::ntc, 0, 1, 5000, false);
  set_system_row(p, Fault::precharge_timeout, kNoReading, tries - 1, 0, true);
  set_system_row(p, Fault::contactor_weld, kNoReading, 1, 0, true);
  set_system_row(p, Fault::contactor_fail_close, kNoReading, 1, p.precharge_pause_ms, false);
  set_system_row(p, Fault::comm_loss, comm_loss_ms * 3 / 5, comm_loss_ms, 0, false);
  p.row(Fault::comm_loss).release = -1;  // no silence is short enough: only good frames end it
  set_system_row(p, Fault::emergency_stop, kNoReading, 0, 0, true);
  set_system_row(p, Fault::watchdog, 0, kNoReading, 0, false);
  set_system_row(p, Fault::config, kNoReading, 0, 0, true);
}

}  // namespace

const char* complete_profile(Profile& profile) {
  if (const char* why = check_values(profile)) return why;
  set_system_rows(profile);
  return nullptr;
}

Profile safe_profile() {
  Profile profile;
  set_system_row(profile, Fault::config, kNoReading, 0, 0, true);
  return profile;
}

const char* decode_profile(const std::uint8_t* data, std::size_t size, Profile& profile) {
  profile = Profile{};
  if (size < kProfileHeaderSize || size > kMaxProfileBytes) return "The profile's length is impossible.";
  packlink_reader_t r{data, size, 0, true};
  if (u32(r) != 0x31504250u) return "These bytes are not a BMS profile.";
  if (u32(r) != packlink_crc32(0, data + 8, size - 8)) return "The profile's checksum is wrong.";
  if (u16(r) != kProfileVersion) return "The profile has another version than this firmware reads.";
  profile.cells = u8(r);
  const int rows = u8(r), points = u8(r);
  u8(r);
  if (rows > kFaultCount || points > kMaxOcvPoints) return "The profile has too many rows or points.";
  read_fields(r, profile);
  read_watch(r, profile.watch);
  read_charge(r, profile.charge);
  if (const char* why = read_rows_and_points(r, rows, points, profile)) return why;
  if (!r.ok || r.used != size) return "The profile's length does not agree with its contents.";
  return complete_profile(profile);
}

}  // namespace packbench::firmware
