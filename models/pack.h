// A series pack of equivalent-circuit cells with heat flow, one or many packs at once.
//
// Arrays are Eigen columns of length cells * packs, pack after pack (cell i of pack p at p * cells + i). The parameters
// are immutable; the state is a separate value that can be saved, copied and compared. Cell equations and their
// sources: cell.h; heat flow: heat_flow.h.
//
// A cell's current is the pack current minus what its bleed resistor takes: i = I - V/R_bleed. The resistor's heat
// stays outside the cell. Direction (charge or discharge resistance) follows the sign of the pack current; none counts
// as discharge. Within a step the tables are read at its beginning; RC pairs, hysteresis and the flow to ambient are
// then exact. The same pack gives the same bits in a batch of any size.
#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <span>

#include "models/cell.h"
#include "models/cell_lookup.h"

namespace packbench::models {

inline constexpr int kMaxPackCells = 24;

// Cell-to-cell spread, drawn once from one seed: normal, cut at four sigma. The default is that of a good production
// lot (published by a maker of pack simulators); Spread{0, 0, 0} makes all cells equal.
struct Spread {
  double capacity_sigma = 0.004;    // relative, at most 0.2
  double soc_sigma = 0.0025;        // absolute SOC, at most 0.1
  double resistance_sigma = 0.025;  // relative, at most 0.2
};

struct PackParameters {
  int cells = 15;
  CellParameters cell;
  Spread spread;
  double bleed_ohm = 34.0;         // each cell's bleed resistor (about 100 mA at 3.4 V)
  double neighbour_W_per_K = 0.5;  // ours, assumed: between adjacent cells
  double ambient_W_per_K = 0.3;    // ours, assumed: each cell to ambient
};

// Everything that changes. Copyable, comparable.
struct PackState {
  Eigen::ArrayXd soc;           // 1, may leave 0..1
  Eigen::ArrayXd rc1_V, rc2_V;  // overpotentials of the two RC pairs
  Eigen::ArrayXd hysteresis;    // -1 (discharge branch) .. 1 (charge branch)
  Eigen::ArrayXd temperature_degC;
  Eigen::ArrayXd capacity_Ah;        // drawn by the spread, constant in a run
  Eigen::ArrayXd resistance_factor;  // drawn by the spread
  Eigen::ArrayXd heat_W;             // generated in each cell, mean of the last step

  friend bool operator==(const PackState& a, const PackState& b);
};

class Pack {
 public:
  // Throws std::invalid_argument for 0 packs, cells outside 1..24, values that make no sense, or inconsistent cell
  // tables.
  explicit Pack(PackParameters parameters, int packs = 1);

  int cells() const { return parameters_.cells; }
  int packs() const { return packs_; }
  const PackParameters& parameters() const { return parameters_; }

  // All packs at rest, between the hysteresis branches, at pack SOC `soc` (0..1, as pack_soc() says, within rounding)
  // and `temperature_degC`. Pack p draws its spread from Stream(seed, "pack.spread", first_pack + p), cell by cell:
  // capacity, SOC, resistance. Throws std::invalid_argument for a soc outside 0..1 or a temperature outside -60..150
  // degC.
  PackState initial_state(double soc, double temperature_degC, std::uint64_t seed, std::uint64_t first_pack = 0) const;

  // Advances by dt_s with the pack currents held (one per pack, A, positive charges), bleed[i] on (1) or off (0) per
  // cell (an empty span: all off), ambient_degC held. Stable at any dt; allocates nothing.
  // Throws std::invalid_argument for spans or a state of the wrong size, or a dt_s that is not above 0.
  void step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
            double ambient_degC, double dt_s) const;

  // Terminal voltage of each cell at the given pack currents, into `out_V` (cells * packs, resized if it is not).
  void cell_voltage(const PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                    Eigen::ArrayXd& out_V) const;
  // U(soc, T) of each cell, without hysteresis: midway between the branches.
  void cell_ocv(const PackState& state, Eigen::ArrayXd& out_V) const;
  // The part of the resistance that acts at once, R0.
  void cell_resistance(const PackState& state, std::span<const double> pack_current_A, Eigen::ArrayXd& out_ohm) const;

  // Pack p as a Thevenin source at this instant: terminal voltage = emf_V + resistance_ohm * current_A, for the
  // direction of `current_sign` (+1 charge, -1 discharge; 0 as discharge). Exact, because current acts through R0 only
  // at an instant. `bleed` is that of all packs, as for step().
  struct Source {
    double emf_V;
    double resistance_ohm;
  };
  Source source(const PackState& state, int pack, int current_sign, std::span<const std::uint8_t> bleed) const;

  // dischargeable / (dischargeable + chargeable) charge, by the weakest and the fullest cell of pack p.
  double pack_soc(const PackState& state, int pack) const;

 private:
  struct CellSource {
    double emf_V;
    double r0_ohm;
  };  // terminal voltage = emf_V + r0_ohm * (cell current)
  CellSource cell_source(const PackState& state, Eigen::Index cell, Direction direction) const;
  void check_pack(int pack) const;
  void check_sizes(const PackState& state, std::size_t currents, std::span<const std::uint8_t> bleed) const;
  Eigen::Index size() const { return static_cast<Eigen::Index>(parameters_.cells) * packs_; }

  PackParameters parameters_;
  int packs_;
  CellLookup lookup_;
};

}  // namespace packbench::models
