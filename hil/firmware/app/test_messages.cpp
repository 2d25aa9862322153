// The test-only messages, and the defects that break the machine rather than the BMS. Left out of a product's build.
#include "hil/firmware/app/device.h"

namespace packbench::firmware {
namespace {

constexpr std::uint64_t kMachineDefectAfter_us = 5'000'000;
constexpr int kFloodChunks = 4096;

void flood(const Wire& wire) {
  std::uint8_t garbage[256];
  for (std::size_t i = 0; i < sizeof garbage; ++i) garbage[i] = static_cast<std::uint8_t>(i * 37 + 11);
  for (int i = 0; i < kFloodChunks; ++i) wire.send(wire.context, garbage, sizeof garbage);
}

}  // namespace

void Device::on_defect(const packlink_frame_t& frame) {
  packlink_defect_t defect;
  if (!packlink_decode_defect(&frame, &defect)) return refuse(frame, "DEFECT is too short.");
  const std::size_t found = find_defect(defect.name, sizeof defect.name);
  if (found == kDefectCount) return refuse(frame, "This defect is unknown.");
  const auto which = static_cast<Defect>(found);
  if (which == Defect::crash && !wire_.own_process) {
    return refuse(frame, "The defect crash needs a device that is a process of its own.");
  }
  bms_.defects.set(which, defect.on);
}

void Device::on_inject(const packlink_frame_t& frame) {
  packlink_inject_t inject;
  if (!packlink_decode_inject(&frame, &inject)) return refuse(frame, "INJECT is too short.");
  if (inject.kind == PACKLINK_INJECT_DRIFT) return drift(frame, static_cast<std::int32_t>(inject.value));
  if (inject.kind != PACKLINK_INJECT_RESET || inject.value > 0xFF) return refuse(frame, "This INJECT is unknown.");
  restart(static_cast<std::uint8_t>(inject.value));
}

void Device::drift(const packlink_frame_t& frame, std::int32_t drift_ppm) {
  if (drift_ppm > kMostDrift_ppm || drift_ppm < -kMostDrift_ppm) return refuse(frame, "No clock drifts by over 10 %.");
  clock_.set_drift(drift_ppm, bench_us_);
}

// True when a defect of the machine takes the place of the answer to a tick.
bool Device::misbehave() {
  if (now_us_ - boot_us_ < kMachineDefectAfter_us) return false;
  if (bms_.defects.has(Defect::crash)) __builtin_trap();
  if (bms_.defects.has(Defect::flood)) flood(wire_);
  return bms_.defects.has(Defect::flood) || bms_.defects.has(Defect::hang);
}

}  // namespace packbench::firmware
