// Parameters of a part of a YAML document: `with: {cell: [1..15], value: [10 mV, 20 mV]}`, and ${cell} where they
// stand.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/language/value.h"

namespace packbench::sim {

inline constexpr std::size_t kMostCombinations = 10'000;

struct Parameter {
  std::string name;
  std::vector<std::string> values;
  Mark mark;
};

// One value for each parameter, in their order.
using Combination = std::vector<std::pair<std::string, std::string>>;

// The parameters that stand here; "1..15" in a list is every whole number from 1 to 15. Problems are noted.
std::vector<Parameter> read_parameters(const Value& value);

// Every combination, the last parameter changing first; one that is empty when there are no parameters.
std::vector<Combination> combinations(const std::vector<Parameter>& parameters);

// Replaces ${name} in the node's texts and keys, down to its leaves. What names no parameter stays.
void substitute(YamlNode& node, const Combination& combination);

// The first ${...} left in a text or key below the node, with its place; empty when there is none.
std::pair<std::string, Mark> first_placeholder(const YamlNode& node);

// "cell 3, value 10 mV"
std::string combination_text(const Combination& combination);

}  // namespace packbench::sim
