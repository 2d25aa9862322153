// Snapshots of a conversation: the machine by its own means, the bench's end as a copy.
#include <fmt/format.h>

#include "hil/link/packlink_device.h"

namespace packbench::hil {
namespace {

std::optional<DeviceError> trouble_of(const std::string& why) {
  if (why.empty()) return std::nullopt;
  return DeviceError{LinkTrouble::bench, fmt::format("the snapshot of the device failed: {}.", why)};
}

}  // namespace

std::optional<DeviceError> DeviceUnderTest::save() { return trouble_of("this kind of device has none"); }
std::optional<DeviceError> DeviceUnderTest::restore(unsigned) { return trouble_of("this kind of device has none"); }

bool PacklinkDevice::can_save() {
  Machine* machine = transport_->machine();
  return machine != nullptr && machine->lacks(MachineAbility::snapshot).empty();
}

std::optional<DeviceError> PacklinkDevice::save() {
  if (!can_save()) return DeviceUnderTest::save();
  if (auto error = trouble_of(transport_->machine()->save())) return error;
  snapshots_.push_back(snapshot());
  return std::nullopt;
}

std::optional<DeviceError> PacklinkDevice::restore(unsigned snapshot) {
  if (snapshot >= snapshots_.size()) return trouble_of(fmt::format("there is no number {}", snapshot));
  if (auto error = trouble_of(transport_->machine()->restore(snapshot))) return error;
  go_back_to(snapshots_[snapshot]);
  return std::nullopt;
}

PacklinkDevice::Snapshot PacklinkDevice::snapshot() const {
  return {counters_, to_device_,     from_device_,    receiver_.state(), ident_,     defects_,       commands_,
          sequence_, tick_sequence_, machine_faults_, stopped_,          drift_ppm_, told_drift_ppm_};
}

void PacklinkDevice::go_back_to(const Snapshot& saved) {
  counters_ = saved.counters;
  to_device_ = saved.to_device;
  from_device_ = saved.from_device;
  receiver_.restore(saved.receiver);
  ident_ = saved.ident;
  defects_ = saved.defects;
  commands_ = saved.commands;
  sequence_ = saved.sequence;
  tick_sequence_ = saved.tick_sequence;
  machine_faults_ = saved.machine_faults;
  stopped_ = saved.stopped;
  drift_ppm_ = saved.drift_ppm;
  told_drift_ppm_ = saved.told_drift_ppm;
}

}  // namespace packbench::hil
