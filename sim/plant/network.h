// Node P of the plant: the cell string as a source, the charger, and what the contactors connect to the node.
//
//   string:   V = emf + R i_pack                   i_pack charges
//   outside:  i_out = g V + i0 + p / V             load, bleed resistor, precharge path; p: constant power
//   charger:  i_charger = limit (a current, or a power / V), less where V would exceed its voltage limit, never
//   negative node:     i_pack = i_charger - i_out
//
// Without power terms these are linear; with power, V is the upper root of a V^2 - e V + R p = 0 with a = 1 + R g and
// e = emf + R (i_charger - i0): the stable operating point. A load that asks for more than the source can give gets the
// largest power there is (V = e / 2a) or the current that takes the node to 0 V.
#pragma once

namespace packbench::sim {

struct StringSource {
  double emf_V = 0;
  double resistance_ohm = 0;
};

struct OutsideLoad {
  double conductance_S = 0;
  double current_A = 0;
  double power_W = 0;
};

struct ChargerLimits {
  double current_A = 0;
  double power_W = 0;  // used instead of the current when is_power
  double voltage_V = 0;
  bool is_power = false;
  bool connected = false;  // through closed contacts
};

enum class ChargerMode { off, constant_current, constant_power, constant_voltage };

struct OperatingPoint {
  double node_V = 0;
  double pack_A = 0;
  double charger_A = 0;
  double out_A = 0;  // into everything outside
  ChargerMode mode = ChargerMode::off;
  bool starved = false;  // the load got less than it asked for
};

OperatingPoint solve_node(const StringSource& source, const OutsideLoad& outside, const ChargerLimits& charger);

}  // namespace packbench::sim
