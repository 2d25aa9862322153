#include "hil/frames.h"

#include <cmath>

#include <gtest/gtest.h>

namespace packbench::hil {
namespace {

using sim::Signal;

sim::Frame frame() { return sim::Frame(sim::SignalLayout(15, 5)); }

TEST(Frames, AMissingReadingBecomesTheReservedValueAndNeverZero) {
  const packlink_measurements_t out = to_measurements(frame(), 0);
  EXPECT_EQ(out.cell_dmV[0], PACKLINK_NO_VOLTAGE);
  EXPECT_EQ(out.pack_dmV, PACKLINK_NO_VOLTAGE32);
  EXPECT_EQ(out.current_mA, PACKLINK_NO_CURRENT);
  EXPECT_EQ(out.temperature_mdegC[4], PACKLINK_NO_TEMPERATURE);
}

TEST(Frames, AReadingIsInTheWiresUnits) {
  sim::Frame in = frame();
  in.array(Signal::sensed_cell_voltage)[7] = 3.2345;
  in[Signal::sensed_pack_current] = -50.125;
  in.array(Signal::sensed_temperature)[1] = -12.345;
  const packlink_measurements_t out = to_measurements(in, 1'500'000'000);
  EXPECT_EQ(out.time_us, 1'500'000u);
  EXPECT_EQ(out.cells, 15);
  EXPECT_EQ(out.cell_dmV[7], 32345);
  EXPECT_EQ(out.current_mA, -50125);
  EXPECT_EQ(out.temperature_mdegC[1], -12345);
}

TEST(Frames, AValueBeyondItsFieldIsClampedAndNotTakenForMissing) {
  sim::Frame in = frame();
  in.array(Signal::sensed_cell_voltage)[0] = 99.0;
  in[Signal::sensed_pack_current] = -1e9;
  const packlink_measurements_t out = to_measurements(in, 0);
  EXPECT_EQ(out.cell_dmV[0], 65534);
  EXPECT_GT(out.current_mA, PACKLINK_NO_CURRENT);
}

TEST(Frames, WithoutAStatusTheDeviceHasNoValues) {
  sim::Frame out = frame();
  write_device(DeviceReport{}, out);
  EXPECT_TRUE(std::isnan(out[Signal::device_soc]));
  EXPECT_EQ(out[Signal::device_main_drive], 0.0);
}

TEST(Frames, DrivenAndReportedContactorsAreKeptApart) {
  DeviceReport report;
  report.has_status = true;
  report.status.first_fault = PACKLINK_NO_FAULT;
  report.status.charger_contactor = false;
  report.actuators.charger = true;
  sim::Frame out = frame();
  write_device(report, out);
  EXPECT_EQ(out[Signal::device_first_fault], sim::kNone);
  EXPECT_EQ(out[Signal::device_charger_contactor], 0.0);
  EXPECT_EQ(out[Signal::device_charger_drive], 1.0);
  EXPECT_TRUE(to_actuators(report.actuators).charger);
}

}  // namespace
}  // namespace packbench::hil
