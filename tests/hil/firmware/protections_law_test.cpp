// Laws of every protection, over the whole table: each row inherits them, with values dense at its boundaries.
#include <gtest/gtest.h>

#include "core_bench.h"
#include "hil/firmware/core/protections.h"

namespace {

using namespace packbench::firmware;

struct Subject {
  Fault fault;
  std::int32_t unit;  // smallest change of its value
  void (*set)(Observation&, Measurement&, std::int32_t);
};

void set_max_cell(Observation& o, Measurement&, std::int32_t v) { o.summary.max_cell_dmV = v; }
void set_min_cell(Observation& o, Measurement&, std::int32_t v) { o.summary.min_cell_dmV = v; }
void set_pack(Observation&, Measurement& m, std::int32_t v) { m.pack_dmV = v; }
void set_charge(Observation&, Measurement& m, std::int32_t v) { m.current_mA = v; }
void set_discharge(Observation&, Measurement& m, std::int32_t v) { m.current_mA = -v; }
void set_hottest(Observation& o, Measurement&, std::int32_t v) { o.summary.max_temperature_mdegC = v; }
void set_coldest(Observation& o, Measurement&, std::int32_t v) { o.summary.min_temperature_mdegC = v; }
void set_board(Observation& o, Measurement&, std::int32_t v) { o.summary.board_mdegC = v; }
void set_temperature_spread(Observation& o, Measurement&, std::int32_t v) {
  o.summary.min_temperature_mdegC = 10'000;
  o.summary.max_temperature_mdegC = 10'000 + v;
}
void set_imbalance(Observation& o, Measurement&, std::int32_t v) {
  o.summary.min_cell_dmV = 25'000;
  o.summary.max_cell_dmV = 25'000 + v;
}
void set_mismatch_above(Observation& o, Measurement& m, std::int32_t v) {
  m.pack_dmV = 495'000;
  o.summary.sum_dmV = 495'000 + v;
}
void set_mismatch_below(Observation& o, Measurement& m, std::int32_t v) {
  m.pack_dmV = 495'000;
  o.summary.sum_dmV = 495'000 - v;
}
void set_stuck(Observation& o, Measurement&, std::int32_t v) { o.stuck_moves = v / 10; }
void set_contradictions(Observation& o, Measurement&, std::int32_t v) { o.contradictions = v / 10; }
void set_damaged(Observation& o, Measurement&, std::int32_t v) { o.damaged_frames = v; }
void set_missing_cells(Observation& o, Measurement&, std::int32_t v) { o.summary.missing_cells = v; }
void set_missing_temperatures(Observation& o, Measurement&, std::int32_t v) {
  o.summary.missing_temperatures = v;
  o.summary.valid_temperatures = v > 1 ? 1 : 4;
}
void set_failed_precharges(Observation& o, Measurement&, std::int32_t v) { o.failed_precharges = v; }
void set_weld(Observation& o, Measurement&, std::int32_t v) { o.weld_frames = v; }
void set_no_close(Observation& o, Measurement&, std::int32_t v) { o.no_close_frames = v; }
void set_silence(Observation& o, Measurement&, std::int32_t v) {
  o.silence_ms = v;
  o.good_frames = v < 0 ? 10 : 0;  // only frames end it
}
void set_profile_damaged(Observation& o, Measurement&, std::int32_t v) { o.profile_damaged = v > 0; }
void set_stop(Observation& o, Measurement&, std::int32_t v) { o.emergency_stop = v > 0; }

const Subject kSubjects[] = {
    {Fault::cell_ov, 1, set_max_cell},
    {Fault::cell_ov_hard, 1, set_max_cell},
    {Fault::cell_uv, 1, set_min_cell},
    {Fault::cell_uv_hard, 1, set_min_cell},
    {Fault::deep_discharge, 1, set_min_cell},
    {Fault::pack_ov, 1, set_pack},
    {Fault::pack_uv, 1, set_pack},
    {Fault::occ1, 1, set_charge},
    {Fault::occ2, 1, set_charge},
    {Fault::ocd1, 1, set_discharge},
    {Fault::ocd2, 1, set_discharge},
    {Fault::short_circuit, 1, set_charge},
    {Fault::short_circuit, 1, set_discharge},
    {Fault::otc, 1, set_hottest},
    {Fault::utc, 1, set_coldest},
    {Fault::otd, 1, set_hottest},
    {Fault::utd, 1, set_coldest},
    {Fault::ot_hard, 1, set_hottest},
    {Fault::t_spread, 1, set_temperature_spread},
    {Fault::pcb_ot, 1, set_board},
    {Fault::imbalance, 1, set_imbalance},
    {Fault::sum_mismatch, 1, set_mismatch_above},
    {Fault::sum_mismatch, 1, set_mismatch_below},
    {Fault::open_wire, 1, set_missing_cells},
    {Fault::v_stuck, 10, set_stuck},
    {Fault::i_stuck, 10, set_contradictions},
    {Fault::ntc, 1, set_missing_temperatures},
    {Fault::precharge_timeout, 1, set_failed_precharges},
    {Fault::contactor_weld, 1, set_weld},
    {Fault::contactor_fail_close, 1, set_no_close},
    {Fault::comm_loss, 1, set_silence},
    {Fault::frame_errors, 1, set_damaged},
    {Fault::config, 1, set_profile_damaged},
    {Fault::emergency_stop, 1, set_stop},
};

// One protection alone: all other rows of the profile are left out.
struct Alone {
  explicit Alone(const Subject& which) : subject(which) {
    const Profile whole = core_bench::reference_profile();
    profile = whole;
    for (int i = 0; i < kFaultCount; ++i) profile.rows[i].present = i == static_cast<int>(subject.fault);
    profile.watch.plateau_low_dmV = 0;
    profile.watch.plateau_high_dmV = 1'000'000;
    measurement.current_mA = 0;
    measurement.charger_present = true;
    observation.measurement = &measurement;
    observation.fresh = observation.ever_measured = true;
    set(inside(row().trip));
  }
  const ProtectionRow& row() const { return profile.row(subject.fault); }
  const ProtectionSpec& spec() const { return kProtectionTable[static_cast<int>(subject.fault)]; }
  std::int32_t outward() const { return spec().direction == Direction::above ? subject.unit : -subject.unit; }
  std::int32_t beyond(std::int32_t level) const { return level + outward(); }
  std::int32_t inside(std::int32_t level) const { return level - outward(); }
  void set(std::int32_t value) { subject.set(observation, measurement, value); }
  // A value from which the fault may go.
  std::int32_t good() const {
    if (subject.fault == Fault::comm_loss) return -1;
    if (row().release == kNoReading) return inside(row().trip);
    return subject.unit > 1 ? 0 : inside(row().release);
  }
  void task() {
    now_us += kTask_us;
    protections.step(now_us, profile, observation, DefectSet{});
  }
  void run_ms(std::uint64_t ms) {
    for (std::uint64_t i = 0; i < ms / 10; ++i) task();
  }
  bool tripped() const { return (protections.faults() & bit(subject.fault)) != 0; }
  bool latched() const { return (protections.latched() & bit(subject.fault)) != 0; }
  bool warned() const { return (protections.warnings() & bit(subject.fault)) != 0; }
  // Milliseconds from the first task that sees the state to the one after which `tripped` is as wanted; -1 after a
  // minute more than the delays.
  std::int64_t ms_until_tripped(bool wanted) {
    for (std::int64_t ms = 0; ms <= 130'000; ms += 10) {
      task();
      if (tripped() == wanted) return ms;
    }
    return -1;
  }
  void trip() {
    set(beyond(row().trip));
    ms_until_tripped(true);
  }

