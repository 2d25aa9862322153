// A series pack of equivalent-circuit cells with heat flow, one or many packs at once.
//
// Arrays are Eigen columns of length cells * packs, pack after pack (cell i of pack p at p * cells + i). The parameters are
// immutable; the state is a separate value that can be saved, copied and compared. Equations and their sources: cell.h.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>

#include "models/cell.h"

namespace packbench::models {

// Cell-to-cell spread, drawn once from one seed.
struct Spread {
  double capacity_sigma = 0;    // relative
  double soc_sigma = 0;         // absolute SOC
  double resistance_sigma = 0;  // relative
};

struct PackParameters {
  int cells = 15;
  CellParameters cell;
  Spread spread;
  double bleed_ohm = 34.0;              // each cell's bleed resistor (about 100 mA at 3.4 V)
  double neighbour_W_per_K = 0.5;       // between adjacent cells
  double ambient_W_per_K = 0.3;         // each cell to ambient
};

// Everything that changes. Copyable, comparable.
struct PackState {
  Eigen::ArrayXd soc;                 // 1, may leave 0..1
  Eigen::ArrayXd rc1_V, rc2_V;        // overpotentials of the two RC pairs
  Eigen::ArrayXd hysteresis;          // -1..1
  Eigen::ArrayXd temperature_degC;
  Eigen::ArrayXd capacity_Ah;         // drawn by the spread, constant in a run
  Eigen::ArrayXd resistance_factor;   // drawn by the spread
  Eigen::ArrayXd heat_W;              // of the last step
};

class Pack {
 public:
  // Throws std::invalid_argument for 0 packs, cells outside 1..24, or inconsistent cell tables.
  Pack(PackParameters parameters, int packs = 1);

  int cells() const { return parameters_.cells; }
  int packs() const { return packs_; }
  const PackParameters& parameters() const { return parameters_; }

  // All cells at rest at `soc` and `temperature_degC`, spread drawn from `seed` (pack p uses stream p).
  PackState initial_state(double soc, double temperature_degC, std::uint64_t seed) const;

  // Advances by dt_s with the pack currents held (one per pack, A, positive charges), bleed[i] on (1) or off (0) per
  // cell, ambient_degC held. Exact for the RC pairs at any dt; allocates nothing.
  void step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
            double ambient_degC, double dt_s) const;

  // Terminal voltage of each cell at the given pack currents, into `out_V` (cells * packs).
  void cell_voltage(const PackState& state, std::span<const double> pack_current_A,
                    std::span<const std::uint8_t> bleed, Eigen::ArrayXd& out_V) const;
  void cell_ocv(const PackState& state, Eigen::ArrayXd& out_V) const;
  void cell_resistance(const PackState& state, std::span<const double> pack_current_A, Eigen::ArrayXd& out_ohm) const;

  // Pack p as a Thevenin source at this instant: terminal voltage = emf_V + resistance_ohm * current_A, for the
  // direction of `current_sign` (+1 charge, -1 discharge). Exact, because current acts through R0 only at an instant.
  struct Source { double emf_V; double resistance_ohm; };
  Source source(const PackState& state, int pack, int current_sign, std::span<const std::uint8_t> bleed) const;

  // dischargeable / (dischargeable + chargeable), by the weakest and the fullest cell of pack p.
  double pack_soc(const PackState& state, int pack) const;

 private:
  PackParameters parameters_;
  int packs_;
};

}  // namespace packbench::models
