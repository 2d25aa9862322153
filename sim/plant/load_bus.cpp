#include "sim/plant/load_bus.h"

#include <algorithm>
#include <stdexcept>

#include "models/deterministic_math.h"

namespace packbench::sim {
namespace {

// Neither feed nor leak: the load discharges the capacitor at a constant rate.
BusInterval discharge_only(double bus_V, double load_A, double capacitance_F, double dt_s) {
  const double end_V = bus_V - load_A * dt_s / capacitance_F;
  return end_V > 0.0 ? BusInterval{end_V, 0.0, false} : BusInterval{0.0, 0.0, bus_V > 0.0};
}

}  // namespace

BusInterval advance_bus(double bus_V, const BusFeed& feed, double capacitance_F, double dt_s) {
  if (!(capacitance_F > 0.0)) throw std::invalid_argument("The capacitance of the load bus must be positive.");
  const double total_S = feed.conductance_S + feed.leak_S;
  if (total_S <= 0.0) return discharge_only(bus_V, feed.load_A, capacitance_F, dt_s);

  const double end_V = (feed.emf_V * feed.conductance_S - feed.load_A) / total_S;
  const double x = dt_s * total_S / capacitance_F;
  const double passed = -models::expm1(-x);  // share of the way to end_V
  const double mean_V = x > 0.0 ? end_V + (bus_V - end_V) * passed / x : bus_V;

  BusInterval interval;
  interval.end_V = bus_V + (end_V - bus_V) * passed;
  interval.collapsed = feed.load_A > 0.0 && interval.end_V <= 0.0;
  interval.end_V = std::max(interval.end_V, 0.0);
  interval.mean_feed_A = (feed.emf_V - std::max(mean_V, 0.0)) * feed.conductance_S;
  return interval;
}

}  // namespace packbench::sim
