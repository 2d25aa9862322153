// Lithium plating as an indicator: how much charge went in faster than the anode could take it.
//
//   d(plated)/dt = max(0, i - limit(T, soc) Q) / 3600        while charging; Q capacity in Ah, limit in 1/h
//
// The limit is linear between its temperatures and, at one temperature, linear in SOC between limit_empty_C (SOC 0) and
// limit_full_C (SOC 1); beyond the ends it holds. Nothing else changes in the cell: it is a warning, not a mechanism.
#pragma once

#include <string>
#include <vector>

namespace packbench::models {

// Empty: no indicator.
struct PlatingParameters {
  std::vector<double> temperature_degC;  // strictly rising
  std::vector<double> limit_empty_C;     // highest charge current over capacity, 1/h
  std::vector<double> limit_full_C;
};

// Highest charge rate (1/h) without plating. Needs at least one temperature.
double plating_limit_C(const PlatingParameters& plating, double temperature_degC, double soc);

// One sentence per problem, empty when all is well.
std::vector<std::string> problems_of(const PlatingParameters& plating);

}  // namespace packbench::models
