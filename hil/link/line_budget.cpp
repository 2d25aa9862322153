#include "hil/link/line_budget.h"

#include <array>

#include <fmt/format.h>

#include "hil/packlink/packlink.h"

namespace packbench::hil {

StepBytes bytes_of_step(int cells, int temperatures) {
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  packlink_measurements_t measurements{};
  measurements.cells = static_cast<std::uint8_t>(cells);
  measurements.temperatures = static_cast<std::uint8_t>(temperatures);
  packlink_status_t status{};
  status.cells = measurements.cells;
  status.temperatures = measurements.temperatures;
  const packlink_tick_t tick{};
  const packlink_actuators_t actuators{};
  const packlink_tick_done_t done{};
  return {packlink_encode_measurements(frame.data(), frame.size(), 0, &measurements) +
              packlink_encode_tick(frame.data(), frame.size(), 0, &tick),
          packlink_encode_actuators(frame.data(), frame.size(), 0, &actuators) +
              packlink_encode_status(frame.data(), frame.size(), 0, &status) +
              packlink_encode_tick_done(frame.data(), frame.size(), 0, &done)};
}

std::string line_too_slow(int baud, int cells, int temperatures, sim::TimeNs step) {
  if (baud <= 0) return "";
  const StepBytes bytes = bytes_of_step(cells, temperatures);
  const double needed_s = 10.0 * static_cast<double>(bytes.to_device + bytes.from_device) / baud;
  if (needed_s <= sim::to_seconds(step)) return "";
  return fmt::format(
      "a step of {:.4g} ms cannot be carried at {} baud: {} bytes to the device and {} back take {:.3g} ms (expected a "
      "longer step or "
      "a faster line).",
      sim::to_seconds(step) * 1e3, baud, bytes.to_device, bytes.from_device, needed_s * 1e3);
}

}  // namespace packbench::hil
