// Loss of capacity and rise of resistance, by time and by use.
//
// At constant conditions (t in s, T in K, FEC full equivalent cycles, depth and rate c (1/h) those of a half-cycle):
//   calendar loss  = a exp(-Ea/R (1/T - 1/298.15)) (k3 (soc - 0.5)^3 + k0) sqrt(t)
//   calendar rise  = a exp(-Ea/R (1/T - 1/298.15)) (k2 (soc - 0.5)^2 + k0) t
//   cycle loss     = (r1 c + r0) (d3 (depth - 0.6)^3 + d0) sqrt(FEC)
//   cycle rise     = (r1 c + r0) (d3 (depth - 0.5)^3 + d0) FEC
//   capacity = Q (1 - calendar loss - cycle loss),   resistance = R (1 + calendar rise + cycle rise)
// Naumann et al., J. Energy Storage 17 (2018) 153 (calendar) and J. Power Sources 451 (2020) 227666 (cycle); the four
// add up, as there. Under varying conditions the square of each loss grows by (stress^2) per second or per FEC: that is
// the same as going on from the time at which the present stress would have caused the present loss.
// No factor ever makes a cell better: negative stress counts as 0.
#pragma once

#include <string>
#include <vector>

namespace packbench::models {

// All zero: the cell does not age. `acceleration` multiplies time and throughput, not temperature or current.
struct AgeingParameters {
  double calendar_loss_per_sqrt_s = 0;  // a
  double calendar_loss_activation_J_per_mol = 0;
  double calendar_loss_soc_cubic = 0;  // k3
  double calendar_loss_soc_level = 0;  // k0
  double calendar_rise_per_s = 0;
  double calendar_rise_activation_J_per_mol = 0;
  double calendar_rise_soc_square = 0;  // k2
  double calendar_rise_soc_level = 0;
  double cycle_loss_rate_slope_h = 0;  // r1
  double cycle_loss_rate_level = 0;    // r0
  double cycle_loss_depth_cubic = 0;   // d3
  double cycle_loss_depth_level = 0;   // d0
  double cycle_rise_rate_slope_h = 0;
  double cycle_rise_rate_level = 0;
  double cycle_rise_depth_cubic = 0;
  double cycle_rise_depth_level = 0;
  double acceleration = 1;
};

// The constants of Naumann et al. for the Sony/Murata US26650FTC1 (LFP/graphite, 3 Ah).
AgeingParameters naumann_sony_us26650();

// True when nothing can age.
bool ageless(const AgeingParameters& ageing);

// Growth of the square of the calendar loss and of the calendar rise, per second.
double calendar_loss_square_per_s(const AgeingParameters& ageing, double temperature_degC, double soc);
double calendar_rise_per_s(const AgeingParameters& ageing, double temperature_degC, double soc);

// Growth of the square of the cycle loss and of the cycle rise, per full equivalent cycle of half-cycles of this depth
// (SOC between its turning points, 0..1) and mean rate (current over capacity, 1/h).
double cycle_loss_square_per_cycle(const AgeingParameters& ageing, double rate_C, double depth);
double cycle_rise_per_cycle(const AgeingParameters& ageing, double rate_C, double depth);

// What one cell has behind it.
struct CellAge {
  double calendar_loss_square = 0;
  double cycle_loss_square = 0;
  double resistance_rise = 0;  // calendar and cycle
  double turn_soc = 0;         // where the present half-cycle began
  double furthest_soc = 0;     // and how far it has come
  double moved_Ah = 0;         // charge moved in it, either way
  double moved_A_Ah = 0;       // the same, weighted with its current
  double pending_s = 0;        // time since the laws were last applied

  double lost_share() const;  // of the capacity, at most 0.95

  friend bool operator==(const CellAge&, const CellAge&) = default;
};

// Factors on capacity and resistance.
struct AgeingStep {
  double capacity = 1;
  double resistance = 1;
};

inline constexpr double kAgeingInterval_s = 60;   // how often the laws are applied
inline constexpr double kTurningBand_soc = 0.01;  // ours, assumed: smaller swings do not end a half-cycle

// Adds dt_s in this condition. Time and charge are counted at each call; the laws are applied (and the answer differs
// from 1) once kAgeingInterval_s have come together, with the temperature and SOC of that moment. A half-cycle counts
// when it ends: when the SOC has turned back by kTurningBand_soc, with the charge moved since the last turn (so that
// smaller swings inside it count too), its depth, and its charge-weighted mean current.
AgeingStep advance_age(CellAge& age, const AgeingParameters& ageing, double temperature_degC, double soc,
                       double current_A, double capacity_Ah, double dt_s);

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const AgeingParameters& ageing);

}  // namespace packbench::models
