// A series pack of cells, or of groups of parallel cells, with heat flow; one or many packs at once.
//
// Index of a cell: (pack * cells + position) * parallel + member. Arrays are Eigen columns of that length; arrays of
// positions (sensed voltages, bleed flags) have cells * packs. The parameters are immutable; the state is a separate
// value that can be saved, copied and compared. Cell equations and their sources: cell.h; heat: heat.h.
//
// The electrode current of a cell is its terminal current less what its conductances take, i = I - V (g_bleed +
// g_internal); a position's bleed resistor is shared evenly by its members. The sensed voltage of a position is
// V + joint_ohm I, the same for all members of a group: each cell is an affine source within a sub-step, so the
// currents of a group have a closed form and add up to the pack current to 1e-9 A.
//
// How exact: step(dt) divides dt into equal parts of at most 1 s (and of C_surf / (8 k), with the heat flow k between
// neighbours), and each part again into halves, quarters ... until no cell of the pack moves by more than 0.1 % SOC (or
// 1/16 of the hysteresis' swing) or warms its core by more than 0.25 K in a sub-step. A sub-step errs in the third
// power of its length. The division follows from each pack's own state, so a pack has the same bits in a batch of any
// size.
#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "models/cell.h"
#include "models/heat.h"
#include "models/node_table.h"
#include "models/rare_effects.h"

namespace packbench::models {

inline constexpr double kDivisionBound_V = 10e-6;
inline constexpr double kDivisionBound_K = 2e-3;
inline constexpr double kDivisionBound_soc = 3e-6;

inline constexpr int kMaxPackCells = 24;
inline constexpr int kMaxParallel = 100;

// Cell-to-cell spread, drawn once from one seed: normal, cut at four sigma. The default is that of a good production
// lot (published by a maker of pack simulators); Spread{0, 0, 0} makes all cells equal.
struct Spread {
  double capacity_sigma = 0.004;    // relative, at most 0.2
  double soc_sigma = 0.0025;        // absolute SOC, at most 0.1
  double resistance_sigma = 0.025;  // relative, at most 0.2
  double correlation = 0;  // of capacity and resistance, -1..1: cells of one lot are often small and lossy at once
};

struct PackParameters {
  int cells = 15;       // positions in series, 1..24
  int parallel = 1;     // cells of a position, 1..100
  CellParameters cell;  // one cell; a group has parallel times its capacity
  Spread spread;
  double bleed_ohm = 34.0;         // each position's bleed resistor (about 100 mA at 3.4 V)
  double joint_ohm = 0;            // of each cell's connection, in its sensed voltage
  double neighbour_W_per_K = 0.5;  // ours, assumed: surface to surface of cells next to each other in the index
  double ambient_W_per_K = 0.3;    // ours, assumed: each surface to ambient
  double coolant_W_per_K = 0;      // each surface to the coolant
};

// Everything that changes. Copyable, comparable: a snapshot. What stands under "conditions" may be set by the owner
// between steps: that is how spread, defects and abuse enter, as physics.
struct PackState {
  // circuit
  Eigen::ArrayXd soc;                          // 1, may leave 0..1
  std::array<Eigen::ArrayXd, kMaxPairs> rc_V;  // overpotentials; those of pairs the cell has not stay 0
  Eigen::ArrayXd hysteresis;                   // -1 (discharge branch) .. 1 (charge branch)
  Eigen::ArrayXd core_degC, surface_degC;
  // conditions
  Eigen::ArrayXd capacity_Ah;        // now
  Eigen::ArrayXd resistance_factor;  // now
  Eigen::ArrayXd internal_S;         // conductance between the electrodes: self-discharge, short
  Eigen::ArrayXd joint_ohm;
  Eigen::ArrayXd heater_W;    // from outside into the surface
  Eigen::ArrayXd ocv_factor;  // what decomposition has left of the open-circuit voltage, 1..0
  // slow or rare
  std::array<Eigen::ArrayXd, kMaxReactions> reacted;  // alpha, 0..1; empty for reactions that the cell has not
  Eigen::ArrayXd plated_Ah;                           // empty when the cell has no limits of plating
  Eigen::ArrayXd grown_S;                             // short by the cell itself (rare_effects.h), within internal_S
  std::vector<CellAge> age;                           // empty when the cell does not age
  Eigen::ArrayXd heat_W;  // in each core (electrical and reactions; not the joint's), mean of the last step

