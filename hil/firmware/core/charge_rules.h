// The part of a profile that is about charge: the cell model behind the state of charge, balancing, limits, dead band.
#pragma once

#include <cstdint>

namespace packbench::firmware {

inline constexpr int kMaxResistancePoints = 8;

// The circuit of one cell at 25 degC while discharging, at one state of charge.
struct ResistancePoint {
  std::int32_t soc_pctpct = 0, r0_uohm = 0, r1_uohm = 0, r2_uohm = 0;
  std::int32_t charge_permille = 1000;  // all three while charging, in thousandths of those while discharging
};

struct ChargeRules {
  std::int32_t dead_band_mA = 0;  // a mean current smaller than this does not count; 0: all counts
  // balancing
  std::int32_t start_dmV = 34'000, start_spread_dmV = 200;  // begins above both
  std::int32_t stop_dmV = 33'500, stop_spread_dmV = 100;    // ends below either
  std::int32_t bleed_cells = 7;                             // at most so many at once
  std::int32_t bleed_on_ms = 2'000, bleed_off_ms = 200, bleed_hot_mdegC = 60'000;
  // limits
  std::int32_t charge_taper_pctpct = 10'000;  // from here up the charge limit falls, to a twentieth when full
  std::int32_t discharge_taper_pctpct = 0;    // from here down the discharge limit falls, to a fifth when empty
  // cell model
  std::int32_t steep_mV = 0;  // OCV corrects where it rises by at least this over the whole range of SOC
  std::int32_t hysteresis_dmV = 0, hysteresis_swing_pctpct = 0;  // gap between the branches; charge to cross it
  std::int32_t tau1_ms = 0, tau2_ms = 0;
  std::int32_t activation_J_per_mol = 0;  // resistance over temperature
  std::int32_t resistance_points = 0;     // 0: there is no cell model, and charge is counted only
  ResistancePoint resistance[kMaxResistancePoints];
};

// The members before `resistance`, in the order of the wire.
inline constexpr std::int32_t ChargeRules::*kChargeFields[] = {&ChargeRules::dead_band_mA,
                                                               &ChargeRules::start_dmV,
                                                               &ChargeRules::start_spread_dmV,
                                                               &ChargeRules::stop_dmV,
                                                               &ChargeRules::stop_spread_dmV,
                                                               &ChargeRules::bleed_cells,
                                                               &ChargeRules::bleed_on_ms,
                                                               &ChargeRules::bleed_off_ms,
                                                               &ChargeRules::bleed_hot_mdegC,
                                                               &ChargeRules::charge_taper_pctpct,
                                                               &ChargeRules::discharge_taper_pctpct,
                                                               &ChargeRules::steep_mV,
                                                               &ChargeRules::hysteresis_dmV,
                                                               &ChargeRules::hysteresis_swing_pctpct,
                                                               &ChargeRules::tau1_ms,
                                                               &ChargeRules::tau2_ms,
                                                               &ChargeRules::activation_J_per_mol,
                                                               &ChargeRules::resistance_points};
inline constexpr std::int32_t ResistancePoint::*kResistanceFields[] = {
    &ResistancePoint::soc_pctpct, &ResistancePoint::r0_uohm, &ResistancePoint::r1_uohm, &ResistancePoint::r2_uohm,
    &ResistancePoint::charge_permille};

}  // namespace packbench::firmware
