#include "models/ageing.h"

#include <cmath>

namespace packbench::models {

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
