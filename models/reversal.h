// A cell driven below 0 V: copper of the anode's collector dissolves and grows back as a short that stays.
//
//   d(g)/dt = short_S_per_Ah |i| / 3600       while discharging with a terminal voltage below begin_V, up to most_S
//
// The mechanism is that of Guo et al., Scientific Reports 6 (2016) 30248 (over-discharge to a reversed cell ends in an
// internal short by copper); the linear law and its constants are ours, assumed.
#pragma once

#include <string>
#include <vector>

namespace packbench::models {

struct ReversalParameters {
  double begin_V = 0;
  double short_S_per_Ah = 0;  // 0: no damage
  double most_S = 10;
};

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const ReversalParameters& reversal);

}  // namespace packbench::models
