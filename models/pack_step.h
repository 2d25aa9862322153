// One step of some packs, divided into sub-steps (pack.h says how). Private to Pack.
//
// Packs are taken in blocks whose numbers stay in the processor's first cache. A block advances as one through the
// kernel (kernel.h); when one of its cells would move too far, pack by pack, each with its own number of halvings.
#pragma once

#include <array>

#include "models/kernel.h"
#include "models/pack.h"

namespace packbench::models {

class PackStep {
 public:
  static constexpr int kBlockCells = 512;  // about; a pack is never divided

  PackStep(const Pack& pack, PackState& state, std::span<const double> pack_current_A,
           std::span<const std::uint8_t> bleed, Surroundings surroundings, double dt_s);

  void run();

  // To all cells of a block from the cell before: the neighbours' flow, and 0 at the beginning of each pack.
  static std::vector<double> flows_to_the_left(const PackParameters& parameters);

 private:
  static constexpr int kMaxHalvings = 10;
  static constexpr int kMostCells = kMaxPackCells * kMaxParallel + kWidestKernel;
  using Padded = std::array<double, kMostCells + 2>;

  // Packs first .. first + count.
  struct Packs {
    int first, count;
  };

  void run_block(Packs block);
  void run_parts(Packs block);  // with sub-steps
  void hold(Packs block);       // currents and bleed of its cells
  bool moves_too_far(Packs block);
  int halvings(int pack) const;
  void sub_step(Packs packs, int offset, int level);
  void add_heat(Packs packs, int offset, double share);
  KernelCells cells_of(Packs packs, int offset);
  Eigen::Index first_cell(Packs packs) const { return packs.first * pack_.pack_size(); }
  int cell_count(Packs packs) const { return static_cast<int>(packs.count * pack_.pack_size()); }

  const Pack& pack_;
  PackState& state_;
  std::span<const double> pack_current_A_;
  std::span<const std::uint8_t> bleed_;
  Surroundings surroundings_;
  const Kernel& kernel_;
  int parts_;  // of dt, equal
  double part_s_;
  StepLimits limits_;
  alignas(64) Padded pack_A_, bleed_S_, surface_before_degC_, surface_mid_degC_, surface_W_, electrode_A_, heat_sum_W_;
  alignas(64) Padded rare_heat_J_;  // by rare effects in the whole step
};

}  // namespace packbench::models
