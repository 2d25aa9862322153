// What is slow or rare in a cell (reactions, a collapsed separator, copper, plating, ageing): a pass of its own after
// each sub-step of the circuit, for cells that have parameters for it. A cell that is cool, not over-discharged,
// charged within its limit and ageless costs a comparison each.
//
// What it writes to PackState: reacted, core_degC and ocv_factor (reactions.h), grown_S (separator, copper), plated_Ah,
// age, and by ageing capacity_Ah and resistance_factor, each as a factor on what is there, so that the owner's own
// changes of them stay. internal_S is kept at least at grown_S: such a short cannot be taken back.
// The circuit, the heat flow and these effects act one after the other in a sub-step; sub-steps are at most 1 s and
// 0.25 K of electrical heat long, so an onset moves by less than one of them (tests/models/rare_effects_test.cpp).
#pragma once

#include <Eigen/Core>
#include <span>

#include "models/cell.h"
#include "models/decomposition.h"

namespace packbench::models {

struct PackState;

class RareEffects {
 public:
  // Parameters must be free of problems.
  explicit RareEffects(const CellParameters& cell);

  // False: advance() would do nothing, ever.
  bool any() const { return any_; }

  // Gives a state at rest the arrays that the cell's effects need: nothing reacted, plated or grown, no age.
  void begin(PackState& state) const;

  // True when the state has those arrays, in its own size.
  bool fits(const PackState& state) const;

  struct SubStep {
    Eigen::Index first;                   // cells first .. first + electrode_A.size() of the state: one pack
    std::span<const double> electrode_A;  // of each, during the sub-step
    double dt_s;
  };

  // `state` at the end of the sub-step. Adds the heat of reactions, in J, to `heat_J` (one for each of those cells).
  void advance(PackState& state, const SubStep& step, std::span<double> heat_J) const;

 private:
  void decompose(PackState& state, const SubStep& step, std::span<double> heat_J) const;
  void grow_shorts(PackState& state, const SubStep& step) const;
  void dissolve_copper(PackState& state, const SubStep& step) const;
  void plate(PackState& state, const SubStep& step) const;
  void grow_old(PackState& state, const SubStep& step) const;
  double safe_charge_C(double coldest_degC) const;

  RunawayParameters runaway_;
  PlatingParameters plating_;
  ReversalParameters reversal_;
  AgeingParameters ageing_;
  Decomposition decomposition_;
  bool collapses_, shorts_, plates_, ages_, any_;
  std::vector<double> lowest_above_C_;  // of the plating limit, from each of its temperatures on
};

}  // namespace packbench::models
