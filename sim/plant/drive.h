// Quantities of the plant that a drive phase holds or ramps: cell voltages, cell temperatures, the pack current.
//
//   value(t) = from + (to - from) min(1, (t - started) / ramp)
//
// A driven cell is an ideal voltage source at its terminals: the rest of the plant sees it, while its charge,
// temperature and overpotentials go on underneath with the current. A driven temperature is held by an ideal
// thermostat, core and surface alike. A driven current flows whatever the contactors do. So energy and node equations
// do not balance while something is driven.
#pragma once

#include <array>
#include <span>

#include "sim/plant/plant.h"

namespace packbench::sim {

// What the plant shows at present: the start of a ramp.
struct PresentValues {
  std::span<const double> cell_voltage_V;
  std::span<const double> cell_temperature_degC;
  double pack_current_A = 0;
};

class Drive {
 public:
  explicit Drive(int cells) : cells_(cells) {}

  // Replaces all earlier targets. Throws std::invalid_argument for a cell outside the pack or a wrong number of values.
  void start(std::span<const DriveTarget> targets, TimeNs started, const PresentValues& present);
  void clear();

  const DrivenQuantities& quantities() const { return driven_; }
  double cell_voltage_V(int cell, TimeNs now) const { return value(voltage_[static_cast<std::size_t>(cell)], now); }
  double cell_temperature_degC(int cell, TimeNs now) const {
    return value(temperature_[static_cast<std::size_t>(cell)], now);
  }
  double pack_current_A(TimeNs now) const { return value(current_, now); }

 private:
  struct Ramp {
    double from = 0, to = 0;
    TimeNs duration = 0;
  };
  using Ramps = std::array<Ramp, kMaxCells>;
  double value(const Ramp& ramp, TimeNs now) const;
  void check(const DriveTarget& target) const;
  void start_cells(const DriveTarget& target, Ramps& ramps, std::uint32_t& driven, std::span<const double> present);

  int cells_;
  TimeNs started_ = 0;
  DrivenQuantities driven_;
  Ramps voltage_{}, temperature_{};
  Ramp current_;
};

}  // namespace packbench::sim
