// Before the first phase: from power-on to a device that is ready.
//
// `start: ready`: HELLO, CONFIG (the BMS profile), then, once the device is in STANDBY, SET_SOC and ENABLE, and IDLE
// within 15 simulated seconds. `start: power_on`: HELLO and CONFIG only; the phases begin with the first sample.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "hil/device.h"
#include "sim/language/scenario.h"

namespace packbench::hil {

class Startup {
 public:
  Startup(const sim::Scenario& scenario, DeviceUnderTest& device) : scenario_(scenario), device_(device) {}

  std::optional<DeviceError> connect();
  // What the device kind lacks for this run, in words; empty when nothing. After connect().
  std::string missing_capability(const std::string& defect, std::span<const sim::FaultSpec> faults) const;
  std::optional<DeviceError> configure(const std::string& defect);

  enum class State { waiting, ready, failed };
  // After each sample until ready: IDLE reported, and the main contactor where it is driven, which takes a step and its
  // pickup.
  State step(sim::TimeNs now, const DeviceReport& report, const sim::Frame& truth);
  const std::string& failure() const { return failure_; }

 private:
  void enable(double true_soc);

  const sim::Scenario& scenario_;
  DeviceUnderTest& device_;
  bool enabled_ = false;
  std::string failure_;
};

}  // namespace packbench::hil
