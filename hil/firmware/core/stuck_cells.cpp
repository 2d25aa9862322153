#include "hil/firmware/core/stuck_cells.h"

namespace packbench::firmware {
namespace {

constexpr int kMost = 1000;  // counters stay small however long it lasts

std::int32_t distance(std::int32_t a, std::int32_t b) { return a > b ? a - b : b - a; }

}  // namespace

void StuckCells::step(const Measurement& m, const WatchRules& rules) {
  moves_ = 0;
  if (m.current_mA == kNoReading) return;
  for (int i = 0; i < m.cells; ++i) {
    Cell& cell = cells_[i];
    if (m.cell_dmV[i] != cell.reading_dmV || m.cell_dmV[i] == kNoReading) {
      cell = {m.cell_dmV[i], m.current_mA, 1, 0};
      continue;
    }
    if (cell.same < rules.stuck_samples) ++cell.same;
    if (distance(m.current_mA, cell.from_mA) > rules.stuck_current_mA) {
      cell.from_mA = m.current_mA;
      if (cell.moves < kMost) ++cell.moves;
    }
    if (cell.same >= rules.stuck_samples && cell.moves > moves_) moves_ = cell.moves;
  }
}

}  // namespace packbench::firmware
