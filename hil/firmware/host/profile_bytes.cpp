#include "hil/firmware/host/profile_bytes.h"

#include <cmath>
#include <stdexcept>

#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/protection_table.h"
#include "hil/packlink/packlink.h"
#include "sim/vocabulary.h"

namespace packbench::firmware {
namespace {

class Bytes {
 public:
  void put(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  // A number in wire units, or kNoReading for one that is not there.
  void scaled(double value, double per_unit) {
    const double wire = std::nearbyint(value * per_unit);
    if (wire < -2147483647.0 || wire > 2147483647.0) {
      throw std::invalid_argument("The BMS profile holds " + std::to_string(value) +
                                  ", which is more than a device can take.");
    }
    const std::int32_t integer = std::isnan(value) ? kNoReading : static_cast<std::int32_t>(wire);
    put(static_cast<std::uint32_t>(integer), 4);
  }
  std::vector<std::uint8_t>& bytes() { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
};

void put_fields(Bytes& out, const sim::BmsProfile& p) {
  out.scaled(p.capacity_Ah, 1e3);
  out.scaled(p.full_anchor_V, 1e4);
  out.scaled(p.full_anchor_max_A, 1e3);
  out.scaled(p.full_anchor_s, 1e3);
  out.scaled(p.empty_anchor_V, 1e4);
  out.scaled(p.empty_anchor_max_A, 1e3);
  out.scaled(p.comm_loss_s, 1e3);
  out.scaled(p.precharge_timeout_s, 1e3);
  out.scaled(p.precharge_delta_V, 1e4);
  out.scaled(p.precharge_tries, 1);
  out.scaled(p.precharge_pause_s, 1e3);
  out.scaled(p.feedback_delay_s, 1e3);
  out.scaled(p.charge_limit_A, 1e3);
  out.scaled(p.discharge_limit_A, 1e3);
  out.scaled(p.zero_current_wait_s, 1e3);
}

void put_watch(Bytes& out, const sim::BmsWatch& w) {
  out.scaled(w.high_current_A, 1e3);
  out.scaled(w.high_current_delay_s, 1e3);
  out.scaled(w.board_sensor, 1);
  out.scaled(w.imbalance_current_A, 1e3);
  out.scaled(w.imbalance_loaded_warn_V, 1e4);
  out.scaled(w.plateau_low_V, 1e4);
  out.scaled(w.plateau_high_V, 1e4);
  out.scaled(w.stuck_current_A, 1e3);
  out.scaled(w.stuck_samples, 1);
  out.scaled(w.step_current_A, 1e3);
  out.scaled(w.step_voltage_V, 1e4);
  out.scaled(w.still_current_A, 1e3);
  out.scaled(w.still_voltage_V, 1e4);
  out.scaled(w.runaway_rise_K, 1e3);
  out.scaled(w.runaway_time_s, 1e3);
  out.scaled(w.runaway_above_degC, 1e3);
  out.scaled(w.weld_current_A, 1e3);
  out.scaled(w.break_current_A, 1e3);
  out.scaled(w.fuse_wait_s, 1e3);
  out.scaled(w.short_bus_current_A, 1e3);
  out.scaled(w.short_bus_time_s, 1e3);
  out.scaled(w.sleep_after_s, 1e3);
  out.scaled(w.sleep_undervoltage_s, 1e3);
}

// In the order of kChargeFields.
void put_charge(Bytes& out, const sim::BmsCharge& c) {
  out.scaled(c.dead_band_A, 1e3);
  const sim::BmsBalancing& b = c.balancing;
  for (const double level_V : {b.start_V, b.start_spread_V, b.stop_V, b.stop_spread_V}) out.scaled(level_V, 1e4);
  out.scaled(b.most_cells, 1);
  for (const double value : {b.on_s, b.off_s, b.hot_degC}) out.scaled(value, 1e3);
  out.scaled(c.charge_taper_soc, 1e4);
  out.scaled(c.discharge_taper_soc, 1e4);
  const sim::BmsCellModel& m = c.cell;
  out.scaled(m.steep_V, 1e3);
  out.scaled(m.hysteresis_V, 1e4);
  out.scaled(m.hysteresis_swing_soc, 1e4);
  out.scaled(m.tau1_s, 1e3);
  out.scaled(m.tau2_s, 1e3);
  out.scaled(m.activation_J_per_mol, 1);
  out.scaled(static_cast<double>(m.soc.size()), 1);
  for (std::size_t i = 0; i < kMaxResistancePoints; ++i) {
    const bool there = i < m.soc.size();
    out.scaled(there ? m.soc[i] : 0, 1e4);
    for (const auto* column : {&m.r0_ohm, &m.r1_ohm, &m.r2_ohm}) out.scaled(there ? column->at(i) : 0, 1e6);
    out.scaled(there ? m.charge_ratio.at(i) : 1, 1e3);
  }
}

void put_row(Bytes& out, const sim::Protection& row) {
  const auto code = sim::code_of(sim::Vocabulary::fault, row.id);
  if (!code || *code >= kFaultCount) {
    throw std::invalid_argument("The BMS profile has a protection '" + row.id + "', which the firmware does not know.");
  }
  const double per_unit = kProtectionTable[*code].per_unit;
  out.put(static_cast<std::uint64_t>(*code), 1);
  out.put(static_cast<std::uint64_t>(row.action), 1);
  out.put(row.latched ? 1 : 0, 1);
  out.put(0, 1);
  out.scaled(row.warn, per_unit);
  out.scaled(row.trip, per_unit);
  out.scaled(row.delay_s, 1e3);
  out.scaled(row.release, per_unit);
  out.scaled(row.release_delay_s, 1e3);
  out.scaled(row.warn_delay_s, 1e3);
}

std::vector<std::uint8_t> body_of(const sim::BmsProfile& p) {
  Bytes out;
  out.put(kProfileVersion, 2);
  out.put(static_cast<std::uint64_t>(p.cells), 1);
  out.put(p.protections.size(), 1);
  out.put(p.ocv_by_soc.size(), 1);
  out.put(0, 1);
  put_fields(out, p);
  put_watch(out, p.watch);
  put_charge(out, p.charge);
  for (const sim::Protection& row : p.protections) put_row(out, row);
  for (const auto& [soc, ocv_V] : p.ocv_by_soc) {
    out.put(static_cast<std::uint64_t>(std::nearbyint(soc * 1e4)), 2);
    out.put(static_cast<std::uint64_t>(std::nearbyint(ocv_V * 1e4)), 2);
  }
  return out.bytes();
}

void check_sizes(const sim::BmsProfile& p) {
  if (p.protections.size() > kFaultCount) throw std::invalid_argument("The BMS profile has too many protections.");
  if (p.ocv_by_soc.size() > kMaxOcvPoints) {
    throw std::invalid_argument("The BMS profile's open-circuit voltage table has more than 128 points.");
  }
  const sim::BmsCellModel& m = p.charge.cell;
  if (m.soc.size() > kMaxResistancePoints) {
    throw std::invalid_argument("The BMS profile's cell model has more than 8 points of resistance.");
  }
  for (const auto* column : {&m.r0_ohm, &m.r1_ohm, &m.r2_ohm, &m.charge_ratio}) {
    if (column->size() != m.soc.size()) throw std::invalid_argument("The columns of the cell model differ in length.");
  }
  if (p.cells < 1 || p.cells > kMaxCells) throw std::invalid_argument("The BMS profile is not for 1 to 24 cells.");
}

}  // namespace

std::vector<std::uint8_t> encode_profile(const sim::BmsProfile& profile) {
  check_sizes(profile);
  const std::vector<std::uint8_t> body = body_of(profile);
  Bytes out;
  for (const char letter : {'P', 'B', 'P', '1'}) out.put(static_cast<std::uint8_t>(letter), 1);
  out.put(packlink_crc32(0, body.data(), body.size()), 4);
  out.bytes().insert(out.bytes().end(), body.begin(), body.end());
  return out.bytes();
}

}  // namespace packbench::firmware
