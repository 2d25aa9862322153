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

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const AgeingParameters& ageing);

}  // namespace packbench::models
