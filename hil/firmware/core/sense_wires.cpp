#include "hil/firmware/core/sense_wires.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kLow_dmV = 5'000, kHigh_dmV = 42'000, kJump_dmV = 10'000, kSumTolerance_dmV = 5'000;

bool reads_low(std::int32_t dmV) { return dmV != kNoReading && dmV < kLow_dmV; }

bool adds_up(const Measurement& m) {
  if (m.pack_dmV == kNoReading) return false;
  std::int32_t rest_dmV = m.pack_dmV;
  for (int i = 0; i < m.cells; ++i) {
    if (m.cell_dmV[i] == kNoReading) return false;
    rest_dmV -= m.cell_dmV[i];
  }
  return rest_dmV < kSumTolerance_dmV && rest_dmV > -kSumTolerance_dmV;
}

// Cells next to `cell` whose reading is above 4.2 V.
std::uint32_t high_neighbours(const Measurement& m, int cell) {
  std::uint32_t high = 0;
  for (int i = cell - 1; i <= cell + 1; i += 2) {
    if (i >= 0 && i < m.cells && m.cell_dmV[i] > kHigh_dmV) high |= 1u << i;
  }
  return high;
}

}  // namespace

bool SenseWires::jumped(const Measurement& m, int cell) const {
  if (before_dmV_[cell] - m.cell_dmV[cell] <= kJump_dmV) return false;
  for (int i = cell - 1; i <= cell + 1; i += 2) {
    if (i < 0 || i >= m.cells || m.cell_dmV[i] == kNoReading || before_dmV_[i] == kNoReading) continue;
    if (m.cell_dmV[i] - before_dmV_[i] > kJump_dmV) return true;
  }
  return false;
}

CellReadings SenseWires::judge(const Measurement& m, DefectSet defects) {
  CellReadings readings;
  const bool sum_fits = adds_up(m), known = cells_ == m.cells;
  for (int i = 0; i < m.cells; ++i) {
    const std::uint32_t cell = 1u << i;
    if (!reads_low(m.cell_dmV[i])) {
      jumped_ &= ~cell;
      continue;
    }
    if (known && before_dmV_[i] != kNoReading && jumped(m, i)) jumped_ |= cell;
    const std::uint32_t high = high_neighbours(m, i);
    const bool dead = sum_fits && high == 0 && (jumped_ & cell) == 0;
    if ((dead && !defects.has(Defect::dead_cell_taken_for_open_wire)) ||
        defects.has(Defect::open_wire_taken_for_cell)) {
      readings.dead |= cell;
    } else {
      readings.unusable |= cell | high;
    }
  }
  for (int i = 0; i < m.cells; ++i) before_dmV_[i] = m.cell_dmV[i];
  cells_ = m.cells;
  return readings;
}

}  // namespace packbench::firmware
