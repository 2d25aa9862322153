#include "hil/firmware/core/current_witness.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kLongestGap_us = 1'500'000, kForget_us = 600'000'000;
constexpr int kMost = 1000;

// +1, -1, or 0 for a change of at most `level`.
int sign(std::int32_t change, std::int32_t level) { return change > level ? 1 : change < -level ? -1 : 0; }

}  // namespace

// The direction in which more than half of the cells moved by more than the level.
int CurrentWitness::direction(const Sample& from, const Sample& to, std::int32_t level_dmV) const {
  int up = 0, down = 0;
  for (int i = 0; i < cells_; ++i) {
    const int moved = sign(to.cell_dmV[i] - from.cell_dmV[i], level_dmV);
    up += moved > 0;
    down += moved < 0;
  }
  return 2 * up > cells_ ? 1 : 2 * down > cells_ ? -1 : 0;
}

void CurrentWitness::conclude(bool answered) {
  contradicted_us_ = samples_[3].time_us;
  contradictions_ = answered ? 0 : contradictions_ < kMost ? contradictions_ + 1 : kMost;
}

void CurrentWitness::judge(const WatchRules& rules) {
  const Sample* s = samples_;
  const int voltage = direction(s[1], s[2], rules.step_dmV);
  const bool cells_still = direction(s[0], s[1], rules.still_dmV) == 0 && direction(s[2], s[3], rules.still_dmV) == 0;
  if (voltage != 0 && cells_still) {
    return conclude(sign(s[3].current_mA - s[0].current_mA, rules.still_current_mA) == voltage);
  }
  const int current = sign(s[2].current_mA - s[1].current_mA, rules.step_current_mA);
  const bool current_still = sign(s[1].current_mA - s[0].current_mA, rules.still_current_mA) == 0 &&
                             sign(s[3].current_mA - s[2].current_mA, rules.still_current_mA) == 0;
  if (current != 0 && current_still) conclude(direction(s[0], s[3], rules.still_dmV) == current);
}

void CurrentWitness::step(const Measurement& m, const WatchRules& rules) {
  const bool gap = m.time_us - samples_[3].time_us > kLongestGap_us;
  if (gap || m.cells != cells_ || m.current_mA == kNoReading) count_ = 0;
  cells_ = m.cells;
  for (int i = 0; i < 3; ++i) samples_[i] = samples_[i + 1];
  samples_[3].time_us = m.time_us;
  samples_[3].current_mA = m.current_mA;
  for (int i = 0; i < m.cells; ++i) {
    samples_[3].cell_dmV[i] = m.cell_dmV[i];
    if (m.cell_dmV[i] == kNoReading) count_ = -1;
  }
  if (m.current_mA == kNoReading) count_ = -1;
  if (count_ < 4) ++count_;
  if (count_ == 4) judge(rules);
  if (m.time_us - contradicted_us_ > kForget_us) contradictions_ = 0;
}

}  // namespace packbench::firmware
