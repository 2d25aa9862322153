#include "sim/plant/energy_ledger.h"

#include <algorithm>
#include <cmath>

namespace packbench::sim {
namespace {

using models::NodeGrid;

constexpr double kReference_K = 298.15;

// Integral from 0 to x of from_V + slope_V x, held where it would leave 0..5 V.
double ramp(double from_V, double slope_V, double x) {
  const double end_V = from_V + slope_V * x;
  if (slope_V == 0.0 || (end_V >= 0.0 && end_V <= models::kMostOcv_V)) return (from_V + end_V) / 2.0 * x;
  const double held_V = end_V < 0.0 ? 0.0 : models::kMostOcv_V;
  const double reach = (held_V - from_V) / slope_V;
  return (from_V + held_V) / 2.0 * reach + held_V * (x - reach);
}

double enthalpy_V(const models::Node& node) { return node.ocv_V - kReference_K * node.entropy_V_per_K; }

}  // namespace

EnergyLedger::EnergyLedger(const models::Pack& pack) : pack_(&pack), enthalpy_(NodeGrid::kSocSteps + 1, 0.0) {
  const models::NodeGrid grid = pack.table().grid();
  for (int row = 1; row <= NodeGrid::kSocSteps; ++row) {
    const models::Node &low = grid.nodes[(row - 1) * NodeGrid::kRow], &high = grid.nodes[row * NodeGrid::kRow];
    const auto i = static_cast<std::size_t>(row);
    enthalpy_[i] = enthalpy_[i - 1] + (enthalpy_V(low) + enthalpy_V(high)) / (2.0 * NodeGrid::kSocSteps);
  }
}

double EnergyLedger::enthalpy_Wh_per_Ah(double soc) const {
  constexpr double kSteps = NodeGrid::kSocSteps;
  const models::NodeGrid grid = pack_->table().grid();
  if (soc < 0.0 || soc > 1.0) {
    const bool low = soc < 0.0;
    const double end = low ? 0.0 : 1.0, slope_V = (low ? grid.low_slope_V : grid.high_slope_V) * kSteps;
    const models::Node& node = grid.nodes[low ? 0 : NodeGrid::kSocSteps * NodeGrid::kRow];
    const double entropic_V = kReference_K * node.entropy_V_per_K;
    return (low ? 0.0 : enthalpy_.back()) + ramp(node.ocv_V, slope_V, soc - end) - entropic_V * (soc - end);
  }
  const auto row = static_cast<std::size_t>(std::min(soc * kSteps, kSteps - 1.0));
  const auto at = [&](std::size_t i) { return enthalpy_V(grid.nodes[i * NodeGrid::kRow]); };
  const double x = soc * kSteps - static_cast<double>(row);
  return enthalpy_[row] + (at(row) + (at(row + 1) - at(row)) * x / 2.0) * x / kSteps;
}

void EnergyLedger::begin(const models::PackState& state) {
  soc_ = state.soc;
  hysteresis_ = state.hysteresis;
  ocv_factor_ = state.ocv_factor;
  rc_V_ = state.rc_V;
  reacted_ = state.reacted;
}

void EnergyLedger::heat(const models::PackState& state, double pack_current_A, double bleed_W, double dt_s) {
  const double share_A = pack_current_A / pack_->parallel();
  balance_.heat_J += state.heat_W.sum() * dt_s;
  balance_.joints_J += state.joint_ohm.sum() * share_A * share_A * dt_s;
  balance_.bleed_J += bleed_W * dt_s;
}

double EnergyLedger::stored_J(const models::PackState& state, Eigen::Index k, models::Direction direction) const {
  const double charge_As = 3600.0 * state.capacity_Ah[k];
  const models::TablePoint<double> point = pack_->table().point(state.soc[k], state.core_degC[k], direction);
  double energy_J = charge_As * (ocv_factor_[k] + state.ocv_factor[k]) / 2.0 *
                    (enthalpy_Wh_per_Ah(state.soc[k]) - enthalpy_Wh_per_Ah(soc_[k]));
  for (std::size_t pair = 0; pair < cell().pairs.size(); ++pair) {
    const double v0 = rc_V_[pair][k], v1 = state.rc_V[pair][k];
    const double ohm = point.r_ohm[pair + 1] * state.resistance_factor[k];
    energy_J += cell().pairs[pair].tau_s / (2.0 * point.rate * ohm) * (v1 * v1 - v0 * v0);
  }
  const double h0 = hysteresis_[k], h1 = state.hysteresis[k];
  return energy_J + charge_As * cell().hysteresis_soc * point.half_gap_V / 2.0 * (h1 * h1 - h0 * h0);
}

double EnergyLedger::reacted_J(const models::PackState& state, Eigen::Index k) const {
  const double uncharged = 1.0 - std::clamp((soc_[k] + state.soc[k]) / 2.0, 0.0, 1.0);
  double heat_J = 0;
  for (std::size_t r = 0; r < cell().runaway.reactions.size(); ++r) {
    if (state.reacted[r].size() == 0) continue;
    const models::Reaction& reaction = cell().runaway.reactions[r];
    const double enthalpy_J = reaction.heat_J_per_kg * cell().mass_kg * (1.0 - reaction.charge_share * uncharged);
    heat_J += enthalpy_J * (state.reacted[r][k] - reacted_[r][k]);
  }
  return heat_J;
}

void EnergyLedger::close(const models::PackState& state, double pack_current_A) {
  const models::Direction direction = pack_current_A > 0.0 ? models::Direction::charge : models::Direction::discharge;
  for (Eigen::Index k = 0; k < state.soc.size(); ++k) {
    balance_.stored_J += stored_J(state, k, direction);
    balance_.reactions_J += reacted_J(state, k);
  }
  begin(state);
}

}  // namespace packbench::sim
