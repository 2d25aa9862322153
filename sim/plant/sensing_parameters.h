// Front end, shunt and temperature sensors: default values of domain.md 3.
#pragma once

namespace packbench::sim {

struct SensingParameters {
  // cell voltages
  double cell_lsb_V = 154e-6;
  double cell_gain_sigma = 0.0002, cell_gain_clip = 0.0005;
  double cell_offset_sigma_V = 0.5e-3, cell_offset_clip_V = 2e-3;
  double cell_noise_V = 0.3e-3;
  // pack and bus voltage dividers
  double pack_gain_max = 0.003;
  double pack_noise_V = 5e-3;
  double pack_lsb_V = 1e-3;
  // shunt
  double current_offset_max_A = 10e-3;
  double current_gain_max = 0.002;
  double current_noise_A = 50e-3;
  double current_lsb_A = 1e-3;
  double current_range_A = 500;
  // temperature sensors: 10k NTC, ratiometric with 10k pull-up, 12 bit
  int temperatures = 5;  // four on cells, spread evenly, and one on the board
  double ntc_beta_K = 3435, ntc_r25_ohm = 10e3, ntc_pullup_ohm = 10e3;
  int ntc_bits = 12;
  double temperature_tolerance_K = 1.0;
  double temperature_noise_K = 0.1;
  double temperature_tau_s = 15;
};

}  // namespace packbench::sim
