#include "hil/firmware/core/balancing.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kDischarge_mA = -200;

std::uint64_t us(std::int32_t ms) { return static_cast<std::uint64_t>(ms) * 1000; }

// The highest cell above the floor that is not bled yet and has no bled neighbour, or -1.
int next_cell(const Measurement& m, std::int32_t floor_dmV, std::uint32_t chosen, DefectSet defects) {
  const std::uint32_t width = defects.has(Defect::balances_neighbours) ? 2u : 7u;
  int best = -1;
  for (int i = 0; i < m.cells; ++i) {
    const std::uint32_t near = (width << i) >> 1;  // i and its neighbours
    if ((chosen & near) != 0 || !valid_cell(m.cell_dmV[i]) || m.cell_dmV[i] <= floor_dmV) continue;
    if (best < 0 || m.cell_dmV[i] > m.cell_dmV[best]) best = i;
  }
  return best;
}

bool has_readings(const Measurement& m, const Summary& s) {
  return s.max_cell_dmV != kNoReading && m.current_mA != kNoReading;
}

bool paused(const ChargeRules& rules, const Measurement& m, const Summary& s, DefectSet defects) {
  const bool discharges = m.current_mA < kDischarge_mA && !defects.has(Defect::balances_in_discharge);
  const bool hot = s.max_temperature_mdegC >= rules.bleed_hot_mdegC && !defects.has(Defect::balances_when_hot);
  return discharges || hot;
}

bool wanted(const ChargeRules& rules, const Summary& s, bool active, DefectSet defects) {
  const std::int32_t spread = s.max_cell_dmV - s.min_cell_dmV;
  const bool high = s.max_cell_dmV > rules.start_dmV || defects.has(Defect::balances_on_plateau);
  return active ? s.max_cell_dmV >= rules.stop_dmV && spread >= rules.stop_spread_dmV
                : high && spread > rules.start_spread_dmV;
}

std::uint32_t all_cells(const Measurement& m) { return (1u << m.cells) - 1u; }

}  // namespace

std::uint32_t choose_cells(const ChargeRules& rules, const Measurement& measurement, std::int32_t min_cell_dmV,
                           DefectSet defects) {
  std::uint32_t chosen = 0;
  for (int n = 0; n < rules.bleed_cells; ++n) {
    const int cell = next_cell(measurement, min_cell_dmV + rules.stop_spread_dmV, chosen, defects);
    if (cell < 0) break;
    chosen |= 1u << cell;
  }
  if (defects.has(Defect::balances_wrong_cells) && chosen != 0) chosen = (chosen << 1 | 1u) & all_cells(measurement);
  return chosen;
}

void Balancing::switch_to(std::uint32_t cells, std::uint64_t now_us) {
  bleed_ = cells;
  phase_since_us_ = now_us;
}

void Balancing::step(std::uint64_t now_us, const ChargeRules& rules, const Measurement& measurement,
                     const Summary& summary, bool no_fault, DefectSet defects) {
  const bool allowed = no_fault || defects.has(Defect::balances_with_fault);
  if (!allowed || !has_readings(measurement, summary) || defects.has(Defect::never_balances)) return reset();
  if (paused(rules, measurement, summary, defects)) return switch_to(0, now_us);
  const bool measured = active_ && measurement.time_us >= phase_since_us_;  // in this phase
  if (bleed_ != 0) {
    if (measured && now_us - phase_since_us_ >= us(rules.bleed_on_ms)) switch_to(0, now_us);
    return;
  }
  if (!active_ || measured) {
    if (!wanted(rules, summary, active_, defects)) return reset();
    if (!active_) phase_since_us_ = now_us;
    active_ = true;
  }
  if (measured && now_us - phase_since_us_ >= us(rules.bleed_off_ms)) {
    switch_to(choose_cells(rules, measurement, summary.min_cell_dmV, defects), now_us);
  }
}

}  // namespace packbench::firmware
