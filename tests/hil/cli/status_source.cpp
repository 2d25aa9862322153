// A BMS that reports by itself: STATUS frames on standard output, PERIOD_MS apart, until nobody reads.
// Cell 1 counts the reports in 0.1 mV, so that a reader can see which one it has.
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <thread>

#include "hil/packlink/packlink.h"

namespace {

packlink_status_t status_of(std::uint16_t number) {
  packlink_status_t status{};
  status.measurement_sequence = number;
  status.uptime_us = std::uint64_t{number} * 1000;
  status.boot_count = 1;
  status.soc_pctpct = status.ocv_soc_pctpct = 5000;
  status.state = 3;
  status.first_fault = PACKLINK_NO_FAULT;
  status.cells = 15;
  status.temperatures = 2;
  for (std::uint16_t& cell : status.cell_dmV) cell = 33'000;
  status.cell_dmV[0] = static_cast<std::uint16_t>(30'000 + number);
  status.pack_dmV = 14 * 33'000u + status.cell_dmV[0];
  status.temperature_mdegC[0] = status.temperature_mdegC[1] = 25'000;
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const int period_ms = argc > 1 ? std::atoi(argv[1]) : 20;
  for (std::uint16_t number = 0;; ++number) {
    const packlink_status_t status = status_of(number);
    std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
    const std::size_t size = packlink_encode_status(frame.data(), frame.size(), number, &status);
    if (::write(STDOUT_FILENO, frame.data(), size) != static_cast<ssize_t>(size)) return 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(period_ms));
  }
}
