// The load bus while the main contacts are open: a capacitor with its bleed resistor, fed by the precharge resistor or
// not.
//
//   C du/dt = (v - u) / r - u / R_leak - i_load           exact over any interval with v, r, i_load held:
//   u(t) = u_end + (u0 - u_end) exp(-t / tau),  tau = C / (1/r + 1/R_leak),  u_end = (v/r - i_load) / (1/r + 1/R_leak)
//
// While the main contacts are closed the bus follows the string's voltage, and the capacitor's own current and the
// inrush of closing onto a bus at another voltage are neglected (C times 1 V is 0.01 As: 3 microampere-hours).
#pragma once

namespace packbench::sim {

struct BusFeed {
  double emf_V = 0;          // open-circuit voltage behind the feeding resistance
  double conductance_S = 0;  // 0: nothing feeds
  double leak_S = 0;         // bleed resistor, short circuit
  double load_A = 0;         // held during the interval
};

struct BusInterval {
  double end_V = 0;
  double mean_feed_A = 0;  // mean current through the feeding resistance: its charge is exact
  bool collapsed = false;  // the load took the bus to 0 V in this interval
};

// Throws std::invalid_argument unless the capacitance is positive.
BusInterval advance_bus(double bus_V, const BusFeed& feed, double capacitance_F, double dt_s);

}  // namespace packbench::sim
