#include "sim/plant/drive.h"

#include <stdexcept>

namespace packbench::sim {

void Drive::clear() { driven_ = {}; }

void Drive::check(const DriveTarget& target) const {
  if (target.cell && (*target.cell < 0 || *target.cell >= cells_)) {
    throw std::invalid_argument("A drive target names a cell that the pack does not have.");
  }
  const bool per_cell = !target.cell && target.quantity != DriveTarget::Quantity::pack_current;
  const std::size_t count = target.values.size();
  if (count != 1 && !(per_cell && count == static_cast<std::size_t>(cells_))) {
    throw std::invalid_argument("A drive target needs one value, or one per cell when it drives all cells.");
  }
}

void Drive::start_cells(const DriveTarget& target, Ramps& ramps, std::uint32_t& driven,
                        std::span<const double> present) {
  const int first = target.cell.value_or(0);
  const int last = target.cell.value_or(cells_ - 1);
  for (int cell = first; cell <= last; ++cell) {
    const auto i = static_cast<std::size_t>(cell);
    ramps[i] = {present[i], target.values.size() == 1 ? target.values[0] : target.values[i], target.ramp};
    driven |= 1u << cell;
  }
}

void Drive::start(std::span<const DriveTarget> targets, TimeNs started, const PresentValues& present) {
  for (const DriveTarget& target : targets) check(target);
  driven_ = {};
  started_ = started;
  for (const DriveTarget& target : targets) {
    switch (target.quantity) {
      case DriveTarget::Quantity::cell_voltage:
        start_cells(target, voltage_, driven_.cell_voltages, present.cell_voltage_V);
        break;
      case DriveTarget::Quantity::cell_temperature:
        start_cells(target, temperature_, driven_.cell_temperatures, present.cell_temperature_degC);
        break;
      case DriveTarget::Quantity::pack_current:
        current_ = {present.pack_current_A, target.values[0], target.ramp};
        driven_.pack_current = true;
        break;
    }
  }
}

double Drive::value(const Ramp& ramp, TimeNs now) const {
  const TimeNs elapsed = now - started_;
  if (elapsed >= ramp.duration) return ramp.to;
  return ramp.from + (ramp.to - ramp.from) * (static_cast<double>(elapsed) / static_cast<double>(ramp.duration));
}

}  // namespace packbench::sim
