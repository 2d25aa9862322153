// BMS profile: the protection table of the reference BMS, as data. hil turns it into CONFIG messages.
//
// One row per protection: thresholds in the row's unit (V, A, degC), NaN where a level does not exist. A protection is
// an "over" one (it trips when the value rises above `trip`) or an "under" one (cell_uv, cell_uv_hard, deep_discharge,
// pack_uv, utc, utd); the order of warn, trip and release follows from that.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/mark.h"
#include "sim/quantity.h"

namespace packbench::sim {

inline constexpr double kNoThreshold = std::numeric_limits<double>::quiet_NaN();

// Contactors that a trip opens.
enum class TripAction { none, open_charger, open_main, open_both };

struct Protection {
  std::string id;  // a word of Vocabulary::fault
  double warn = kNoThreshold;
  double warn_delay_s = 0;
  double trip = kNoThreshold;
  double delay_s = 0;
  double release = kNoThreshold;
  double release_delay_s = 0;
  bool latched = false;
  TripAction action = TripAction::none;
  Mark mark;  // where it was last set; empty when it came from no file
};

// What the BMS watches besides the rows: plausibility, sleep, exceptions. Fields of the section `watch`.
// The defaults fit 48 V packs of 100 Ah; where they come from stands in the profiles.
struct BmsWatch {
  double high_current_A = 100, high_current_delay_s = 5;  // above it a sagging cell is given this long (cell_uv)
  int board_sensor = 0;                                   // which temperature sensor sits on the board; 0: none
  // imbalance: its warning level at more current, or with a cell outside the plateau of the curve
  double imbalance_current_A = 10, imbalance_loaded_warn_V = 0.3;
  double plateau_low_V = 3.20, plateau_high_V = 3.36;
  // v_stuck: a movement of the current, and how many equal samples make a reading suspicious
  double stuck_current_A = 10;
  int stuck_samples = 50;
  // i_stuck: steps that count, and what counts as no answer to them
  double step_current_A = 20, step_voltage_V = 0.015, still_current_A = 2, still_voltage_V = 0.004;
  // ot_hard also trips on a rise of this much in this time, from above this temperature
  double runaway_rise_K = 3, runaway_time_s = 3, runaway_above_degC = 50;
  // contactors: current that proves a weld, current too large to break, and how long a fuse is waited for
  double weld_current_A = 0.5, break_current_A = 250, fuse_wait_s = 3;
  // precharge: with more current than this onto an empty bus after this time, the bus is shorted
  double short_bus_current_A = 0.5, short_bus_time_s = 0.15;
  // sleep after this long without current and command, or in under-voltage
  double sleep_after_s = 259200, sleep_undervoltage_s = 30;
};

// The device's own model of a cell at 25 degC, behind its state of charge; without points of `soc` there is none.
struct BmsCellModel {
  double steep_V = 1.0;  // the OCV corrects where it would rise by at least this from 0 to 100 %
  double hysteresis_V = 0, hysteresis_swing_soc = 0.03;
  double tau1_s = 5, tau2_s = 300;
  double activation_J_per_mol = 0;
  std::vector<double> soc, r0_ohm, r1_ohm, r2_ohm;  // while discharging
  std::vector<double> charge_ratio;                 // resistance while charging over that while discharging
};

// Passive balancing: begins above both start levels, ends below either stop level.
struct BmsBalancing {
  double start_V = 3.40, start_spread_V = 0.020, stop_V = 3.35, stop_spread_V = 0.010;
  int most_cells = 7;
  double on_s = 2.0, off_s = 0.2, hot_degC = 60;
};

// The cell model behind the state of charge, balancing, dead band. Fields of the section `charge`.
struct BmsCharge {
  double dead_band_A = 0.0;  // a mean current smaller than this does not count; 0: all counts
  double charge_taper_soc = 1, discharge_taper_soc = 0;  // beyond these the limits fall
  BmsBalancing balancing;
  BmsCellModel cell;
};

struct BmsProfile {
  std::string name;
  std::string sha256;
  int version = 1;
  int cells = 15;
  double capacity_Ah = 100;
  std::vector<Protection> protections;
  std::vector<std::pair<double, double>> ocv_by_soc;  // (soc, V), for OCV SOC
  double full_anchor_V = 3.50, full_anchor_max_A = 5.0, full_anchor_s = 60;
  double empty_anchor_V = 2.80, empty_anchor_max_A = 20.0;
  double comm_loss_s = 0.5;
  double precharge_timeout_s = 2.0, precharge_delta_V = 1.0;
  int precharge_tries = 3;
  double precharge_pause_s = 3.0;
  double feedback_delay_s = 0.1;
  double charge_limit_A = 100, discharge_limit_A = 100;
  BmsWatch watch;
  BmsCharge charge;
  // Timing budget of a trip (domain: [delay - Tf, delay + 2 Tf + Ttask + Tcont (+ zero-current wait)]).
  double task_s = 0.010, contactor_s = 0.050, zero_current_wait_s = 0.200;
  Mark mark;  // of the file

  const Protection* find(std::string_view id) const;
};

// The protections that a profile may set: the rows of the protection table that issue their own trip from a threshold.
std::vector<std::string> protection_ids();
// The dimension of a protection's thresholds. Nothing for an unknown id.
std::optional<Dimension> threshold_dimension(std::string_view id);
bool is_under_protection(std::string_view id);

// Order of thresholds, known ids, cells * cell threshold against pack threshold; every problem at once.
Problems inconsistencies(const BmsProfile& profile);

}  // namespace packbench::sim