  Subject subject;
  Profile profile;
  Measurement measurement;
  Observation observation;
  Protections protections;
  std::uint64_t now_us = 1'000'000;
};

#define NAMED(alone) "fault " << static_cast<int>((alone).subject.fault)

TEST(ProtectionLaws, EveryFaultOfTheTableIsASubjectExceptTheWatchdogThatOnlyWarns) {
  FaultSet covered = bit(Fault::watchdog);
  for (const Subject& subject : kSubjects) covered |= bit(subject.fault);
  EXPECT_EQ(covered, (FaultSet{1} << kFaultCount) - 1);
}

TEST(ProtectionLaws, AtTheTripLevelOrInsideForTenDelaysNeverTrips) {
  for (const Subject& subject : kSubjects) {
    for (std::int32_t steps = 0; steps < 4; ++steps) {
      Alone alone(subject);
      alone.set(alone.row().trip - steps * alone.outward());
      alone.run_ms(10 * std::uint64_t{alone.row().delay_ms} + 100);
      EXPECT_FALSE(alone.tripped()) << NAMED(alone) << ", " << steps << " units inside";
    }
  }
}

TEST(ProtectionLaws, OneUnitBeyondTripsAfterItsDelayAndWithinOneTask) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    alone.run_ms(100);
    alone.set(alone.beyond(alone.row().trip));
    const std::int64_t took_ms = alone.ms_until_tripped(true);
    EXPECT_GE(took_ms, std::int64_t{alone.row().delay_ms}) << NAMED(alone);
    EXPECT_LE(took_ms, std::int64_t{alone.row().delay_ms} + 10) << NAMED(alone);
    EXPECT_EQ(alone.protections.first_fault(), subject.fault) << NAMED(alone);
  }
}