  friend bool operator==(const PackState& a, const PackState& b);
};

struct Surroundings {
  double ambient_degC = 25;
  double coolant_degC = 25;
};

// Bits of Pack::outside_validity.
namespace outside {
enum Bit : unsigned { soc_low = 1, soc_high = 2, cold = 4, hot = 8, charge_rate = 16, discharge_rate = 32 };
}

class Pack {
 public:
  // Throws std::invalid_argument for 0 packs, cells outside 1..24, parallel outside 1..100, values that make no sense,
  // or inconsistent cell tables.
  explicit Pack(PackParameters parameters, int packs = 1);

  int cells() const { return parameters_.cells; }
  int parallel() const { return parameters_.parallel; }
  int packs() const { return packs_; }
  const PackParameters& parameters() const { return parameters_; }
  const NodeTable& table() const { return table_; }  // of its cell

  // All packs at rest, between the hysteresis branches, at pack SOC `soc` (0..1, as pack_soc() says, within rounding)
  // and `temperature_degC`. Pack p draws its spread from Stream(seed, "pack.spread", first_pack + p), cell by cell:
  // capacity, SOC, resistance. Throws std::invalid_argument for a soc outside 0..1 or a temperature outside -60..150
  // degC.
  PackState initial_state(double soc, double temperature_degC, std::uint64_t seed, std::uint64_t first_pack = 0) const;

  // Advances by dt_s (1 ms to 60 s; longer ones take as long as as many short ones) with the pack currents held (one
  // per pack, A, positive charges), bleed[i] on (1) or off (0) per position (an empty span: all off), surroundings
  // held. Allocates nothing. Throws std::invalid_argument for spans or a state of the wrong size, or a dt_s that is not
  // above 0.
  void step(PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
            Surroundings surroundings, double dt_s) const;

  // Sensed voltage of each position at the given pack currents, into `out_V` (cells * packs, resized if it is not).
  void cell_voltage(const PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                    Eigen::ArrayXd& out_V) const;
  // Terminal current of each cell: the pack current, or the share of each member of a group.
  void cell_current(const PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                    Eigen::ArrayXd& out_A) const;
  // U(soc, T) of each cell, without hysteresis: midway between the branches.
  void cell_ocv(const PackState& state, Eigen::ArrayXd& out_V) const;
  // The part of each cell's resistance that acts at once, R0.
  void cell_resistance(const PackState& state, std::span<const double> pack_current_A, Eigen::ArrayXd& out_ohm) const;

  // Pack p as a Thevenin source at this instant: terminal voltage = emf_V + resistance_ohm * current_A, for the
  // direction of `current_sign` (+1 charge, -1 discharge; 0 as discharge). Exact, because current acts through R0 and
  // joints only at an instant. `bleed` is that of all packs, as for step().
  struct Source {
    double emf_V;
    double resistance_ohm;
  };
  Source source(const PackState& state, int pack, int current_sign, std::span<const std::uint8_t> bleed) const;

  // dischargeable / (dischargeable + chargeable) charge, by the weakest and the fullest position of pack p. The charge
  // of a group is that of its members together.
  double pack_soc(const PackState& state, int pack) const;

  // Which ends of the cell's validity pack p is beyond at this current: outside::Bit or-ed, 0 inside. Rates are those
  // of the pack current shared evenly by a group.
  unsigned outside_validity(const PackState& state, int pack, double pack_current_A) const;

 private:
  friend class PackStep;
  Eigen::Index pack_size() const { return static_cast<Eigen::Index>(parameters_.cells) * parameters_.parallel; }
  Eigen::Index size() const { return pack_size() * packs_; }
  Eigen::Index positions() const { return static_cast<Eigen::Index>(parameters_.cells) * packs_; }
  double bleed_S(std::span<const std::uint8_t> bleed, Eigen::Index position) const;  // of each member

  PackState at_rest(double temperature_degC) const;  // SOC, capacity and resistance still to be drawn

  struct CellSource {
    double emf_V;
    double ohm;
  };  // sensed voltage = emf_V + ohm * (terminal current)
  CellSource cell_source(const PackState& state, Eigen::Index cell, Direction direction, double bleed_S) const;
  CellSource position_source(const PackState& state, Eigen::Index position, Direction direction, double bleed_S) const;
  void check_pack(int pack) const;
  void check_step(const PackState& state, std::span<const double> pack_current_A, std::span<const std::uint8_t> bleed,
                  double dt_s) const;
  void check_sizes(const PackState& state, std::size_t currents, std::span<const std::uint8_t> bleed) const;

  PackParameters parameters_;
  int packs_;
  NodeTable table_;
  HeatFlow flow_;
  RareEffects rare_;
  std::vector<double> flows_to_the_left_;
  std::uint64_t parameters_number_;  // shared by copies: their plans of sub-steps are the same
};

}  // namespace packbench::models
