// A cell driven far below empty: copper of the anode's collector dissolves and grows back as a short that stays.
//
//   d(g)/dt = short_S_per_Ah |i| / 3600       while discharging below begin_soc, up to most_S
//
// Guo et al., Scientific Reports 6 (2016) 30248: over-discharged large cells pass a voltage plateau near -12 % SOC, at
// which copper dissolves, and have an internal short by copper from there on. The linear law and its slope are ours,
// assumed.
#pragma once

#include <string>
#include <vector>

namespace packbench::models {

struct ReversalParameters {
  double begin_soc = -0.12;
  double short_S_per_Ah = 0;  // 0: no damage
  double most_S = 10;
};

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const ReversalParameters& reversal);

}  // namespace packbench::models
