// Where each linear unknown of the fit stands in the vector of unknowns.
//
// Linear unknowns are values at SOC knots with hat functions between them: OCV at 25 degC, hysteresis gap, entropy
// coefficient, a deviation of the OCV for each temperature but the reference, and the resistances by temperature,
// family (0: R0, 1..: RC pairs) and direction.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

namespace packbench::models::fit {

inline constexpr int kDischarge = 0;
inline constexpr int kCharge = 1;

// Two knots around a SOC and their weights. Below and above the knots the weights hold (`held`) or go on in a straight
// line, as models::Pack reads OCV and other tables.
struct Hat {
  int first;
  double weight[2];
};

inline Hat hat_at(std::span<const double> knots, double soc, bool held) {
  const auto n = static_cast<int>(knots.size());
  if (held) soc = std::clamp(soc, knots.front(), knots.back());
  const auto above = std::upper_bound(knots.begin(), knots.end(), soc) - knots.begin();
  const int i = std::clamp(static_cast<int>(above) - 1, 0, n - 2);
  const double share = (soc - knots[i]) / (knots[i + 1] - knots[i]);
  return {i, {1 - share, share}};
}

struct Layout {
  std::vector<double> ocv_soc;         // knots of OCV and of its deviations
  std::vector<double> resistance_soc;  // knots of every resistance
  std::vector<double> wide_soc;        // knots of gap and entropy
  std::vector<double> temperature_degC;
  int reference = 0;  // index of the temperature next to 25 degC
  int pairs = 2;
  int directions = 1;  // 1: every resistance is the same for charge and discharge
  bool hysteresis = true;

  int temperatures() const { return size(temperature_degC); }
  bool has_entropy() const { return temperatures() > 1; }
  int ocv() const { return 0; }
  int gap() const { return size(ocv_soc); }
  int entropy() const { return gap() + (hysteresis ? size(wide_soc) : 0); }
  // Of the temperatures but the reference, which has none.
  int deviation(int temperature) const {
    return entropy() + (has_entropy() ? size(wide_soc) : 0) +
           (temperature < reference ? temperature : temperature - 1) * size(ocv_soc);
  }
  int resistance(int temperature, int family, int direction) const {
    const int first = entropy() + (has_entropy() ? size(wide_soc) : 0) + (temperatures() - 1) * size(ocv_soc);
    const int map = (temperature * (pairs + 1) + family) * directions + std::min(direction, directions - 1);
    return first + map * size(resistance_soc);
  }
  int unknowns() const { return resistance(temperatures(), 0, 0); }

  template <class T>
  static int size(const std::vector<T>& values) {
    return static_cast<int>(values.size());
  }
};

}  // namespace packbench::models::fit
