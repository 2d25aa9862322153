#include "models/cell.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

namespace packbench::models {
namespace {

constexpr double kAbsoluteZero_degC = -273.15;

class Complaints {
 public:
  void expect(bool holds, const std::string& sentence) {
    if (!holds) text_ += (text_.empty() ? "" : " ") + sentence;
  }
  void raise() const {
    if (!text_.empty()) throw std::invalid_argument(text_);
  }

 private:
  std::string text_;
};

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

bool all_positive(const std::vector<double>& values) {
  return all_finite(values) && std::all_of(values.begin(), values.end(), [](double v) { return v > 0; });
}

bool strictly_rising(const std::vector<double>& values) {
  return all_finite(values) &&
         std::adjacent_find(values.begin(), values.end(), [](double a, double b) { return !(a < b); }) == values.end();
}

bool covers_soc(const std::vector<double>& soc) {
  return soc.size() >= 2 && strictly_rising(soc) && soc.front() == 0.0 && soc.back() == 1.0;
}

void check_curve(const Curve& curve, const std::string& name, Complaints& complaints) {
  if (curve.soc.empty() && curve.value.empty()) return;
  complaints.expect(covers_soc(curve.soc), "The SOC column of the " + name + " table must rise strictly from 0 to 1.");
  complaints.expect(curve.soc.size() == curve.value.size(),
                    "The " + name + " table must have one value for each of its " + std::to_string(curve.soc.size()) +
                        " SOC points, but has " + std::to_string(curve.value.size()) + ".");
  complaints.expect(all_finite(curve.value), "Every value of the " + name + " table must be a finite number.");
}

void check_resistance(const ResistanceMap& map, const std::string& name, Complaints& complaints) {
  complaints.expect(covers_soc(map.soc), "The SOC column of the " + name + " table must rise strictly from 0 to 1.");
  const auto temperatures = map.temperature_degC.size();
  complaints.expect(temperatures >= 1 && temperatures <= 8 && strictly_rising(map.temperature_degC),
                    "The " + name + " table must have 1 to 8 strictly rising temperatures.");
  complaints.expect(map.temperature_degC.empty() || map.temperature_degC.front() > kAbsoluteZero_degC,
                    "The temperatures of the " + name + " table must lie above absolute zero.");
  const auto expected = map.soc.size() * temperatures;
  complaints.expect(map.charge_ohm.size() == expected && map.discharge_ohm.size() == expected,
                    "The " + name + " table must have " + std::to_string(expected) +
                        " values for each direction (SOC points times temperatures).");
  complaints.expect(all_positive(map.charge_ohm) && all_positive(map.discharge_ohm),
                    "Every resistance of the " + name + " table must be above 0 ohm.");
}

void check_rate(const CellParameters& cell, Complaints& complaints) {
  if (cell.rate.empty() && cell.rate_soc.empty() && cell.rate_degC.empty()) return;
  complaints.expect(covers_soc(cell.rate_soc), "The SOC column of the rate table must rise strictly from 0 to 1.");
  complaints.expect(!cell.rate_degC.empty() && strictly_rising(cell.rate_degC),
                    "The rate table must have strictly rising temperatures.");
  const auto expected = cell.rate_soc.size() * cell.rate_degC.size();
  complaints.expect(cell.rate.size() == expected, "The rate table must have " + std::to_string(expected) +
                                                      " values (SOC points times temperatures).");
  complaints.expect(all_positive(cell.rate), "Every rate must be above 0.");
}

void check_pairs(const CellParameters& cell, Complaints& complaints) {
  complaints.expect(cell.pairs.size() <= kMaxPairs,
                    "A cell can have at most 3 RC pairs, but has " + std::to_string(cell.pairs.size()) + ".");
  for (std::size_t k = 0; k < cell.pairs.size(); ++k) {
    const std::string name = "RC pair " + std::to_string(k + 1);
    check_resistance(cell.pairs[k].resistance, name, complaints);
    complaints.expect(std::isfinite(cell.pairs[k].tau_s) && cell.pairs[k].tau_s > 0,
                      "The time constant of " + name + " must be above 0 s.");
  }
}

void check_scalars(const CellParameters& cell, Complaints& complaints) {
  const auto positive = [&](double value, const char* name) {
    complaints.expect(std::isfinite(value) && value > 0,
                      std::string(name) + " must be above 0, but is " + std::to_string(value) + ".");
  };
  positive(cell.capacity_Ah, "The capacity in Ah");
  positive(cell.hysteresis_soc, "The SOC swing of the hysteresis");
  positive(cell.mass_kg, "The mass in kg");
  positive(cell.specific_heat_J_per_kgK, "The specific heat in J/(kg K)");
  positive(cell.core_surface_W_per_K, "The heat flow from core to surface in W/K");
  complaints.expect(cell.surface_share > 0 && cell.surface_share < 1,
                    "The surface's share of the heat capacity must lie between 0 and 1.");
  complaints.expect(cell.coulomb_efficiency > 0 && cell.coulomb_efficiency <= 1,
                    "The coulomb efficiency must be above 0 and at most 1.");
  complaints.expect(std::isfinite(cell.self_discharge_ohm) && cell.self_discharge_ohm >= 0,
                    "The self-discharge resistance must be at least 0 ohm (0 means none).");
  complaints.expect(!cell.activation_energy_J_per_mol || std::isfinite(*cell.activation_energy_J_per_mol),
                    "The activation energy must be a finite number.");
}

void scale(ResistanceMap& map, double factor) {
  for (double& ohm : map.charge_ohm) ohm *= factor;
  for (double& ohm : map.discharge_ohm) ohm *= factor;
}

}  // namespace

CellParameters scaled_to(CellParameters cell, double new_capacity_Ah) {
  if (!(cell.capacity_Ah > 0) || !(new_capacity_Ah > 0) || !std::isfinite(new_capacity_Ah)) {
    throw std::invalid_argument("A cell can only be scaled from one capacity above 0 Ah to another.");
  }
  const double factor = cell.capacity_Ah / new_capacity_Ah;
  scale(cell.r0, factor);
  for (RcPair& pair : cell.pairs) scale(pair.resistance, factor);
  cell.self_discharge_ohm *= factor;
  cell.runaway.collapse_ohm *= factor;
  cell.reversal.most_S /= factor;
  cell.capacity_Ah = new_capacity_Ah;
  return cell;
}

void validate(const CellParameters& cell) {
  Complaints complaints;
  complaints.expect(!cell.ocv_V.soc.empty(), "The cell has no OCV table.");
  check_curve(cell.ocv_V, "OCV", complaints);
  complaints.expect(std::is_sorted(cell.ocv_V.value.begin(), cell.ocv_V.value.end()),
                    "The OCV must never fall while the SOC rises.");
  check_curve(cell.hysteresis_V, "hysteresis", complaints);
  check_curve(cell.entropy_V_per_K, "entropy", complaints);
  const auto& gap = cell.hysteresis_V.value;
  complaints.expect(
      std::all_of(gap.begin(), gap.end(), [](double v) { return v >= 0; }),
      "The charge branch must not lie below the discharge branch: the hysteresis table has a negative value.");
  check_resistance(cell.r0, "R0", complaints);
  check_pairs(cell, complaints);
  check_rate(cell, complaints);
  check_scalars(cell, complaints);
  for (const auto& problems :
       {problems_of(cell.runaway), problems_of(cell.plating), problems_of(cell.reversal), problems_of(cell.ageing)}) {
    for (const std::string& problem : problems) complaints.expect(false, problem);
  }
  complaints.raise();
}

}  // namespace packbench::models
