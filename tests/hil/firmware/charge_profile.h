// A profile of 15 LFP cells of 100 Ah for tests of charge, without the host's reader. Plain, for every processor.
#pragma once

#include "hil/firmware/core/cell_model.h"

namespace charge_profile {

using namespace packbench::firmware;

inline Profile lfp() {
  Profile p;
  p.cells = 15;
  p.capacity_mAh = 100'000;
  p.full_anchor_dmV = 35'000;
  p.full_anchor_mA = 5'000;
  p.full_anchor_ms = 60'000;
  p.empty_anchor_dmV = 28'000;
  p.empty_anchor_mA = 20'000;
  p.charge_limit_mA = p.discharge_limit_mA = 100'000;
  const OcvPoint ocv[] = {{0, 22'862},    {100, 27'833},  {300, 29'673},  {500, 30'647},   {800, 31'583},
                          {1000, 31'967}, {1200, 32'056}, {1500, 32'120}, {2000, 32'343},  {3000, 32'703},
                          {5000, 32'995}, {7000, 33'108}, {8000, 33'345}, {9000, 33'425},  {9800, 33'487},
                          {9850, 33'522}, {9900, 33'618}, {9950, 33'963}, {10'000, 35'305}};
  for (const OcvPoint& point : ocv) p.ocv[p.ocv_points++] = point;
  ChargeRules& c = p.charge;
  c.start_dmV = 34'000;
  c.start_spread_dmV = 200;
  c.stop_dmV = 33'500;
  c.stop_spread_dmV = 100;
  c.bleed_cells = 7;
  c.bleed_on_ms = 2'000;
  c.bleed_off_ms = 200;
  c.bleed_hot_mdegC = 60'000;
  c.dead_band_mA = 40;
  c.charge_taper_pctpct = 9'500;
  c.discharge_taper_pctpct = 1'000;
  c.steep_mV = 1'000;
  c.hysteresis_dmV = 250;
  c.hysteresis_swing_pctpct = 300;
  c.tau1_ms = 5'000;
  c.tau2_ms = 300'000;
  c.activation_J_per_mol = 17'000;
  c.resistance_points = 2;
  c.resistance[0] = {1'000, 1'110, 370, 370, 609};
  c.resistance[1] = {9'000, 766, 255, 255, 1'256};
  return p;
}

inline float ocv_V(const Profile& p, float soc) {
  int i = 1;
  while (i < p.ocv_points - 1 && static_cast<float>(p.ocv[i].soc_pctpct) < soc * 1e4f) ++i;
  const float from = static_cast<float>(p.ocv[i - 1].soc_pctpct), to = static_cast<float>(p.ocv[i].soc_pctpct);
  const float low = static_cast<float>(p.ocv[i - 1].ocv_dmV), high = static_cast<float>(p.ocv[i].ocv_dmV);
  return (low + (high - low) * (soc * 1e4f - from) / (to - from)) * 1e-4f;
}

// A pack of equal cells that is exactly the firmware's model of it.
struct ModelPack {
  explicit ModelPack(const Profile& p, float start) : profile(p), soc(start) {}

  // Goes on at a current; then what the sensors say.
  Measurement advance(std::int32_t current_mA, std::uint64_t dt_us) {
    const float current_A = static_cast<float>(current_mA) * 1e-3f, dt_s = static_cast<float>(dt_us) * 1e-6f;
    const Resistances r = resistances(profile.charge, soc, temperature_degC, current_A > 0);
    cell.advance(profile, r, resistance, current_A, dt_s);
    charge_mA_us += std::int64_t{current_mA} * static_cast<std::int64_t>(dt_us);
    soc += current_A * dt_s / (static_cast<float>(profile.capacity_mAh) * 3.6f);
    time_us += dt_us;
    Measurement m = read(current_mA);
    return m;
  }
  Measurement read(std::int32_t current_mA) const {
    const float current_A = static_cast<float>(current_mA) * 1e-3f;
    const Resistances r = resistances(profile.charge, soc, temperature_degC, current_A > 0);
    const float volt = ocv_V(profile, soc) + cell.v1_V + cell.v2_V + cell.hysteresis_V(profile.charge) +
                       resistance * r.r0_ohm * current_A;
    Measurement m;
    m.time_us = time_us;
    m.cells = profile.cells;
    m.temperatures = 1;
    m.temperature_mdegC[0] = static_cast<std::int32_t>(temperature_degC * 1e3f);
    m.current_mA = current_mA;
    for (int i = 0; i < m.cells; ++i) m.cell_dmV[i] = static_cast<std::int32_t>(volt * 1e4f + 0.5f);
    return m;
  }

  const Profile& profile;
  float soc, temperature_degC = 25, resistance = 1;
  Relaxation cell;
  std::int64_t charge_mA_us = 0;
  std::uint64_t time_us = 1'000'000;
};

}  // namespace charge_profile
