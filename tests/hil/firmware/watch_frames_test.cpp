// What the device believes of frames: age, replays, slots of a longer front end, damage; and what it logs.
#include <gtest/gtest.h>

#include "rig.h"

namespace {

using rig::BmsState;
using rig::Bytes;
using rig::Fault;
using rig::Rig;

TEST(ReplayedFrames, FromBeforeAResetAreIgnored) {
  for (const bool broken : {false, true}) {
    Rig r;
    r.ready();
    if (broken) r.defect("old_frames_taken_after_reset");
    const Bytes old = r.measurements_frame(r.sequence);
    r.run(2);
    r.command(PACKLINK_RESET);
    r.send_measurements = false;
    r.send(old);
    r.step();
    EXPECT_EQ(r.status.cells > 0, broken) << "cells of a measurement in force";
  }
}

TEST(ReplayedFrames, FromTheFutureAreRefused) {
  Rig r;
  r.ready();
  const std::uint64_t now_us = r.now_us;
  r.now_us += 3'700'000'000;
  const Bytes far = r.measurements_frame(9'999);
  r.now_us = now_us;
  r.send(far);
  EXPECT_EQ(r.refusals.size(), 1u);
  r.run(2);
  EXPECT_EQ(r.state(), BmsState::idle) << "the true ones still count";
}

void lengthen(Rig& r, int cells, double volt) {
  r.readings.cells = static_cast<std::uint8_t>(cells);
  for (int i = r.cells; i < cells; ++i) r.set_cell(i, volt);
}

TEST(SlotsOfALongerFrontEnd, AreLeftOutWhenTheyReadNothing) {
  Rig r;
  r.ready();
  lengthen(r, 16, 0);
  r.run(5);
  EXPECT_EQ(r.status.faults, 0u);
  EXPECT_EQ(r.status.cells, 15);
  EXPECT_TRUE(r.refusals.empty());
}

TEST(SlotsOfALongerFrontEnd, ThatReadSomethingAndShorterFramesAreRefused) {
  for (const int cells : {14, 16}) {
    Rig r;
    r.ready();
    lengthen(r, cells, 3.3);
    r.step();
    EXPECT_EQ(r.refusals.size(), 1u) << cells;
  }
}

TEST(SlotsOfALongerFrontEnd, DefectTakesThemForCells) {
  Rig r;
  r.ready();
  r.defect("unused_slots_taken_for_cells");
  lengthen(r, 16, 0);
  r.run(2);
  EXPECT_NE(r.status.faults, 0u);
}

TEST(DamagedFramesOnTheWire, AreCountedAgainstTheWholeOnes) {
  Rig r;
  r.hello();
  auto profile = rig::default_profile();
  packbench::sim::Protection row;
  row.id = "frame_errors";
  row.warn = 0.01;
  row.trip = 0.10;
  row.release = 0.05;
  row.action = packbench::sim::TripAction::open_both;
  profile.protections.push_back(row);
  r.configure(profile);
  r.run(12);  // a hundred whole frames
  const auto damage = [&r](int frames) {
    for (int i = 0; i < frames; ++i) {
      Bytes frame = r.measurements_frame(++r.sequence);
      frame[20] ^= 0x55;
      r.send(frame);
    }
    r.step();
  };
  damage(1);
  EXPECT_FALSE(r.warned(Fault::frame_errors));
  damage(1);
  EXPECT_TRUE(r.warned(Fault::frame_errors));
  EXPECT_FALSE(r.faulty(Fault::frame_errors));
  damage(9);
  EXPECT_TRUE(r.faulty(Fault::frame_errors));
}

TEST(DamagedFramesOnTheWire, NoiseBetweenWholeFramesHarmsNone) {
  Rig r;
  auto profile = rig::default_profile();
  packbench::sim::Protection row;
  row.id = "frame_errors";
  row.warn = 0.01;
  row.trip = 0.10;
  row.release = 0.05;
  profile.protections.push_back(row);
  r.hello();
  r.configure(profile);
  for (int i = 0; i < 200; ++i) {
    r.send({0x00, 0x17, 0x42, 0x99, 0x03, 0x00, 0x55, 0x13, 0x00});
    r.step();
  }
  EXPECT_GT(r.status.rx_errors, 100);
  EXPECT_FALSE(r.warned(Fault::frame_errors) || r.faulty(Fault::frame_errors));
}

TEST(SensorLog, SaysOpenOrShortedOnceAndWhenItComesBack) {
  for (const bool broken : {false, true}) {
    Rig r;
    r.ready();
    if (broken) r.defect("ntc_open_and_short_confused");
    r.readings.temperature_mdegC[1] = -55'000;
    r.readings.temperature_mdegC[2] = 150'000;
    r.run(1);
    ASSERT_EQ(r.texts.size(), 2u);
    EXPECT_EQ(r.texts[0], broken ? "Temperature sensor 2 is shorted." : "Temperature sensor 2 is open.");
    EXPECT_EQ(r.texts[1], broken ? "Temperature sensor 3 is open." : "Temperature sensor 3 is shorted.");
    r.set_temperatures(25);
    r.run(1);
    ASSERT_EQ(r.texts.size(), 4u);
    EXPECT_EQ(r.texts[2], "Temperature sensor 2 answers again.");
  }
}

}  // namespace
