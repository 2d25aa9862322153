#include "models/pack.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/cell_step.h"
#include "models/pack_step.h"
#include "models/parallel_group.h"
#include "models/step_plans.h"

namespace packbench::models {
namespace {

// A sentence without memory of its own: checks on the way of every step must not build strings.
void expect(bool holds, const char* sentence) {
  if (!holds) throw std::invalid_argument(sentence);
}

// True for a finite value that is at least 0, and at most `most`.
bool sensible(double value, double most) { return value >= 0.0 && value <= most; }

PackParameters checked(PackParameters p, int packs) {
  expect(packs >= 1, "A batch must hold at least one pack.");
  if (p.cells < 1 || p.cells > kMaxPackCells) {
    throw std::invalid_argument("A pack must have 1 to " + std::to_string(kMaxPackCells) + " cells, but has " +
                                std::to_string(p.cells) + ".");
  }
  if (p.parallel < 1 || p.parallel > kMaxParallel) {
    throw std::invalid_argument("A position must have 1 to " + std::to_string(kMaxParallel) +
                                " cells in parallel, but has " + std::to_string(p.parallel) + ".");
  }
  expect(sensible(p.joint_ohm, 1e6), "The resistance of a joint must be at least 0 ohm.");
  expect(std::isfinite(p.bleed_ohm) && p.bleed_ohm > 0, "The bleed resistor must be above 0 ohm.");
  expect(sensible(p.neighbour_W_per_K, 1e6), "The heat flow between neighbours must be at least 0 W/K.");
  expect(sensible(p.ambient_W_per_K, 1e6), "The heat flow to ambient must be at least 0 W/K.");
  expect(sensible(p.coolant_W_per_K, 1e6), "The heat flow to the coolant must be at least 0 W/K.");
  expect(sensible(p.spread.capacity_sigma, 0.2), "The spread of capacity must be 0 to 20 %.");
  expect(sensible(p.spread.soc_sigma, 0.1), "The spread of SOC must be 0 to 10 %.");
  expect(sensible(p.spread.resistance_sigma, 0.2), "The spread of resistance must be 0 to 20 %.");
  expect(p.spread.correlation >= -1.0 && p.spread.correlation <= 1.0,
         "The correlation of capacity and resistance must lie between -1 and 1.");
  return p;
}

Direction direction_of(double current_A) { return current_A > 0.0 ? Direction::charge : Direction::discharge; }

bool same(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) { return a.size() == b.size() && (a == b).all(); }

// All arrays of a state with one value for each cell.
template <class State>
auto arrays_of(State& s) {
  return std::array{&s.soc,          &s.rc_V[0],     &s.rc_V[1],           &s.rc_V[2],    &s.hysteresis, &s.core_degC,
                    &s.surface_degC, &s.capacity_Ah, &s.resistance_factor, &s.internal_S, &s.joint_ohm,  &s.heater_W,
                    &s.ocv_factor,   &s.heat_W};
}

}  // namespace

bool operator==(const PackState& a, const PackState& b) {
  const auto first = arrays_of(a), second = arrays_of(b);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (!same(*first[i], *second[i])) return false;
  }
  return std::equal(a.reacted.begin(), a.reacted.end(), b.reacted.begin(), same) && same(a.plated_Ah, b.plated_Ah) &&
         same(a.grown_S, b.grown_S) && a.age == b.age;
}

Pack::Pack(PackParameters parameters, int packs)
    : parameters_(checked(std::move(parameters), packs)),
      packs_(packs),
      table_(parameters_.cell),
      flow_(heat_flow(parameters_.cell, parameters_.ambient_W_per_K, parameters_.coolant_W_per_K,
                      parameters_.neighbour_W_per_K)),
      rare_(parameters_.cell),
      flows_to_the_left_(PackStep::flows_to_the_left(parameters_)),
      parameters_number_(next_parameters_number()) {}

