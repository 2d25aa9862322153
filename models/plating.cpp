#include "models/plating.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace packbench::models {

double plating_limit_C(const PlatingParameters& plating, double temperature_degC, double soc) {
  const auto& t = plating.temperature_degC;
  const auto above = static_cast<std::size_t>(std::upper_bound(t.begin(), t.end(), temperature_degC) - t.begin());
  const std::size_t right = std::min(above, t.size() - 1);
  const std::size_t left = above > 0 ? above - 1 : 0;
  const double width = t[right] - t[left];
  const double share = width > 0 ? (temperature_degC - t[left]) / width : 0.0;
  const auto between = [&](const std::vector<double>& limit) {
    return limit[left] + share * (limit[right] - limit[left]);
  };
  const double empty = between(plating.limit_empty_C);
  return empty + std::clamp(soc, 0.0, 1.0) * (between(plating.limit_full_C) - empty);
}

std::vector<std::string> problems_of(const PlatingParameters& plating) {
  std::vector<std::string> problems;
  const auto& t = plating.temperature_degC;
  const auto limits = {&plating.limit_empty_C, &plating.limit_full_C};
  const auto finite = [](double value) { return std::isfinite(value); };
  if (!std::all_of(t.begin(), t.end(), finite) ||
      std::adjacent_find(t.begin(), t.end(), std::greater_equal<>()) != t.end()) {
    problems.emplace_back("The temperatures of the plating limit must rise strictly.");
  }
  for (const auto* limit : limits) {
    if (limit->size() != t.size()) {
      problems.push_back("The plating limit must have one charge rate for each of its " + std::to_string(t.size()) +
                         " temperatures, but has " + std::to_string(limit->size()) + ".");
    }
    if (!std::all_of(limit->begin(), limit->end(), [&](double value) { return finite(value) && value >= 0; })) {
      problems.emplace_back("No charge rate of the plating limit must be below 0.");
    }
  }
  return problems;
}

}  // namespace packbench::models
