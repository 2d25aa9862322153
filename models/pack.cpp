#include "models/pack.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/cell_step.h"
#include "models/heat_flow.h"

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
  expect(std::isfinite(p.bleed_ohm) && p.bleed_ohm > 0, "The bleed resistor must be above 0 ohm.");
  expect(sensible(p.neighbour_W_per_K, 1e6), "The heat flow between neighbours must be at least 0 W/K.");
  expect(sensible(p.ambient_W_per_K, 1e6), "The heat flow to ambient must be at least 0 W/K.");
  expect(sensible(p.spread.capacity_sigma, 0.2), "The spread of capacity must be 0 to 20 %.");
  expect(sensible(p.spread.soc_sigma, 0.1), "The spread of SOC must be 0 to 10 %.");
  expect(sensible(p.spread.resistance_sigma, 0.2), "The spread of resistance must be 0 to 20 %.");
  return p;
}

Direction direction_of(double current_A) { return current_A > 0.0 ? Direction::charge : Direction::discharge; }

bool same(const Eigen::ArrayXd& a, const Eigen::ArrayXd& b) { return a.size() == b.size() && (a == b).all(); }

// Conductance of a cell's bleed resistor: 0 while it is off.
class Bleed {
 public:
  Bleed(std::span<const std::uint8_t> on, double ohm) : on_(on), conductance_S_(1.0 / ohm) {}
  double operator[](Eigen::Index cell) const {
    return !on_.empty() && on_[static_cast<std::size_t>(cell)] != 0 ? conductance_S_ : 0.0;
  }

 private:
  std::span<const std::uint8_t> on_;
  double conductance_S_;
};

}  // namespace

bool operator==(const PackState& a, const PackState& b) {
  return same(a.soc, b.soc) && same(a.rc1_V, b.rc1_V) && same(a.rc2_V, b.rc2_V) && same(a.hysteresis, b.hysteresis) &&
         same(a.temperature_degC, b.temperature_degC) && same(a.capacity_Ah, b.capacity_Ah) &&
         same(a.resistance_factor, b.resistance_factor) && same(a.heat_W, b.heat_W);
}

Pack::Pack(PackParameters parameters, int packs)
    : parameters_(checked(std::move(parameters), packs)), packs_(packs), lookup_(parameters_.cell) {}

void Pack::step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                double ambient_degC, double dt_s) const {
  check_sizes(state, pack_current_A.size(), bleed);
  expect(std::isfinite(dt_s) && dt_s > 0, "A step must be a finite time above 0 s.");
  const CellStep cell_step(parameters_.cell, dt_s);
  const HeatFlow heat_flow(
      {parameters_.cell.heat_capacity_J_per_K(), parameters_.neighbour_W_per_K, parameters_.ambient_W_per_K},
      parameters_.cells, dt_s);
  const Bleed bleed_S(bleed, parameters_.bleed_ohm);

  const double* const capacity_Ah = state.capacity_Ah.data();
  const double* const factor = state.resistance_factor.data();
  double* const soc = state.soc.data();
  double* const rc1_V = state.rc1_V.data();
  double* const rc2_V = state.rc2_V.data();
  double* const hysteresis = state.hysteresis.data();
  double* const degC = state.temperature_degC.data();
  double* const heat_W = state.heat_W.data();

  Eigen::Index k = 0;
  for (const double current_A : pack_current_A) {
    const Direction direction = direction_of(current_A);
    const Eigen::Index first = k;
    for (; k < first + parameters_.cells; ++k) {
      const CellLookup::Point point = lookup_.at(soc[k], degC[k], direction);
      heat_W[k] = advance_cell(cell_step, point, point.resistance_ohm * factor[k], degC[k], capacity_Ah[k], current_A,
                               bleed_S[k], {soc[k], rc1_V[k], rc2_V[k], hysteresis[k]});
    }
    heat_flow.advance(degC + first, heat_W + first, ambient_degC);
  }
}

