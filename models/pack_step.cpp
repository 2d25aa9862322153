#include "models/pack_step.h"

#include <algorithm>
#include <cmath>

#include "models/step_plans.h"

namespace packbench::models {
namespace {

constexpr double kLongestPart_s = 1.0;
constexpr double kMostSoc = 1e-3;      // moved by a cell in a sub-step
constexpr double kMostSwing = 0.0625;  // of the hysteresis
constexpr double kMostWarming_K = 0.25;

int parts_of(const HeatFlow& flow, double dt_s) {
  const double settling_s = flow.neighbour_W_per_K > 0 ? flow.surface_J_per_K / (8.0 * flow.neighbour_W_per_K) : 1e9;
  // A division that is whole but for rounding stays whole.
  return static_cast<int>(std::clamp(std::ceil(dt_s / std::min(kLongestPart_s, settling_s) - 1e-9), 1.0, 1e9));
}

StepLimits limits_of(const PackParameters& p, const HeatFlow& flow, double part_s) {
  return {kMostOcv_V, 1.0 / p.bleed_ohm, part_s / 3600.0 / std::min(kMostSoc, kMostSwing * p.cell.hysteresis_soc),
          kMostWarming_K * flow.core_J_per_K / part_s};
}

int packs_in_block(Eigen::Index pack_size) {
  return static_cast<int>(std::max<Eigen::Index>(1, PackStep::kBlockCells / pack_size));
}

}  // namespace

std::vector<double> PackStep::flows_to_the_left(const PackParameters& p) {
  const int pack_size = p.cells * p.parallel, cells = packs_in_block(pack_size) * pack_size;
  std::vector<double> flows(static_cast<std::size_t>(cells + 1 + kWidestKernel), p.neighbour_W_per_K);
  for (int k = 0; k <= cells; k += pack_size) flows[static_cast<std::size_t>(k)] = 0.0;
  return flows;
}

PackStep::PackStep(const Pack& pack, PackState& state, std::span<const double> pack_current_A,
                   std::span<const std::uint8_t> bleed, Surroundings surroundings, double dt_s)
    : pack_(pack),
      state_(state),
      pack_current_A_(pack_current_A),
      bleed_(bleed),
      surroundings_(surroundings),
      kernel_(widest_kernel()),
      parts_(parts_of(pack.flow_, dt_s)),
      part_s_(dt_s / parts_),
      limits_(limits_of(pack.parameters_, pack.flow_, part_s_)) {}

void PackStep::run() {
  const int in_block = packs_in_block(pack_.pack_size());
  for (int first = 0; first < pack_.packs(); first += in_block) {
    run_block({first, std::min(in_block, pack_.packs() - first)});
  }
}

void PackStep::run_block(Packs block) {
  hold(block);
  if (pack_.rare_.any()) std::fill_n(rare_heat_J_.begin(), cell_count(block), 0.0);
  if (parts_ == 1 && !moves_too_far(block)) {
    sub_step(block, 0, 0);
  } else {
    run_parts(block);
  }
  if (!pack_.rare_.any()) return;
  double* heat_W = state_.heat_W.data() + first_cell(block);
  for (int k = 0; k < cell_count(block); ++k)
    heat_W[k] += rare_heat_J_[static_cast<std::size_t>(k)] / (part_s_ * parts_);
}

void PackStep::run_parts(Packs block) {
  std::fill_n(heat_sum_W_.begin(), cell_count(block), 0.0);
  for (int part = 0; part < parts_; ++part) {
    if (!moves_too_far(block)) {
      sub_step(block, 0, 0);
      add_heat(block, 0, 1.0);
      continue;
    }
    for (int i = 0; i < block.count; ++i) {
      const Packs one{block.first + i, 1};
      const int offset = static_cast<int>(i * pack_.pack_size()), level = halvings(one.first);
      for (int n = 0; n < 1 << level; ++n) {
        sub_step(one, offset, level);
        add_heat(one, offset, 1.0 / (1 << level));
      }
    }
  }
  double* heat_W = state_.heat_W.data() + first_cell(block);
  for (int k = 0; k < cell_count(block); ++k) heat_W[k] = heat_sum_W_[static_cast<std::size_t>(k)] / parts_;
}

void PackStep::hold(Packs block) {
  const int pack_size = static_cast<int>(pack_.pack_size());
  for (int i = 0; i < block.count; ++i) {
    kernel_.hold(pack_A_.data() + i * pack_size, pack_size, pack_current_A_[static_cast<std::size_t>(block.first + i)]);
  }
  if (bleed_.empty()) return kernel_.hold(bleed_S_.data(), cell_count(block), 0.0);
  const std::uint8_t* on = bleed_.data() + static_cast<std::ptrdiff_t>(block.first) * pack_.cells();
  kernel_.hold_flags(bleed_S_.data(), on, block.count * pack_.cells(), pack_.parallel(),
                     1.0 / (pack_.parameters_.bleed_ohm * pack_.parallel()));
}

bool PackStep::moves_too_far(Packs block) { return kernel_.moves_too_far(cells_of(block, 0), limits_); }

int PackStep::halvings(int pack) const {
  const double own_A = std::abs(pack_current_A_[static_cast<std::size_t>(pack)]) / pack_.parallel();
  const Eigen::Index first = pack * pack_.pack_size();
  double excess = 0;
  for (Eigen::Index k = first; k < first + pack_.pack_size(); ++k) {
    const double most_A = own_A + limits_.most_V * (state_.internal_S[k] + limits_.bleed_S);
    excess = std::max(
        {excess, most_A * limits_.Ah_per_A / state_.capacity_Ah[k], std::abs(state_.heat_W[k]) / limits_.most_heat_W});
  }
  int level = 0;
  for (; excess > 1.0 && level < kMaxHalvings; ++level) excess *= 0.5;
  return level;
}

void PackStep::sub_step(Packs packs, int offset, int level) {
  const double dt_s = part_s_ / (1 << level);
  const StepPlan& plan = step_plan(pack_.parameters_number_, pack_.parameters_.cell, pack_.flow_, dt_s);
  kernel_.advance(cells_of(packs, offset), plan);
  for (int i = 0; pack_.rare_.any() && i < packs.count; ++i) {
    const auto cells = static_cast<std::size_t>(pack_.pack_size()), at = static_cast<std::size_t>(offset) + i * cells;
    pack_.rare_.advance(state_, {first_cell({packs.first + i, 1}), {electrode_A_.data() + at, cells}, dt_s},
                        {rare_heat_J_.data() + at, cells});
  }
}

void PackStep::add_heat(Packs packs, int offset, double share) {
  const double* heat_W = state_.heat_W.data() + first_cell(packs);
  double* sum_W = heat_sum_W_.data() + offset;
  for (int k = 0; k < cell_count(packs); ++k) sum_W[k] += share * heat_W[k];
}

KernelCells PackStep::cells_of(Packs packs, int offset) {
  const Eigen::Index k = first_cell(packs);
  PackState& s = state_;
  return {cell_count(packs),
          pack_.parallel(),
          s.soc.data() + k,
          {s.rc_V[0].data() + k, s.rc_V[1].data() + k, s.rc_V[2].data() + k},
          s.hysteresis.data() + k,
          s.core_degC.data() + k,
          s.surface_degC.data() + k,
          s.heat_W.data() + k,
          s.capacity_Ah.data() + k,
          s.resistance_factor.data() + k,
          s.internal_S.data() + k,
          s.joint_ohm.data() + k,
          s.heater_W.data() + k,
          s.ocv_factor.data() + k,
          pack_A_.data() + offset,
          bleed_S_.data() + offset,
          pack_.flows_to_the_left_.data(),
          surface_before_degC_.data(),
          surface_mid_degC_.data(),
          surface_W_.data(),
          electrode_A_.data() + offset,
          pack_.table_.grid(),
          surroundings_.ambient_degC,
          surroundings_.coolant_degC};
}

void Pack::step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                Surroundings surroundings, double dt_s) const {
  check_step(state, pack_current_A, bleed, dt_s);
  PackStep(*this, state, pack_current_A, bleed, surroundings, dt_s).run();
}

}  // namespace packbench::models
