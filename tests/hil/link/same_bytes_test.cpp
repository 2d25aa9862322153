// inproc: and native: are the same BMS: under every line fault they answer every step alike, bit by bit.
#include <gtest/gtest.h>

#include <cstring>

#include "fake_device.h"
#include "hil/firmware/host/profile_bytes.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/profile_search.h"

namespace packbench::hil {
namespace {

constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

std::unique_ptr<DeviceUnderTest> open(const std::string& uri) {
  DeviceOptions options;
  options.seed = 99;
  options.executable = PACKBENCH_DEVICE;
  OpenedDevice opened = open_device(uri, options);
  EXPECT_EQ(opened.error, "");
  return std::move(opened.device);
}

std::vector<std::uint8_t> profile() {
  const auto file = sim::find_profile("bms", "lfp-15s-100ah", ".", sim::default_data_dir(), {}, "");
  return firmware::encode_profile(
      std::get<sim::BmsProfile>(sim::read_bms_profile(std::get<std::filesystem::path>(file))));
}

// Every fault of the line, each for a while, some at once.
void schedule(DeviceUnderTest& device, int step) {
  const sim::FaultSpec faults[]{
      line_fault("to_device", "drop", 0, {3, 2}),      line_fault("to_device", "corrupt", 0.001),
      line_fault("to_device", "delay", 0.3, {}, 0.3),  line_fault("to_device", "duplicate", 0, {}, 0.5),
      line_fault("to_device", "truncate", 0, {}, 0.2), line_fault("to_device", "garbage", 0, {}, 0.4),
      line_fault("from_device", "corrupt", 0.001),     line_fault("from_device", "delay", 0.2, {}, 0.3),
      line_fault("from_device", "drop", 0, {}, 0.2),   line_fault("from_device", "garbage", 0, {}, 0.3)};
  for (int i = 0; i < 10; ++i) {
    if (step == 100 + 100 * i) device.line_fault(faults[i], true);
    if (step == 280 + 100 * i) device.line_fault(faults[i], false);
  }
}

packlink_measurements_t moving_readings(int step) {
  packlink_measurements_t values = readings(step * kStep);
  for (std::size_t i = 0; i < 15; ++i)
    values.cell_dmV[i] = static_cast<std::uint16_t>(33'000 + (step * 7 + static_cast<int>(i) * 13) % 2000);
  values.current_mA = (step % 200 - 100) * 300;
  return values;
}

bool same(const DeviceReport& a, const DeviceReport& b) {
  return a.answered == b.answered && a.texts == b.texts && a.status.uptime_us == b.status.uptime_us &&
         a.status.measurement_sequence == b.status.measurement_sequence && a.status.rx_errors == b.status.rx_errors &&
         a.status.state == b.status.state && a.status.soc_pctpct == b.status.soc_pctpct &&
         a.status.faults == b.status.faults && a.status.warnings == b.status.warnings &&
         a.status.current_mA == b.status.current_mA && a.status.boot_count == b.status.boot_count &&
         a.status.reset_reason == b.status.reset_reason &&
         std::memcmp(a.status.cell_dmV, b.status.cell_dmV, sizeof a.status.cell_dmV) == 0 &&
         a.actuators.main == b.actuators.main && a.actuators.charger == b.actuators.charger &&
         a.actuators.main_changed_us == b.actuators.main_changed_us;
}

bool same(const LinkCounters& a, const LinkCounters& b) {
  return a.frames_sent == b.frames_sent && a.frames_received == b.frames_received && a.crc_errors == b.crc_errors &&
         a.lost == b.lost && a.repeated == b.repeated && a.delayed == b.delayed;
}

TEST(SameBytes, InprocAndNativeAnswerAlikeUnderEveryLineFault) {
  const auto bms = profile();
  const auto inproc = open("inproc:");
  const auto native = open("native:");
  for (DeviceUnderTest* device : {inproc.get(), native.get()}) {
    ASSERT_FALSE(device->connect(15, 4));
    const auto error = device->configure(bms);
    ASSERT_FALSE(error) << error->what;
    device->command(PACKLINK_SET_SOC, 5000);
    device->command(PACKLINK_ENABLE, 0);
  }
  DeviceReport a, b;
  for (int step = 0; step < 2000; ++step) {
    schedule(*inproc, step);
    schedule(*native, step);
    const auto values = moving_readings(step);
    const auto trouble = inproc->exchange(values, step * kStep, (step + 1) * kStep, a);
    const auto other = native->exchange(values, step * kStep, (step + 1) * kStep, b);
    ASSERT_FALSE(trouble) << trouble->what;
    ASSERT_FALSE(other) << other->what;
    ASSERT_TRUE(same(a, b)) << "step " << step;
    ASSERT_TRUE(same(inproc->counters(), native->counters())) << "step " << step;
  }
  const LinkCounters counters = inproc->counters();
  EXPECT_GT(counters.lost, 50u);
  EXPECT_GT(counters.delayed, 50u);
  EXPECT_GT(counters.crc_errors, 20u);
  EXPECT_GT(a.status.rx_errors, 20u);
}

}  // namespace
}  // namespace packbench::hil
