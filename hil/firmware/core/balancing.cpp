#include "hil/firmware/core/balancing.h"

namespace packbench::firmware {
namespace {

constexpr std::int32_t kStart_dmV = 34'000, kStop_dmV = 33'500, kStartSpread_dmV = 200, kStopSpread_dmV = 100;
constexpr std::int32_t kDischarge_mA = -200, kHot_mdegC = 60'000;
constexpr int kAtOnce = 7;
constexpr std::uint64_t kOn_us = 2'000'000, kOff_us = 200'000;

// The highest cell above the floor that is not bled yet and has no bled neighbour, or -1.
int next_cell(const Measurement& m, std::int32_t floor_dmV, std::uint32_t chosen) {
  int best = -1;
  for (int i = 0; i < m.cells; ++i) {
    const std::uint32_t near = (7u << i) >> 1;  // i and its neighbours
    if ((chosen & near) != 0 || !valid_cell(m.cell_dmV[i]) || m.cell_dmV[i] <= floor_dmV) continue;
    if (best < 0 || m.cell_dmV[i] > m.cell_dmV[best]) best = i;
  }
  return best;
}

bool inhibited(const Measurement& m, const Summary& s) {
  return s.max_cell_dmV == kNoReading || m.current_mA == kNoReading || m.current_mA < kDischarge_mA ||
         s.max_temperature_mdegC >= kHot_mdegC;
}

bool wanted(const Summary& s, bool active) {
  const std::int32_t spread = s.max_cell_dmV - s.min_cell_dmV;
  return active ? s.max_cell_dmV >= kStop_dmV && spread >= kStopSpread_dmV
                : s.max_cell_dmV > kStart_dmV && spread > kStartSpread_dmV;
}

}  // namespace

std::uint32_t choose_cells(const Measurement& measurement, std::int32_t min_cell_dmV) {
  std::uint32_t chosen = 0;
  for (int n = 0; n < kAtOnce; ++n) {
    const int cell = next_cell(measurement, min_cell_dmV + kStopSpread_dmV, chosen);
    if (cell < 0) break;
    chosen |= 1u << cell;
  }
  return chosen;
}

void Balancing::step(std::uint64_t now_us, const Measurement& measurement, const Summary& summary, bool allowed) {
  const bool measuring = bleed_ == 0;
  if (!allowed || inhibited(measurement, summary) || (measuring && !wanted(summary, active_))) {
    reset();
    return;
  }
  if (!active_) phase_since_us_ = now_us;
  active_ = true;
  const std::uint64_t in_phase_us = now_us - phase_since_us_;
  if (measuring && in_phase_us >= kOff_us) {
    bleed_ = choose_cells(measurement, summary.min_cell_dmV);
    phase_since_us_ = now_us;
  } else if (!measuring && in_phase_us >= kOn_us) {
    bleed_ = 0;
    phase_since_us_ = now_us;
  }
}

}  // namespace packbench::firmware
