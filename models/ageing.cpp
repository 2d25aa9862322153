#include "models/ageing.h"

#include <algorithm>
#include <cmath>

#include "models/deterministic_math.h"
#include "models/reactions.h"

namespace packbench::models {
namespace {

double arrhenius(double activation_J_per_mol, double temperature_degC) {
  const double per_kelvin = 1.0 / (temperature_degC + 273.15) - 1.0 / 298.15;
  return exp(-activation_J_per_mol / kGasConstant_J_per_molK * per_kelvin);
}

double cube(double x) { return x * x * x; }

// Takes the half-cycle that ended at age.furthest_soc into account and begins the next one.
void end_half_cycle(CellAge& age, const AgeingParameters& ageing, double soc, double capacity_Ah) {
  const double depth = std::min(std::abs(age.furthest_soc - age.turn_soc), 1.0);
  const double mean_A = age.moved_Ah > 0 ? age.moved_A_Ah / age.moved_Ah : 0;
  const double since_Ah = std::min(std::abs(soc - age.furthest_soc) * capacity_Ah, age.moved_Ah);
  const double cycles = ageing.acceleration * (age.moved_Ah - since_Ah) / (2.0 * capacity_Ah);
  const double rate_C = mean_A / capacity_Ah;
  age.cycle_loss_square += cycles * cycle_loss_square_per_cycle(ageing, rate_C, depth);
  age.resistance_rise += cycles * cycle_rise_per_cycle(ageing, rate_C, depth);
  age.turn_soc = age.furthest_soc;
  age.furthest_soc = soc;
  age.moved_Ah = since_Ah;
  age.moved_A_Ah = since_Ah * mean_A;
}

void follow_half_cycle(CellAge& age, const AgeingParameters& ageing, double soc, double capacity_Ah) {
  const double way = age.furthest_soc - age.turn_soc;
  const double further = soc - age.furthest_soc;
  if (way * further >= 0) {
    age.furthest_soc = soc;
  } else if (std::abs(further) >= kTurningBand_soc) {
    end_half_cycle(age, ageing, soc, capacity_Ah);
  }
}

}  // namespace

AgeingParameters naumann_sony_us26650() {
  return {.calendar_loss_per_sqrt_s = 1.2571e-5,
          .calendar_loss_activation_J_per_mol = 17126,
          .calendar_loss_soc_cubic = 2.8575,
          .calendar_loss_soc_level = 0.60225,
          .calendar_rise_per_s = 3.4194e-10,
          .calendar_rise_activation_J_per_mol = 71827,
          .calendar_rise_soc_square = -3.3903,
          .calendar_rise_soc_level = 1.5604,
          .cycle_loss_rate_slope_h = 0.000630,  // the papers give the cycle laws in percent
          .cycle_loss_rate_level = 0.000971,
          .cycle_loss_depth_cubic = 4.0253,
          .cycle_loss_depth_level = 1.0923,
          .cycle_rise_rate_slope_h = -0.000020,
          .cycle_rise_rate_level = 0.000021,
          .cycle_rise_depth_cubic = 6.8477,
          .cycle_rise_depth_level = 0.9182,
          .acceleration = 1};
}

bool ageless(const AgeingParameters& ageing) {
  return ageing.calendar_loss_per_sqrt_s == 0 && ageing.calendar_rise_per_s == 0 &&
         ageing.cycle_loss_rate_slope_h == 0 && ageing.cycle_loss_rate_level == 0 &&
         ageing.cycle_rise_rate_slope_h == 0 && ageing.cycle_rise_rate_level == 0;
}

double calendar_loss_square_per_s(const AgeingParameters& ageing, double temperature_degC, double soc) {
  const double soc_factor = ageing.calendar_loss_soc_cubic * cube(soc - 0.5) + ageing.calendar_loss_soc_level;
  const double stress = ageing.calendar_loss_per_sqrt_s *
                        arrhenius(ageing.calendar_loss_activation_J_per_mol, temperature_degC) *
                        std::max(soc_factor, 0.0);
  return stress * stress;
}

double calendar_rise_per_s(const AgeingParameters& ageing, double temperature_degC, double soc) {
  const double soc_factor =
      ageing.calendar_rise_soc_square * (soc - 0.5) * (soc - 0.5) + ageing.calendar_rise_soc_level;
  return ageing.calendar_rise_per_s * arrhenius(ageing.calendar_rise_activation_J_per_mol, temperature_degC) *
         std::max(soc_factor, 0.0);
}

double cycle_loss_square_per_cycle(const AgeingParameters& ageing, double rate_C, double depth) {
  const double rate = std::max(ageing.cycle_loss_rate_slope_h * rate_C + ageing.cycle_loss_rate_level, 0.0);
  const double stress =
      rate * std::max(ageing.cycle_loss_depth_cubic * cube(depth - 0.6) + ageing.cycle_loss_depth_level, 0.0);
  return stress * stress;
}

double cycle_rise_per_cycle(const AgeingParameters& ageing, double rate_C, double depth) {
  const double rate = std::max(ageing.cycle_rise_rate_slope_h * rate_C + ageing.cycle_rise_rate_level, 0.0);
  return rate * std::max(ageing.cycle_rise_depth_cubic * cube(depth - 0.5) + ageing.cycle_rise_depth_level, 0.0);
}

double CellAge::lost_share() const {
  return std::min(std::sqrt(calendar_loss_square) + std::sqrt(cycle_loss_square), 0.95);
}

AgeingStep advance_age(CellAge& age, const AgeingParameters& ageing, double temperature_degC, double soc,
                       double current_A, double capacity_Ah, double dt_s) {
  const double size_A = std::abs(current_A);
  const double moved_Ah = size_A * dt_s / 3600.0;
  age.moved_Ah += moved_Ah;
  age.moved_A_Ah += moved_Ah * size_A;
  age.pending_s += dt_s;
  if (age.pending_s < kAgeingInterval_s) return {};

  const double kept = 1.0 - age.lost_share();
  const double resistance = 1.0 + age.resistance_rise;
  const double time_s = ageing.acceleration * age.pending_s;
  age.pending_s = 0;
  age.calendar_loss_square += time_s * calendar_loss_square_per_s(ageing, temperature_degC, soc);
  age.resistance_rise += time_s * calendar_rise_per_s(ageing, temperature_degC, soc);
  follow_half_cycle(age, ageing, soc, capacity_Ah);
  return {(1.0 - age.lost_share()) / kept, (1.0 + age.resistance_rise) / resistance};
}

std::vector<std::string> problems_of(const AgeingParameters& ageing) {
  std::vector<std::string> problems;
  for (const double value :
       {ageing.calendar_loss_per_sqrt_s, ageing.calendar_loss_activation_J_per_mol, ageing.calendar_loss_soc_cubic,
        ageing.calendar_loss_soc_level, ageing.calendar_rise_per_s, ageing.calendar_rise_activation_J_per_mol,
        ageing.calendar_rise_soc_square, ageing.calendar_rise_soc_level, ageing.cycle_loss_rate_slope_h,
        ageing.cycle_loss_rate_level, ageing.cycle_loss_depth_cubic, ageing.cycle_loss_depth_level,
        ageing.cycle_rise_rate_slope_h, ageing.cycle_rise_rate_level, ageing.cycle_rise_depth_cubic,
        ageing.cycle_rise_depth_level}) {
    if (!std::isfinite(value)) {
      problems.emplace_back("Every constant of the ageing laws must be a finite number.");
      break;
    }
  }
  if (!(std::isfinite(ageing.acceleration) && ageing.acceleration >= 0)) {
    problems.emplace_back("The acceleration of ageing must be a finite number of at least 0.");
  }
  return problems;
}

}  // namespace packbench::models
