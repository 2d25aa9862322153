// A made-up cell whose every value is known, and the record that a cycler would take of it.
#pragma once

#include <cstdint>

#include "models/fit/record.h"

namespace packbench::models::fit {

// Tables are straight lines between SOC 0 and 1, so that whatever knots the fit takes can hold them exactly.
struct Truth {
  double capacity_Ah = 10;
  double ocv_empty_V = 3.2, ocv_full_V = 4.1;
  double r0_empty_ohm = 0.004, r0_full_ohm = 0.003;
  double r1_empty_ohm = 0.003, r1_full_ohm = 0.002;
  double r2_empty_ohm = 0.004, r2_full_ohm = 0.003;
  double tau1_s = 12, tau2_s = 420;
  double gap_V = 0;          // hysteresis, the same at all SOC
  double charge_factor = 1;  // resistance of charge over that of discharge
  double entropy_V_per_K = 0;
  double rate_activation_J_per_mol = 0;
  double warm_factor = 1;  // of every resistance, per 15 K above 25 degC
};

struct Test {
  double temperature_degC = 25;
  double noise_V = 0.0005;  // normal, each sample on its own
  std::uint64_t seed = 1;
  double lowest_soc = 0.05;
  bool long_rests = true;  // 40 min; otherwise 60 s
};

// HPPC from full: at each 10 % of SOC a rest, a pulse of 2C down, one of 1C up, then C/2 to the next.
Record hppc(const Truth& truth, const Test& test);

}  // namespace packbench::models::fit