void Pack::cell_voltage(const PackState& state, std::span<const double> pack_current_A,
                        std::span<const std::uint8_t> bleed, Eigen::ArrayXd& out_V) const {
  check_sizes(state, pack_current_A.size(), bleed);
  out_V.resize(positions());
  for (Eigen::Index i = 0; i < positions(); ++i) {
    const double current_A = pack_current_A[static_cast<std::size_t>(i / parameters_.cells)];
    const CellSource group = position_source(state, i, direction_of(current_A), bleed_S(bleed, i));
    out_V[i] = group.emf_V + group.ohm * current_A;
  }
}

void Pack::cell_current(const PackState& state, std::span<const double> pack_current_A,
                        std::span<const std::uint8_t> bleed, Eigen::ArrayXd& out_A) const {
  check_sizes(state, pack_current_A.size(), bleed);
  out_A.resize(size());
  const int members = parameters_.parallel;
  std::array<double, kMaxParallel> emf_V{}, conductance_S{};
  for (Eigen::Index i = 0; i < positions(); ++i) {
    const double current_A = pack_current_A[static_cast<std::size_t>(i / parameters_.cells)];
    for (int m = 0; m < members; ++m) {
      const CellSource cell = cell_source(state, i * members + m, direction_of(current_A), bleed_S(bleed, i));
      emf_V[static_cast<std::size_t>(m)] = cell.emf_V;
      conductance_S[static_cast<std::size_t>(m)] = 1.0 / cell.ohm;
    }
    share_current(emf_V.data(), conductance_S.data(), members, current_A, out_A.data() + i * members);
  }
}

void Pack::cell_ocv(const PackState& state, Eigen::ArrayXd& out_V) const {
  check_sizes(state, static_cast<std::size_t>(packs_), {});
  out_V.resize(size());
  for (Eigen::Index k = 0; k < size(); ++k) {
    out_V[k] = open_circuit(table_.point(state.soc[k], state.core_degC[k], Direction::discharge), state.core_degC[k],
                            state.ocv_factor[k]);
  }
}

void Pack::cell_resistance(const PackState& state, std::span<const double> pack_current_A,
                           Eigen::ArrayXd& out_ohm) const {
  check_sizes(state, pack_current_A.size(), {});
  out_ohm.resize(size());
  for (Eigen::Index k = 0; k < size(); ++k) {
    const double current_A = pack_current_A[static_cast<std::size_t>(k / pack_size())];
    out_ohm[k] =
        state.resistance_factor[k] * table_.point(state.soc[k], state.core_degC[k], direction_of(current_A)).r_ohm[0];
  }
}

Pack::Source Pack::source(const PackState& state, int pack, int current_sign,
                          std::span<const std::uint8_t> bleed) const {
  check_sizes(state, static_cast<std::size_t>(packs_), bleed);
  check_pack(pack);
  Source sum{0, 0};
  const Eigen::Index first = static_cast<Eigen::Index>(pack) * parameters_.cells;
  for (Eigen::Index i = first; i < first + parameters_.cells; ++i) {
    const CellSource group = position_source(state, i, direction_of(current_sign), bleed_S(bleed, i));
    sum.emf_V += group.emf_V;
    sum.resistance_ohm += group.ohm;
  }
  return sum;
}

double Pack::pack_soc(const PackState& state, int pack) const {
  check_sizes(state, static_cast<std::size_t>(packs_), {});
  check_pack(pack);
  const Eigen::Index first = static_cast<Eigen::Index>(pack) * pack_size(), members = parameters_.parallel;
  double dischargeable_Ah = std::numeric_limits<double>::infinity(), chargeable_Ah = dischargeable_Ah;
  for (Eigen::Index k = first; k < first + pack_size(); k += members) {
    const auto soc = state.soc.segment(k, members), capacity_Ah = state.capacity_Ah.segment(k, members);
    dischargeable_Ah = std::min(dischargeable_Ah, (soc * capacity_Ah).sum());
    chargeable_Ah = std::min(chargeable_Ah, ((1.0 - soc) * capacity_Ah).sum());
  }
  return dischargeable_Ah / (dischargeable_Ah + chargeable_Ah);
}