TEST(ProtectionLaws, OneTaskLessThanTheDelayIsNoTripAndTheDelayStartsAnew) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (alone.row().delay_ms == 0) continue;
    for (int again = 0; again < 2; ++again) {
      alone.set(alone.beyond(alone.row().trip));
      alone.run_ms(alone.row().delay_ms);  // the first task sees it at 0
      alone.set(alone.good());
      alone.run_ms(20);
    }
    EXPECT_FALSE(alone.tripped()) << NAMED(alone);
  }
}

TEST(ProtectionLaws, ATripCarriesTheRowsActionAtOnceOrNot) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    EXPECT_EQ(alone.protections.actions(), kOpenNone) << NAMED(alone);
    alone.trip();
    EXPECT_EQ(alone.protections.actions(), alone.row().action) << NAMED(alone);
    EXPECT_EQ(alone.protections.actions_at_once(), alone.spec().at_once ? alone.row().action : kOpenNone)
        << NAMED(alone);
  }
}

TEST(ProtectionLaws, NothingThatItWouldOpenMayCloseFromTheFirstTaskBeyond) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    alone.task();
    EXPECT_EQ(alone.protections.not_to_close(), kOpenNone) << NAMED(alone);
    alone.set(alone.beyond(alone.row().trip));
    alone.task();
    EXPECT_EQ(alone.protections.not_to_close(), alone.row().action) << NAMED(alone);
  }
}

TEST(ProtectionLaws, ReleaseNeedsItsLevelForItsDelay) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (alone.row().latched) continue;
    alone.trip();
    if (alone.row().release != kNoReading && subject.unit == 1 && subject.fault != Fault::comm_loss) {
      alone.set(alone.row().release);
      alone.run_ms(alone.row().release_delay_ms + 1000);
      EXPECT_TRUE(alone.tripped()) << NAMED(alone) << " at its release level";
    }
    alone.set(alone.good());
    const std::int64_t took_ms = alone.ms_until_tripped(false);
    EXPECT_GE(took_ms, std::int64_t{alone.row().release_delay_ms}) << NAMED(alone);
    EXPECT_LE(took_ms, std::int64_t{alone.row().release_delay_ms} + 10) << NAMED(alone);
    EXPECT_EQ(alone.protections.actions(), kOpenNone) << NAMED(alone);
  }
}

