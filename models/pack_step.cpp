#include "models/pack_step.h"

#include <algorithm>
#include <cmath>

#include "models/parallel_group.h"

namespace packbench::models {
namespace {

constexpr double kLongestPart_s = 1.0;
constexpr double kMostSoc = 1e-3;      // moved by a cell in a sub-step
constexpr double kMostSwing = 0.0625;  // of the hysteresis
constexpr double kMostWarming_K = 0.25;
constexpr double kMost_V = 5.0;  // of a cell, for the current through its conductances

Direction direction_of(double current_A) { return current_A > 0.0 ? Direction::charge : Direction::discharge; }

int parts_of(const HeatFlow& flow, double dt_s) {
  const double settling_s = flow.neighbour_W_per_K > 0 ? flow.surface_J_per_K / (8.0 * flow.neighbour_W_per_K) : 1e9;
  // A division that is whole but for rounding stays whole.
  return static_cast<int>(std::clamp(std::ceil(dt_s / std::min(kLongestPart_s, settling_s) - 1e-9), 1.0, 1e9));
}

CellVariables<double> variables(const PackState& s, Eigen::Index k) {
  return {s.soc[k], {s.rc_V[0][k], s.rc_V[1][k], s.rc_V[2][k]}, s.hysteresis[k], s.core_degC[k], s.surface_degC[k]};
}

void store(const CellVariables<double>& cell, PackState& s, Eigen::Index k) {
  s.soc[k] = cell.soc;
  for (std::size_t i = 0; i < kMaxPairs; ++i) s.rc_V[i][k] = cell.rc_V[i];
  s.hysteresis[k] = cell.hysteresis;
}

}  // namespace

PackStep::PackStep(const Pack& pack, PackState& state, std::span<const std::uint8_t> bleed, Surroundings surroundings,
                   double dt_s)
    : pack_(pack), state_(state), bleed_(bleed), surroundings_(surroundings), parts_(parts_of(pack.flow_, dt_s)) {
  plans_[0] = StepPlan(pack.parameters_.cell, pack.flow_, dt_s / parts_);
}

void PackStep::run(int pack, double current_A) {
  const Eigen::Index cells = pack_.pack_size();
  first_ = pack * cells;
  std::fill_n(heat_sum_J_.begin(), cells, 0.0);
  for (int part = 0; part < parts_; ++part) {
    const int level = halvings(current_A);
    for (; planned_ < level; ++planned_) {
      plans_[static_cast<std::size_t>(planned_) + 1] =
          StepPlan(pack_.parameters_.cell, pack_.flow_, 0.5 * plans_[static_cast<std::size_t>(planned_)].dt_s);
    }
    const StepPlan& plan = plans_[static_cast<std::size_t>(level)];
    for (int i = 0; i < 1 << level; ++i) sub_step(pack, current_A, plan);
  }
  const double per_time = 1.0 / (plans_[0].dt_s * parts_);
  for (Eigen::Index k = 0; k < cells; ++k)
    state_.heat_W[first_ + k] = heat_sum_J_[static_cast<std::size_t>(k)] * per_time;
}

int PackStep::halvings(double current_A) const {
  const CellParameters& cell = pack_.parameters_.cell;
  const double per_part = plans_[0].soc_Ah / std::min(kMostSoc, kMostSwing * cell.hysteresis_soc);
  const double own_A = std::abs(current_A) / pack_.parameters_.parallel, bleed_S = 1.0 / pack_.parameters_.bleed_ohm;
  const double per_warming = plans_[0].dt_s / (kMostWarming_K * pack_.flow_.core_J_per_K);
  double excess = 0;
  for (Eigen::Index k = first_; k < first_ + pack_.pack_size(); ++k) {
    const double moved = (own_A + kMost_V * (state_.internal_S[k] + bleed_S)) * per_part / state_.capacity_Ah[k];
    excess = std::max({excess, moved, std::abs(state_.heat_W[k]) * per_warming});
  }
  int level = 0;
  for (; excess > 1.0 && level < kMaxHalvings; ++level) excess *= 0.5;
  return level;
}

void PackStep::sub_step(int pack, double current_A, const StepPlan& plan) {
  for (int i = 0; i < pack_.cells(); ++i) {
    advance_position(static_cast<Eigen::Index>(pack) * pack_.cells() + i, current_A, plan);
  }
  advance_surfaces(first_, plan);
  const auto cells = static_cast<std::size_t>(pack_.pack_size());
  if (pack_.rare_.any()) {
    pack_.rare_.advance(state_, {first_, {electrode_A_.data(), cells}, plan.dt_s}, {heat_sum_J_.data(), cells});
  }
  for (Eigen::Index k = 0; k < pack_.pack_size(); ++k) {
    heat_sum_J_[static_cast<std::size_t>(k)] += plan.dt_s * state_.heat_W[first_ + k];
  }
}

CellConditions<double> PackStep::conditions(Eigen::Index k, double current_A, double bleed_S) const {
  return {current_A,
          bleed_S,
          state_.internal_S[k],
          state_.capacity_Ah[k],
          state_.resistance_factor[k],
          state_.joint_ohm[k],
          state_.heater_W[k],
          state_.ocv_factor[k]};
}

double PackStep::from_neighbours_W(const double* surface_degC, Eigen::Index cell) const {
  double flow = 0;
  if (cell > 0) flow += pack_.flow_.neighbour_W_per_K * (surface_degC[cell - 1] - surface_degC[cell]);
  if (cell + 1 < pack_.pack_size())
    flow += pack_.flow_.neighbour_W_per_K * (surface_degC[cell + 1] - surface_degC[cell]);
  return flow;
}

void PackStep::advance_position(Eigen::Index position, double current_A, const StepPlan& plan) {
  const int members = pack_.parallel();
  const double bleed_S = pack_.bleed_S(bleed_, position);
  std::array<MidStep<double>, kMaxParallel> mid;
  std::array<TablePoint<double>, kMaxParallel> point;
  std::array<MeanSource<double>, kMaxParallel> source;
  std::array<double, kMaxParallel> emf_V{}, ohm{}, share_A{};
  const double even_A = current_A / members;
  for (int m = 0; m < members; ++m) {
    const Eigen::Index k = position * members + m;
    const auto i = static_cast<std::size_t>(m);
    const CellVariables<double> cell = variables(state_, k);
    const CellConditions<double> held = conditions(k, even_A, bleed_S);
    const double surface_W = held.joint_ohm * even_A * even_A + held.heater_W +
                             from_neighbours_W(state_.surface_degC.data() + first_, k - first_);
    mid[i] =
        predict(plan, cell, held, state_.heat_W[k], surface_W, surroundings_.ambient_degC, surroundings_.coolant_degC);
    point[i] = pack_.table_.point(mid[i].soc, mid[i].core_degC, direction_of(current_A));
    source[i] = mean_source(plan, cell, held, point[i], mid[i].core_degC);
    if (members > 1) {
      // The OCV follows the current that the cell will get, not the even share that the tables were read with.
      const double slope_V = pack_.table_.ocv_slope_V(mid[i].soc);
      const double moves_V = slope_V * held.ocv_factor * 0.5 * plan.soc_Ah / held.capacity_Ah;
      source[i].emf_V -= moves_V * (even_A - (held.bleed_S + held.internal_S) * plan.nominal_V);
      source[i].ohm += moves_V;
    }
    const double divider = 1.0 + (held.bleed_S + held.internal_S) * source[i].ohm;
    emf_V[i] = source[i].emf_V / divider;
    ohm[i] = source[i].ohm / divider + held.joint_ohm;
    surface_mid_degC_[static_cast<std::size_t>(k - first_)] = mid[i].surface_degC;
  }
  const auto count = static_cast<std::size_t>(members);
  share_current({emf_V.data(), count}, {ohm.data(), count}, current_A, {share_A.data(), count});
  for (int m = 0; m < members; ++m) {
    const Eigen::Index k = position * members + m;
    const auto i = static_cast<std::size_t>(m);
    CellVariables<double> cell = variables(state_, k);
    const CellConditions<double> held = conditions(k, share_A[i], bleed_S);
    const Advanced<double> advanced = advance_circuit(plan, cell, held, point[i], source[i], mid[i].core_degC);
    store(cell, state_, k);
    state_.heat_W[k] = advanced.heat_W;
    electrode_A_[static_cast<std::size_t>(k - first_)] = advanced.electrode_A;
    terminal_A_[static_cast<std::size_t>(k - first_)] = share_A[i];
  }
}

void PackStep::advance_surfaces(Eigen::Index first, const StepPlan& plan) {
  for (Eigen::Index i = 0; i < pack_.pack_size(); ++i) {
    const Eigen::Index k = first + i;
    const double terminal_A = terminal_A_[static_cast<std::size_t>(i)];
    const double surface_W = state_.joint_ohm[k] * terminal_A * terminal_A + state_.heater_W[k] +
                             from_neighbours_W(surface_mid_degC_.data(), i);
    advance_heat(plan, state_.core_degC[k], state_.surface_degC[k], state_.heat_W[k], surface_W,
                 surroundings_.ambient_degC, surroundings_.coolant_degC);
  }
}

void Pack::step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                Surroundings surroundings, double dt_s) const {
  check_step(state, pack_current_A, bleed, dt_s);
  PackStep step(*this, state, bleed, surroundings, dt_s);
  for (int p = 0; p < packs_; ++p) step.run(p, pack_current_A[static_cast<std::size_t>(p)]);
}

}  // namespace packbench::models
