#include "machine_rig.h"

#include <cstring>

#include "hil/firmware/host/profile_bytes.h"
#include "hil/packlink/packlink.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/profile_search.h"

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

// A pack at rest whose bus follows main and precharge contactor.
packlink_measurements_t pack_at_rest(sim::TimeNs now, const DeviceReport& report) {
  packlink_measurements_t values = readings(now);
  values.current_mA = 0;
  values.main_feedback = report.actuators.main;
  values.charger_feedback = report.actuators.charger;
  values.charger_present = false;
  values.pack_dmV = 0;
  for (int i = 0; i < values.cells; ++i) {
    values.cell_dmV[i] = 33'000;
    values.pack_dmV += values.cell_dmV[i];
  }
  values.bus_dmV = report.actuators.main || report.actuators.precharge ? values.pack_dmV : 0;
  return values;
}

}  // namespace

std::vector<std::uint8_t> test_profile() {
  const auto file = sim::find_profile("bms", "lfp-15s-100ah", ".", sim::default_data_dir(), {}, "");
  return firmware::encode_profile(
      std::get<sim::BmsProfile>(sim::read_bms_profile(std::get<std::filesystem::path>(file))));
}

std::unique_ptr<DeviceUnderTest> open_kind(const std::string& uri) {
  DeviceOptions options;
  options.seed = 99;
  options.executable = PACKBENCH_DEVICE;
  OpenedDevice opened = open_device(uri, options);
  EXPECT_EQ(opened.error, "");
  return std::move(opened.device);
}

MachineRig::MachineRig(const std::string& uri) : device(open_kind(uri)) {
  EXPECT_FALSE(device->connect(15, 4));
  EXPECT_FALSE(device->configure(test_profile()));
  run(5);
}

void MachineRig::flip(const std::string& variable, int bit) {
  sim::FaultSpec fault = machine_fault("device", "bit_flip");
  fault.variable = variable;
  fault.bit = bit;
  device->machine_fault(fault, true);
}

std::string MachineRig::trouble() {
  const auto error = device->exchange(pack_at_rest(now, report), now, now + kStep, report);
  return error ? error->what : "";
}

void MachineRig::run(int steps) {
  for (int i = 0; i < steps; ++i, now += kStep) {
    const auto error = device->exchange(pack_at_rest(now, report), now, now + kStep, report);
    ASSERT_FALSE(error) << error->what;
  }
}

void MachineRig::run_until_closed() {
  device->command(PACKLINK_SET_SOC, 5000);
  device->command(PACKLINK_ENABLE, 0);
  run(50);
  ASSERT_TRUE(report.actuators.main) << int{report.status.state};
}

bool same_status(const DeviceReport& a, const DeviceReport& b) {
  std::array<std::uint8_t, PACKLINK_MAX_FRAME> one, other;
  const auto equal = [&](auto encode, const auto& left, const auto& right) {
    const std::size_t size = encode(one.data(), one.size(), 0, &left);
    return encode(other.data(), other.size(), 0, &right) == size && std::memcmp(one.data(), other.data(), size) == 0;
  };
  return a.answered == b.answered && a.boots_due == b.boots_due && a.texts == b.texts &&
         equal(packlink_encode_status, a.status, b.status) &&
         equal(packlink_encode_actuators, a.actuators, b.actuators);
}

}  // namespace packbench::hil
