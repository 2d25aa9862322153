// Defects of haste: levels, delays and waits taken too short or too long; each is seen from outside, and without it the
// same stimulus does the opposite.
#include <gtest/gtest.h>

#include <functional>

#include "rig.h"

namespace {

using rig::BmsState;
using rig::Fault;
using rig::Rig;

void start(Rig& r, const char* defect) {
  r.hello();
  if (defect != nullptr) r.defect(defect);
  r.ready();
  r.readings.charger_present = true;
  r.run(0.5);
  EXPECT_TRUE(r.refusals.empty());
}

// With the defect the stimulus trips within 1 s, without it not in 1 s.
void expect_haste(const char* defect, Fault fault, const std::function<void(Rig&)>& stimulus) {
  for (const char* with : {defect, static_cast<const char*>(nullptr)}) {
    Rig r;
    start(r, with);
    stimulus(r);
    r.run(1);
    EXPECT_EQ(r.faulty(fault), with != nullptr) << defect;
  }
}

TEST(HasteDefects, DelaysAreIgnored) {
  expect_haste("delays_ignored", Fault::cell_ov, [](Rig& r) { r.set_cell(4, 3.66); });
  expect_haste("delays_ignored", Fault::ocd1, [](Rig& r) { r.load_A = 115; });
  expect_haste("delays_ignored", Fault::otd, [](Rig& r) { r.set_temperatures(61); });
}

TEST(HasteDefects, LevelsAreTight) {
  expect_haste("levels_tight", Fault::cell_uv_hard, [](Rig& r) { r.set_cell(4, 2.51); });
  expect_haste("levels_tight", Fault::cell_ov_hard, [](Rig& r) { r.set_cell(4, 3.79); });
  expect_haste("levels_tight", Fault::short_circuit, [](Rig& r) { r.load_A = 298; });
  expect_haste("levels_tight", Fault::ot_hard, [](Rig& r) { r.set_temperatures(68); });
}

TEST(HasteDefects, PrechargeGivesUpEarly) {
  for (const bool broken : {true, false}) {
    Rig r;
    r.hello();
    if (broken) r.defect("precharge_gives_up_early");
    r.configure(rig::default_profile());
    r.bus_follows = false;
    r.run(0.5);
    r.command(PACKLINK_ENABLE);
    r.run(4);
    EXPECT_EQ(r.latched(Fault::precharge_timeout), broken);
  }
}

TEST(HasteDefects, StartsUnmeasured) {
  for (const bool broken : {true, false}) {
    Rig r;
    r.hello();
    if (broken) r.defect("starts_unmeasured");
    r.configure(rig::default_profile());
    r.send_measurements = false;
    r.run(1);
    EXPECT_EQ(r.state(), broken ? BmsState::standby : BmsState::init);
  }
}

TEST(HasteDefects, FeedbackIsJudgedBeforeTheContactorCanMove) {
  for (const bool broken : {true, false}) {
    Rig r;
    r.step_us = 20'000;
    start(r, broken ? "feedback_hasty" : nullptr);
    r.main_welded = true;
    r.command(PACKLINK_DISABLE);
    r.run(0.08);
    EXPECT_EQ(r.latched(Fault::contactor_weld), broken);
  }
}

TEST(HasteDefects, WaitsWithoutLoad) {
  for (const bool broken : {true, false}) {
    Rig r;
    start(r, broken ? "waits_without_load" : nullptr);
    r.set_cell(4, 2.79);
    ASSERT_GT(r.seconds_until([&] { return r.faulty(Fault::cell_uv); }, 4), 0);
    EXPECT_EQ(r.actuators.main, broken);
    r.run(0.3);
    EXPECT_FALSE(r.actuators.main);
  }
}

}  // namespace
