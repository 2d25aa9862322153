// Readings and commands that lead a BMS through its states, for comparing two devices step by step.
#pragma once

#include "machine_rig.h"

namespace packbench::hil {

inline constexpr sim::TimeNs kStep = 100 * sim::kMillisecond;

// A pack that is used, charged, and every now and then has a cell too high, a cell too low, or is too hot. What is
// measured agrees with itself: the sum of the cells, a current only through closed contactors, no reading quite still.
inline packlink_measurements_t wandering(int step, const packlink_actuators_t& driven) {
  const int phase = step % 1000;
  const auto within = [phase](int begin, int end) { return phase >= begin && phase < end; };
  packlink_measurements_t values = readings(step * kStep);
  values.pack_dmV = 0;
  for (int i = 0; i < values.cells; ++i) {
    int cell_dmV = 33'000 + (step * 7 + i * 13) % 50;
    if (i == 8 && within(500, 560)) cell_dmV += 3'700;
    if (i == 3 && within(700, 760)) cell_dmV -= 5'200;
    values.cell_dmV[i] = static_cast<std::uint16_t>(cell_dmV);
    values.pack_dmV += values.cell_dmV[i];
  }
  for (int i = 0; i < values.temperatures; ++i) {
    values.temperature_mdegC[i] = 25'000 + step % 7 * 20 + (within(850, 950) ? (phase - 850) * 400 : 0);
  }
  values.charger_present = within(280, 600);
  values.main_feedback = driven.main;
  values.charger_feedback = driven.charger;
  values.current_mA = 0;
  if (driven.main && within(100, 250)) values.current_mA = -20'000 - step % 5 * 10;
  if (driven.charger && within(300, 600)) values.current_mA = 20'000 + step % 5 * 10;
  values.bus_dmV = driven.main || driven.precharge ? values.pack_dmV : 0;
  return values;
}

inline void command_now_and_then(DeviceUnderTest& device, int step) {
  if (step % 250 == 10) device.command(PACKLINK_ENABLE, 0);
  if (step % 500 == 400) device.command(PACKLINK_CLEAR_LATCHED, 0);
  if (step % 700 == 650) device.command(PACKLINK_RESET, 0);
  if (step == 5) device.command(PACKLINK_SET_SOC, 5000);
}

}  // namespace packbench::hil
