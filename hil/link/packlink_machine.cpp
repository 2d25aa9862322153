// Faults of the machine behind the line: they act between TICK_DONE and the next write.
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "hil/link/packlink_device.h"
#include "hil/packlink/packlink_test.h"

namespace packbench::hil {
namespace {

using firmware::ResetReason;

constexpr std::string_view kNoHand = "the bench has no hand on the machine behind this line";

std::optional<ResetReason> reset_reason(std::string_view kind) {
  if (kind == "reset") return ResetReason::external;
  if (kind == "watchdog") return ResetReason::watchdog;
  if (kind == "brown_out") return ResetReason::brown_out;
  return std::nullopt;
}

bool of_pin(const sim::FaultSpec& fault) { return fault.channel.ends_with("_pin"); }

OutputPin pin_of(std::string_view channel) {
  if (channel == "main_pin") return OutputPin::main;
  return channel == "charger_pin" ? OutputPin::charger : OutputPin::precharge;
}

PinLevel level_of(std::string_view kind) { return kind == "stuck_low" ? PinLevel::stuck_low : PinLevel::stuck_high; }

MachineAbility ability_for(const sim::FaultSpec& fault) {
  if (of_pin(fault)) return MachineAbility::stick_pin;
  if (fault.kind == "stop") return MachineAbility::stop;
  const bool anywhere = fault.variable.starts_with("symbol:");
  if (fault.kind == "bit_flip") return anywhere ? MachineAbility::flip_symbol : MachineAbility::flip_bit;
  return MachineAbility::reset;
}

std::optional<DeviceError> trouble_of(const sim::FaultSpec& fault, const std::string& why) {
  if (why.empty()) return std::nullopt;
  return DeviceError{LinkTrouble::bench, fmt::format("the fault '{} {}' failed: {}.", fault.channel, fault.kind, why)};
}

}  // namespace

std::string_view evidence_name(Evidence evidence) { return evidence == Evidence::pins ? "pins" : "firmware's word"; }

std::string PacklinkDevice::lacks(const sim::FaultSpec& fault) {
  if (fault.kind == "clock_drift") {
    if ((ident_.capabilities & PACKLINK_CAP_TEST_MESSAGES) == 0) return "the device takes no test messages";
    return lockstep() ? "" : "without lockstep the device's clock is its own";
  }
  Machine* machine = transport_->machine();
  return machine != nullptr ? machine->lacks(ability_for(fault)) : std::string(kNoHand);
}

Evidence PacklinkDevice::evidence() {
  Machine* machine = transport_->machine();
  return machine != nullptr && machine->lacks(MachineAbility::pins).empty() ? Evidence::pins : Evidence::firmware;
}

std::optional<DeviceError> PacklinkDevice::act_on_machine(DeviceReport& report) {
  for (const MachineFault& change : machine_faults_) {
    if (auto error = act_on_machine(change, report)) return error;
  }
  machine_faults_.clear();
  return stopped_ ? std::nullopt : tell_drift();
}

std::optional<DeviceError> PacklinkDevice::act_on_machine(const MachineFault& change, DeviceReport& report) {
  const auto& [fault, active] = change;
  if (fault.kind == "clock_drift") {
    drift_ppm_ = active ? static_cast<std::int32_t>(std::lround(fault.value * 1e6)) : 0;
    return std::nullopt;
  }
  Machine* machine = transport_->machine();
  if (machine == nullptr) return trouble_of(fault, std::string(kNoHand));
  if (const auto reason = reset_reason(fault.kind)) return active ? reset(*reason, report) : std::nullopt;
  if (of_pin(fault)) {
    const PinLevel level = active ? level_of(fault.kind) : PinLevel::driven;
    return trouble_of(fault, machine->stick_pin(pin_of(fault.channel), level));
  }
  if (fault.kind == "stop") return trouble_of(fault, stop(active));
  return active ? trouble_of(fault, machine->flip_bit(fault.variable, static_cast<unsigned>(fault.bit))) : std::nullopt;
}

std::optional<DeviceError> PacklinkDevice::reset(ResetReason reason, DeviceReport& report) {
  stopped_ = false;
  if (const std::string why = transport_->machine()->reset(reason); !why.empty())
    return DeviceError{LinkTrouble::bench, "the device could not be started again: " + why};
  return reconnect(report);
}

std::string PacklinkDevice::stop(bool active) {
  if (active == stopped_) return "";
  stopped_ = active;
  return active ? transport_->machine()->stop() : transport_->machine()->resume();
}

// The clock is the firmware's, so it is told; a boot forgets it.
std::optional<DeviceError> PacklinkDevice::tell_drift() {
  if (told_drift_ppm_ == drift_ppm_) return std::nullopt;
  told_drift_ppm_ = drift_ppm_;
  const packlink_inject_t inject{PACKLINK_INJECT_DRIFT, static_cast<std::uint32_t>(drift_ppm_)};
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> frame;
  return send(Bytes(frame.data(), packlink_encode_inject(frame.data(), frame.size(), ++sequence_, &inject)));
}

// Nothing is sent and no answer expected. What was to be sent is lost with it, as on a line that nobody reads.
std::optional<DeviceError> PacklinkDevice::stand_still(sim::TimeNs now, sim::TimeNs next, DeviceReport& report) {
  commands_.clear();
  const bool bitten = transport_->machine()->stand_still(static_cast<std::uint64_t>((next - now) / sim::kMicrosecond));
  if (!bitten) {
    look_at_pins(report);
    return std::nullopt;
  }
  stopped_ = false;
  report.actuators = {};  // a boot opens the outputs
  look_at_pins(report);
  return reconnect(report);
}

void PacklinkDevice::look_at_pins(DeviceReport& report) {
  Machine* machine = transport_->machine();
  const auto pins = machine != nullptr ? machine->pins() : std::nullopt;
  if (!pins) return;
  report.actuators.main = pins->main;
  report.actuators.charger = pins->charger;
  report.actuators.precharge = pins->precharge;
}

}  // namespace packbench::hil