unsigned Pack::outside_validity(const PackState& state, int pack, double pack_current_A) const {
  check_sizes(state, static_cast<std::size_t>(packs_), {});
  check_pack(pack);
  const Validity& valid = parameters_.cell.validity;
  const double rate_C = pack_current_A / parameters_.parallel / parameters_.cell.capacity_Ah;
  unsigned bits = (rate_C > valid.max_charge_C ? outside::charge_rate : 0u) |
                  (-rate_C > valid.max_discharge_C ? outside::discharge_rate : 0u);
  const Eigen::Index first = static_cast<Eigen::Index>(pack) * pack_size();
  for (Eigen::Index k = first; k < first + pack_size(); ++k) {
    bits |= (state.soc[k] < valid.min_soc ? outside::soc_low : 0u) |
            (state.soc[k] > valid.max_soc ? outside::soc_high : 0u) |
            (state.core_degC[k] < valid.min_degC ? outside::cold : 0u) |
            (state.core_degC[k] > valid.max_degC ? outside::hot : 0u);
  }
  return bits;
}

double Pack::bleed_S(std::span<const std::uint8_t> bleed, Eigen::Index position) const {
  if (bleed.empty() || bleed[static_cast<std::size_t>(position)] == 0) return 0.0;
  return 1.0 / (parameters_.bleed_ohm * parameters_.parallel);
}

Pack::CellSource Pack::cell_source(const PackState& state, Eigen::Index cell, Direction direction,
                                   double bleed_S) const {
  const TablePoint<double> point = table_.point(state.soc[cell], state.core_degC[cell], direction);
  const double emf_V = open_circuit(point, state.core_degC[cell], state.ocv_factor[cell]) +
                       state.hysteresis[cell] * point.half_gap_V + state.rc_V[0][cell] + state.rc_V[1][cell] +
                       state.rc_V[2][cell];
  const double ohm = state.resistance_factor[cell] * point.r_ohm[0];
  const double divider = 1.0 + ohm * (bleed_S + state.internal_S[cell]);
  return {emf_V / divider, ohm / divider + state.joint_ohm[cell]};
}

Pack::CellSource Pack::position_source(const PackState& state, Eigen::Index position, Direction direction,
                                       double bleed_S) const {
  const int members = parameters_.parallel;
  if (members == 1) return cell_source(state, position, direction, bleed_S);
  std::array<double, kMaxParallel> emf_V{}, conductance_S{};
  for (int m = 0; m < members; ++m) {
    const CellSource cell = cell_source(state, position * members + m, direction, bleed_S);
    emf_V[static_cast<std::size_t>(m)] = cell.emf_V;
    conductance_S[static_cast<std::size_t>(m)] = 1.0 / cell.ohm;
  }
  const GroupSource group = group_source(emf_V.data(), conductance_S.data(), members);
  return {group.emf_V, 1.0 / group.conductance_S};
}

void Pack::check_pack(int pack) const {
  if (pack >= 0 && pack < packs_) return;
  throw std::invalid_argument("There is no pack " + std::to_string(pack) + " in a batch of " + std::to_string(packs_) +
                              " (counted from 0).");
}

void Pack::check_step(const PackState& state, std::span<const double> pack_current_A,
                      std::span<const std::uint8_t> bleed, double dt_s) const {
  check_sizes(state, pack_current_A.size(), bleed);
  expect(std::isfinite(dt_s) && dt_s > 0, "A step must be a finite time above 0 s.");
}

void Pack::check_sizes(const PackState& state, std::size_t currents, std::span<const std::uint8_t> bleed) const {
  for (const auto* array : arrays_of(state)) {
    expect(array->size() == size(), "The state belongs to another number of cells or packs.");
  }
  expect(rare_.fits(state), "The state belongs to cells with other slow or rare effects.");
  expect(currents == static_cast<std::size_t>(packs_), "There must be one pack current for each pack of the batch.");
  expect(bleed.empty() || bleed.size() == static_cast<std::size_t>(positions()),
         "There must be one bleed flag for each position, or none at all.");
}

}  // namespace packbench::models
