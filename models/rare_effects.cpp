#include "models/rare_effects.h"

#include <algorithm>
#include <cmath>

#include "models/pack.h"

namespace packbench::models {
namespace {

double core_J_per_K(const CellParameters& cell) { return (1.0 - cell.surface_share) * cell.heat_capacity_J_per_K(); }

}  // namespace

RareEffects::RareEffects(const CellParameters& cell)
    : runaway_(cell.runaway),
      plating_(cell.plating),
      reversal_(cell.reversal),
      ageing_(cell.ageing),
      decomposition_(cell.runaway, cell.mass_kg, core_J_per_K(cell)),
      collapses_(decomposition_.reactions() > 0 && runaway_.collapse_ohm > 0),
      shorts_(collapses_ || reversal_.short_S_per_Ah > 0),
      plates_(!plating_.temperature_degC.empty()),
      ages_(!ageless(ageing_)),
      any_(decomposition_.reactions() > 0 || shorts_ || plates_ || ages_) {
  lowest_above_C_.resize(plating_.temperature_degC.size());
  double lowest = 1e9;
  for (std::size_t j = lowest_above_C_.size(); j-- > 0;) {
    lowest = std::min({lowest, plating_.limit_empty_C[j], plating_.limit_full_C[j]});
    lowest_above_C_[j] = lowest;
  }
}

void RareEffects::begin(PackState& state) const {
  const Eigen::ArrayXd zero = Eigen::ArrayXd::Zero(state.soc.size());
  for (int j = 0; j < decomposition_.reactions(); ++j) state.reacted[static_cast<std::size_t>(j)] = zero;
  if (shorts_) state.grown_S = zero;
  if (plates_) state.plated_Ah = zero;
  if (!ages_) return;
  state.age.resize(static_cast<std::size_t>(state.soc.size()));
  for (std::size_t k = 0; k < state.age.size(); ++k) {
    state.age[k].turn_soc = state.age[k].furthest_soc = state.soc[static_cast<Eigen::Index>(k)];
  }
}

bool RareEffects::fits(const PackState& state) const {
  const Eigen::Index cells = state.soc.size();
  for (int j = 0; j < decomposition_.reactions(); ++j) {
    if (state.reacted[static_cast<std::size_t>(j)].size() != cells) return false;
  }
  return (!shorts_ || state.grown_S.size() == cells) && (!plates_ || state.plated_Ah.size() == cells) &&
         (!ages_ || state.age.size() == static_cast<std::size_t>(cells));
}

void RareEffects::advance(PackState& state, const SubStep& step, std::span<double> heat_J) const {
  if (decomposition_.reactions() > 0) decompose(state, step, heat_J);
  if (shorts_) grow_shorts(state, step);
  if (plates_) plate(state, step);
  if (ages_) grow_old(state, step);
}

void RareEffects::decompose(PackState& state, const SubStep& step, std::span<double> heat_J) const {
  const auto cells = static_cast<Eigen::Index>(step.electrode_A.size());
  if (state.core_degC.segment(step.first, cells).maxCoeff() < decomposition_.begins_degC()) return;
  const auto reactions = static_cast<std::size_t>(decomposition_.reactions());
  for (std::size_t i = 0; i < step.electrode_A.size(); ++i) {
    const Eigen::Index k = step.first + static_cast<Eigen::Index>(i);
    if (state.core_degC[k] < decomposition_.begins_degC()) continue;
    std::array<double, kMaxReactions> alpha{};
    for (std::size_t j = 0; j < reactions; ++j) alpha[j] = state.reacted[j][k];
    heat_J[i] += decomposition_.advance(alpha, state.core_degC[k], step.dt_s, state.soc[k]);
    for (std::size_t j = 0; j < reactions; ++j) state.reacted[j][k] = alpha[j];
    state.ocv_factor[k] = std::min(state.ocv_factor[k], decomposition_.ocv_share(alpha));
  }
}

void RareEffects::grow_shorts(PackState& state, const SubStep& step) const {
  const auto cells = static_cast<Eigen::Index>(step.electrode_A.size());
  auto grown_S = state.grown_S.segment(step.first, cells);
  const auto core_degC = state.core_degC.segment(step.first, cells);
  if (collapses_ && core_degC.maxCoeff() > runaway_.collapse_degC) {
    for (Eigen::Index i = 0; i < cells; ++i) {
      grown_S[i] = std::max(grown_S[i], separator_collapse(runaway_, core_degC[i]) / runaway_.collapse_ohm);
    }
  }
  if (state.soc.segment(step.first, cells).minCoeff() < reversal_.begin_soc) dissolve_copper(state, step);
  auto internal_S = state.internal_S.segment(step.first, cells);
  internal_S = internal_S.max(grown_S);
}

void RareEffects::dissolve_copper(PackState& state, const SubStep& step) const {
  for (std::size_t i = 0; i < step.electrode_A.size(); ++i) {
    const Eigen::Index k = step.first + static_cast<Eigen::Index>(i);
    double& grown_S = state.grown_S[k];
    if (state.soc[k] >= reversal_.begin_soc || step.electrode_A[i] >= 0 || grown_S >= reversal_.most_S) continue;
    const double more_S = -step.electrode_A[i] * step.dt_s / 3600.0 * reversal_.short_S_per_Ah;
    grown_S = std::min(grown_S + more_S, reversal_.most_S);
  }
}

double RareEffects::safe_charge_C(double coldest_degC) const {
  const auto& t = plating_.temperature_degC;
  const auto above = static_cast<std::size_t>(std::upper_bound(t.begin(), t.end(), coldest_degC) - t.begin());
  const double here = std::min(plating_limit_C(plating_, coldest_degC, 0), plating_limit_C(plating_, coldest_degC, 1));
  return above < t.size() ? std::min(here, lowest_above_C_[above]) : here;
}

void RareEffects::plate(PackState& state, const SubStep& step) const {
  const auto count = static_cast<Eigen::Index>(step.electrode_A.size());
  const double most_A = Eigen::Map<const Eigen::ArrayXd>(step.electrode_A.data(), count).maxCoeff();
  if (most_A <= 0) return;
  const double smallest_Ah = state.capacity_Ah.segment(step.first, count).minCoeff();
  if (most_A <= safe_charge_C(state.core_degC.segment(step.first, count).minCoeff()) * smallest_Ah) return;
  for (Eigen::Index i = 0; i < count; ++i) {
    const Eigen::Index k = step.first + i;
    const double limit_A = plating_limit_C(plating_, state.core_degC[k], state.soc[k]) * state.capacity_Ah[k];
    const double excess_A = step.electrode_A[static_cast<std::size_t>(i)] - limit_A;
    if (excess_A > 0) state.plated_Ah[k] += excess_A * step.dt_s / 3600.0;
  }
}

void RareEffects::grow_old(PackState& state, const SubStep& step) const {
  for (std::size_t i = 0; i < step.electrode_A.size(); ++i) {
    const Eigen::Index k = step.first + static_cast<Eigen::Index>(i);
    const AgeingStep grown = advance_age(state.age[static_cast<std::size_t>(k)], ageing_, state.core_degC[k],
                                         state.soc[k], step.electrode_A[i], state.capacity_Ah[k], step.dt_s);
    state.capacity_Ah[k] *= grown.capacity;
    state.resistance_factor[k] *= grown.resistance;
  }
}

}  // namespace packbench::models
