// One step of one pack, divided into sub-steps (pack.h says how). Private to Pack.
#pragma once

#include <array>

#include "models/cell_step.h"
#include "models/pack.h"

namespace packbench::models {

class PackStep {
 public:
  PackStep(const Pack& pack, PackState& state, std::span<const std::uint8_t> bleed, Surroundings surroundings,
           double dt_s);

  void run(int pack, double current_A);

 private:
  static constexpr int kMaxHalvings = 10;

  int halvings(double current_A) const;
  void sub_step(int pack, double current_A, const StepPlan& plan);
  void advance_position(Eigen::Index position, double current_A, const StepPlan& plan);
  void advance_surfaces(Eigen::Index first, const StepPlan& plan);
  double from_neighbours_W(const double* surface_degC, Eigen::Index cell) const;
  CellConditions<double> conditions(Eigen::Index cell, double current_A, double bleed_S) const;

  const Pack& pack_;
  PackState& state_;
  std::span<const std::uint8_t> bleed_;
  Surroundings surroundings_;
  Eigen::Index first_ = 0;  // cell of the pack at hand
  int parts_;               // of dt, equal
  std::array<StepPlan, kMaxHalvings + 1> plans_;
  int planned_ = 0;
  std::array<double, kMaxPackCells * kMaxParallel> terminal_A_, electrode_A_, surface_mid_degC_, heat_sum_J_;
};

}  // namespace packbench::models