TEST(ProtectionLaws, LatchedFaultsStayUntilTheyAreClearedAndAreNotClearedWithTheirCause) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (!alone.row().latched) continue;
    alone.trip();
    EXPECT_TRUE(alone.latched()) << NAMED(alone);
    EXPECT_EQ(alone.protections.clear_latched(DefectSet{}), bit(subject.fault)) << NAMED(alone);
    alone.set(alone.good());
    alone.run_ms(10'000);
    EXPECT_TRUE(alone.latched()) << NAMED(alone);
    EXPECT_EQ(alone.protections.clear_latched(DefectSet{}), 0u) << NAMED(alone);
    EXPECT_FALSE(alone.tripped()) << NAMED(alone);
    EXPECT_FALSE(alone.protections.has_first_fault()) << NAMED(alone);
  }
}

TEST(ProtectionLaws, WarningsBeginOneUnitBeyondTheirLevelAfterTheirDelayAndEndAtOnce) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (alone.row().warn == kNoReading) continue;
    alone.set(alone.row().warn);
    alone.run_ms(alone.row().warn_delay_ms + 1000);
    EXPECT_FALSE(alone.warned()) << NAMED(alone);
    alone.set(alone.beyond(alone.row().warn));
    alone.run_ms(alone.row().warn_delay_ms);
    EXPECT_FALSE(alone.row().warn_delay_ms > 0 && alone.warned()) << NAMED(alone);
    alone.task();
    EXPECT_TRUE(alone.warned()) << NAMED(alone);
    alone.set(alone.row().warn);
    alone.task();
    EXPECT_FALSE(alone.warned()) << NAMED(alone);
  }
}

TEST(ProtectionLaws, AValueThatIsNotThereHoldsEverythingAsItIs) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (alone.spec().on_silence || alone.row().latched) continue;
    alone.trip();
    alone.observation.fresh = false;
    alone.set(alone.good());
    alone.run_ms(130'000);
    EXPECT_TRUE(alone.tripped()) << NAMED(alone);
  }
}

TEST(ProtectionLaws, RowsWithRetriesLatchWithTheTripAfterTheLast) {
  for (const Subject& subject : kSubjects) {
    Alone alone(subject);
    if (alone.spec().retries == 0) continue;
    for (int trips = 1; trips <= alone.spec().retries + 1; ++trips) {
      EXPECT_FALSE(alone.latched()) << NAMED(alone) << ", trip " << trips;
      alone.trip();
      const bool last = trips > alone.spec().retries;
      EXPECT_EQ(alone.latched(), last) << NAMED(alone) << ", trip " << trips;
      alone.set(alone.good());
      alone.run_ms(alone.row().release_delay_ms + 20);
    }
  }
}

TEST(ProtectionLaws, TripsAreForgottenAfterTenMinutesWithoutOne) {
  Alone alone({Fault::ocd2, 1, set_discharge});
  for (int trips = 0; trips < 12; ++trips) {
    alone.trip();
    EXPECT_FALSE(alone.latched()) << trips;
    alone.set(alone.good());
    alone.run_ms(trips % 4 == 3 ? 601'000 : 61'000);
  }
}

TEST(ProtectionLaws, FirstFaultIsKeptUntilNoneIsLeft) {
  Alone alone({Fault::cell_ov, 1, set_max_cell});
  alone.profile = core_bench::reference_profile();
  alone.observation.summary.min_cell_dmV = 33'000;
  alone.trip();
  alone.observation.summary.min_cell_dmV = 27'000;
  alone.run_ms(3'000);
  EXPECT_TRUE((alone.protections.faults() & bit(Fault::cell_uv)) != 0);
  EXPECT_EQ(alone.protections.first_fault(), Fault::cell_ov);
  EXPECT_EQ(alone.protections.actions(), kOpenBoth);
  alone.set(33'000);
  alone.run_ms(3'000);
  EXPECT_FALSE(alone.tripped());
  EXPECT_EQ(alone.protections.first_fault(), Fault::cell_ov);
}

TEST(ProtectionLaws, TheWatchdogWarnsAndNeverTrips) {
  Alone alone({Fault::watchdog, 1, [](Observation& o, Measurement&, std::int32_t v) { o.after_watchdog = v > 0; }});
  alone.set(1);
  alone.run_ms(1'000);
  EXPECT_TRUE(alone.warned());
  EXPECT_FALSE(alone.tripped());
}

}  // namespace