void Pack::cell_voltage(const PackState& state, std::span<const double> pack_current_A,
                        std::span<const std::uint8_t> bleed, Eigen::ArrayXd& out_V) const {
  check_sizes(state, pack_current_A.size(), bleed);
  out_V.resize(size());
  const Bleed bleed_S(bleed, parameters_.bleed_ohm);
  Eigen::Index k = 0;
  for (const double current_A : pack_current_A) {
    const Direction direction = direction_of(current_A);
    for (int i = 0; i < parameters_.cells; ++i, ++k) {
      const CellSource cell = cell_source(state, k, direction);
      out_V[k] = cell.emf_V + cell.r0_ohm * cell_current(cell.emf_V, cell.r0_ohm, current_A, bleed_S[k]);
    }
  }
}

void Pack::cell_ocv(const PackState& state, Eigen::ArrayXd& out_V) const {
  check_sizes(state, static_cast<std::size_t>(packs_), {});
  out_V.resize(size());
  for (Eigen::Index k = 0; k < size(); ++k) {
    out_V[k] = lookup_.at(state.soc[k], state.temperature_degC[k], Direction::discharge).ocv_V;
  }
}

void Pack::cell_resistance(const PackState& state, std::span<const double> pack_current_A,
                           Eigen::ArrayXd& out_ohm) const {
  check_sizes(state, pack_current_A.size(), {});
  out_ohm.resize(size());
  for (Eigen::Index k = 0; k < size(); ++k) {
    const double current_A = pack_current_A[static_cast<std::size_t>(k / parameters_.cells)];
    out_ohm[k] = cell_source(state, k, direction_of(current_A)).r0_ohm;
  }
}

Pack::Source Pack::source(const PackState& state, int pack, int current_sign,
                          std::span<const std::uint8_t> bleed) const {
  check_sizes(state, static_cast<std::size_t>(packs_), bleed);
  check_pack(pack);
  const Bleed bleed_S(bleed, parameters_.bleed_ohm);
  const Direction direction = direction_of(current_sign);
  Source sum{0, 0};
  const Eigen::Index first = static_cast<Eigen::Index>(pack) * parameters_.cells;
  for (Eigen::Index k = first; k < first + parameters_.cells; ++k) {
    const CellSource cell = cell_source(state, k, direction);
    const double divider = 1.0 + cell.r0_ohm * bleed_S[k];
    sum.emf_V += cell.emf_V / divider;
    sum.resistance_ohm += cell.r0_ohm / divider;
  }
  return sum;
}

double Pack::pack_soc(const PackState& state, int pack) const {
  check_sizes(state, static_cast<std::size_t>(packs_), {});
  check_pack(pack);
  const Eigen::Index first = static_cast<Eigen::Index>(pack) * parameters_.cells;
  const auto soc = state.soc.segment(first, parameters_.cells);
  const auto capacity_Ah = state.capacity_Ah.segment(first, parameters_.cells);
  const double dischargeable_Ah = (soc * capacity_Ah).minCoeff();
  const double chargeable_Ah = ((1.0 - soc) * capacity_Ah).minCoeff();
  return dischargeable_Ah / (dischargeable_Ah + chargeable_Ah);
}

Pack::CellSource Pack::cell_source(const PackState& state, Eigen::Index cell, Direction direction) const {
  const CellLookup::Point point = lookup_.at(state.soc[cell], state.temperature_degC[cell], direction);
  return {point.ocv_V + state.hysteresis[cell] * point.half_gap_V + state.rc1_V[cell] + state.rc2_V[cell],
          parameters_.cell.r0_share * (point.resistance_ohm * state.resistance_factor[cell])};
}

void Pack::check_pack(int pack) const {
  if (pack >= 0 && pack < packs_) return;
  throw std::invalid_argument("There is no pack " + std::to_string(pack) + " in a batch of " + std::to_string(packs_) +
                              " (counted from 0).");
}

void Pack::check_sizes(const PackState& state, std::size_t currents, std::span<const std::uint8_t> bleed) const {
  for (const auto* array : {&state.soc, &state.rc1_V, &state.rc2_V, &state.hysteresis, &state.temperature_degC,
                            &state.capacity_Ah, &state.resistance_factor, &state.heat_W}) {
    expect(array->size() == size(), "The state belongs to another number of cells or packs.");
  }
  expect(currents == static_cast<std::size_t>(packs_), "There must be one pack current for each pack of the batch.");
  expect(bleed.empty() || bleed.size() == static_cast<std::size_t>(size()),
         "There must be one bleed flag for each cell, or none at all.");
}

}  // namespace packbench::models
