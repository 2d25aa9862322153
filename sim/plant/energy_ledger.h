// Where the energy went: what the string took in at its terminals is stored in the cells or has become heat.
//
//   charged - discharged + reactions = stored + heat + joints + bleed + residual
//
// charged, discharged: integral of V I at the string's terminals, by the sign of I, the trapezoid of each sub-step with
//   its held current.
// heat: what models/heat.h generates in the cores, the reactions' included; reactions: enthalpy (reactions.h,
//   at the mean SOC between two looks) times conversion.
// joints, bleed: outside the cores. stored, per cell, between two looks at the state:
//   3600 Q f integral of (U25 - 298.15 K dU/dT) d(soc)      enthalpy of the electrodes, f what decomposition has left
//   + sum tau_k / (2 rate R_k) (v_k1^2 - v_k0^2)            the RC pairs
//   + 3600 Q s M / 4 (h1^2 - h0^2)                          the hysteresis
// The residual is what the equations above do not explain: the error of integration and of tables that vary in between.
// What a drive phase does is not accounted, nor is a cell that a fault sets to another state at once.
#pragma once

#include <vector>

#include "models/node_table.h"
#include "models/pack.h"

namespace packbench::sim {

struct EnergyBalance {
  double charged_J = 0, discharged_J = 0;  // both positive
  double heat_J = 0, joints_J = 0, bleed_J = 0;
  double reactions_J = 0;
  double stored_J = 0;

  double residual_J() const { return charged_J - discharged_J + reactions_J - stored_J - heat_J - joints_J - bleed_J; }
};

class EnergyLedger {
 public:
  explicit EnergyLedger(const models::Pack& pack);  // which must outlive it
  // A copy is of the same pack until it is told of another one that is equal.
  void belong_to(const models::Pack& pack) { pack_ = &pack; }

  // The state from which is counted on; what led to it is not accounted.
  void begin(const models::PackState& state);
  // At the string's terminals, `in_J` above 0 while charging.
  void at_terminals(double in_J) { (in_J > 0 ? balance_.charged_J : balance_.discharged_J) += in_J > 0 ? in_J : -in_J; }
  // Heat of one step that has just been made at this current; bleed_W outside the cells.
  void heat(const models::PackState& state, double pack_current_A, double bleed_W, double dt_s);
  // What is stored since begin() or the last call.
  void close(const models::PackState& state, double pack_current_A);

  const EnergyBalance& balance() const { return balance_; }

 private:
  double enthalpy_Wh_per_Ah(double soc) const;  // from SOC 0 on
  double stored_J(const models::PackState& state, Eigen::Index cell, models::Direction direction) const;
  double reacted_J(const models::PackState& state, Eigen::Index cell) const;

  const models::CellParameters& cell() const { return pack_->parameters().cell; }

  const models::Pack* pack_;
  std::vector<double> enthalpy_;  // at SOC 0, 0.005, ... 1
  EnergyBalance balance_;
  Eigen::ArrayXd soc_, hysteresis_, ocv_factor_;
  std::array<Eigen::ArrayXd, models::kMaxPairs> rc_V_;
  std::array<Eigen::ArrayXd, models::kMaxReactions> reacted_;
};

}  // namespace packbench::sim
