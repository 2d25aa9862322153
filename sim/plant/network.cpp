#include "sim/plant/network.h"

#include <algorithm>
#include <cmath>

namespace packbench::sim {
namespace {

// Node voltage with `charger_A` and `charger_W` delivered; sets out and pack currents.
OperatingPoint with_charger(const StringSource& source, const OutsideLoad& outside, double charger_A,
                            double charger_W) {
  const double R = source.resistance_ohm;
  const double a = 1.0 + R * outside.conductance_S;
  const double e = source.emf_V + R * (charger_A - outside.current_A);
  const double power_W = outside.power_W - charger_W;
  const double discriminant = e * e - 4.0 * a * R * power_W;
  OperatingPoint point;
  point.starved = discriminant < 0.0 || (power_W == 0.0 && e < 0.0);
  const double root = power_W == 0.0 ? e / a : (e + std::sqrt(std::max(discriminant, 0.0))) / (2.0 * a);
  point.node_V = std::max(root, 0.0);
  point.charger_A = charger_A + (charger_W > 0.0 && point.node_V > 0.0 ? charger_W / point.node_V : 0.0);
  if (point.starved) {
    point.pack_A = R > 0.0 ? (point.node_V - source.emf_V) / R : 0.0;
    point.out_A = point.charger_A - point.pack_A;
    return point;
  }
  const double load_A = outside.power_W == 0.0 || point.node_V == 0.0 ? 0.0 : outside.power_W / point.node_V;
  point.out_A = outside.conductance_S * point.node_V + outside.current_A + load_A;
  point.pack_A = point.charger_A - point.out_A;
  return point;
}

OperatingPoint at_voltage(const StringSource& source, const OutsideLoad& outside, double node_V) {
  OperatingPoint point;
  point.node_V = node_V;
  point.mode = ChargerMode::constant_voltage;
  point.pack_A = (node_V - source.emf_V) / source.resistance_ohm;
  point.out_A = outside.conductance_S * node_V + outside.current_A + outside.power_W / node_V;
  point.charger_A = point.pack_A + point.out_A;
  return point;
}

}  // namespace

OperatingPoint solve_node(const StringSource& source, const OutsideLoad& outside, const ChargerLimits& charger) {
  const OperatingPoint without = with_charger(source, outside, 0.0, 0.0);
  const double limit = charger.is_power ? charger.power_W : charger.current_A;
  if (!charger.connected || !(limit > 0.0) || without.node_V >= charger.voltage_V) return without;

  OperatingPoint full = charger.is_power ? with_charger(source, outside, 0.0, charger.power_W)
                                         : with_charger(source, outside, charger.current_A, 0.0);
  full.mode = charger.is_power ? ChargerMode::constant_power : ChargerMode::constant_current;
  if (full.node_V <= charger.voltage_V) return full;
  return at_voltage(source, outside, charger.voltage_V);
}

}  // namespace packbench::sim
