// A device of some kind with a profile, enabled, on readings of a pack at rest.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "fake_device.h"

namespace packbench::hil {

// The profile that scenarios name lfp-15s-100ah, as bytes.
std::vector<std::uint8_t> test_profile();

std::unique_ptr<DeviceUnderTest> open_kind(const std::string& uri);

struct MachineRig {
  explicit MachineRig(const std::string& uri);

  void begin(std::string_view channel, std::string_view kind, double value = 0) {
    device->machine_fault(machine_fault(channel, kind, value), true);
  }
  void end(std::string_view channel, std::string_view kind, double value = 0) {
    device->machine_fault(machine_fault(channel, kind, value), false);
  }
  void flip(const std::string& variable, int bit);
  void run(int steps);
  // Of the next step, which has some.
  std::string trouble();
  void run_until_closed();

  std::unique_ptr<DeviceUnderTest> device;
  DeviceReport report;
  sim::TimeNs now = 0;
};

// Every field of the last STATUS and ACTUATORS.
bool same_status(const DeviceReport& a, const DeviceReport& b);

}  // namespace packbench::hil
