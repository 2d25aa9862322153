#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

#include "hil/firmware/core/balancing.h"
#include "hil/firmware/core/codes.h"
#include "hil/firmware/core/profile.h"
#include "hil/firmware/core/soc.h"
#include "hil/firmware/host/profile_bytes.h"
#include "rig.h"
#include "sim/vocabulary.h"

namespace {

using namespace packbench::firmware;
namespace sim = packbench::sim;

TEST(Codes, AreThoseOfTheVocabulary) {
  const auto code = [](sim::Vocabulary vocabulary, const char* word) {
    return sim::code_of(vocabulary, word).value_or(-1);
  };
  EXPECT_EQ(sim::words(sim::Vocabulary::fault).size(), static_cast<std::size_t>(kFaultCount));
  EXPECT_EQ(code(sim::Vocabulary::fault, "cell_ov"), static_cast<int>(Fault::cell_ov));
  EXPECT_EQ(code(sim::Vocabulary::fault, "short"), static_cast<int>(Fault::short_circuit));
  EXPECT_EQ(code(sim::Vocabulary::fault, "ot_hard"), static_cast<int>(Fault::ot_hard));
  EXPECT_EQ(code(sim::Vocabulary::fault, "precharge_timeout"), static_cast<int>(Fault::precharge_timeout));
  EXPECT_EQ(code(sim::Vocabulary::fault, "comm_loss"), static_cast<int>(Fault::comm_loss));
  EXPECT_EQ(code(sim::Vocabulary::fault, "emergency_stop"), static_cast<int>(Fault::emergency_stop));
  EXPECT_EQ(code(sim::Vocabulary::bms_state, "IDLE"), static_cast<int>(BmsState::idle));
  EXPECT_EQ(code(sim::Vocabulary::bms_state, "FAULT_LATCHED"), static_cast<int>(BmsState::fault_latched));
  EXPECT_EQ(code(sim::Vocabulary::bms_state, "UPDATE"), static_cast<int>(BmsState::update));
  EXPECT_EQ(code(sim::Vocabulary::reset_reason, "external"), static_cast<int>(ResetReason::external));
  EXPECT_EQ(static_cast<int>(sim::TripAction::open_charger), kOpenCharger);
  EXPECT_EQ(static_cast<int>(sim::TripAction::open_main), kOpenMain);
  EXPECT_EQ(static_cast<int>(sim::TripAction::open_both), kOpenBoth);
}

TEST(ProfileBytes, CarryEveryRowAndNumber) {
  const auto bytes = encode_profile(rig::default_profile());
  Profile profile;
  ASSERT_EQ(decode_profile(bytes.data(), bytes.size(), profile), nullptr);
  EXPECT_EQ(profile.cells, 15);
  EXPECT_EQ(profile.capacity_mAh, 100'000);
  EXPECT_EQ(profile.row(Fault::cell_ov).trip, 36'500);
  EXPECT_EQ(profile.row(Fault::cell_ov).delay_ms, 2000u);
  EXPECT_EQ(profile.row(Fault::cell_ov).action, kOpenCharger);
  EXPECT_EQ(profile.row(Fault::cell_ov_hard).warn, kNoReading);
  EXPECT_EQ(profile.row(Fault::utd).trip, -20'000);
  EXPECT_TRUE(profile.row(Fault::short_circuit).latched);
  EXPECT_EQ(profile.ocv[2].soc_pctpct, 5000);
  EXPECT_EQ(profile.comm_loss_ms, 500u);
}

TEST(ProfileBytes, UnknownProtectionsAndHugeNumbersThrow) {
  auto unknown = rig::default_profile();
  unknown.protections[0].id = "cell_0v";
  EXPECT_THROW(encode_profile(unknown), std::invalid_argument);
  auto huge = rig::default_profile();
  huge.charge_limit_A = 1e9;
  EXPECT_THROW(encode_profile(huge), std::invalid_argument);
}

TEST(ProfileBytes, EveryCutAndEveryChangedByteIsRefused) {
  const auto bytes = encode_profile(rig::default_profile());
  Profile profile;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(decode_profile(bytes.data(), size, profile), nullptr);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    auto changed = bytes;
    changed[i] ^= 0x5A;
    const char* why = decode_profile(changed.data(), changed.size(), profile);
    ASSERT_NE(why, nullptr) << "byte " << i;
    EXPECT_LE(std::string(why).size(), sizeof packlink_nack_t::why);
  }
}

// Bytes changed behind a checksum that fits again.
std::string refusal_of(const std::function<void(std::vector<std::uint8_t>&)>& change) {
  auto bytes = encode_profile(rig::default_profile());
  change(bytes);
  const std::uint32_t crc = packlink_crc32(0, bytes.data() + 8, bytes.size() - 8);
  for (unsigned i = 0; i < 4; ++i) bytes[4 + i] = static_cast<std::uint8_t>(crc >> (8 * i));
  Profile profile;
  const char* why = decode_profile(bytes.data(), bytes.size(), profile);
  return why == nullptr ? "taken" : why;
}

TEST(ProfileBytes, WholeButWrongOnesAreRefusedWithTheirReason) {
  const std::size_t rows = kProfileHeaderSize + kProfileFieldsSize + kProfileWatchSize + kProfileChargeSize;
  EXPECT_EQ(refusal_of([](auto&) {}), "taken");
  EXPECT_EQ(refusal_of([](auto& b) { ++b[8]; }), "The profile has another version than this firmware reads.");
  EXPECT_EQ(refusal_of([](auto& b) { b[11] = kFaultCount + 1; }), "The profile has too many rows or points.");
  EXPECT_EQ(refusal_of([](auto& b) { b[12] = kMaxOcvPoints + 1; }), "The profile has too many rows or points.");
  EXPECT_EQ(refusal_of([rows](auto& b) { b[rows] = kFaultCount; }),
            "The profile has a protection that this firmware does not watch.");
  EXPECT_EQ(refusal_of([rows](auto& b) { b[rows + 1] = 4; }), "A protection of the profile has an unknown action.");
  EXPECT_EQ(refusal_of([](auto& b) { b.push_back(0); }), "The profile's length does not agree with its contents.");
  EXPECT_EQ(refusal_of([](auto& b) { b.pop_back(); }), "The profile's length does not agree with its contents.");
  EXPECT_EQ(refusal_of([](auto& b) { b.resize(kMaxProfileBytes + 1); }), "The profile's length is impossible.");
}

TEST(ProfileBytes, CarryEveryWatchRuleToItsPlace) {
  auto profile = rig::default_profile();
  auto& w = profile.watch;
  double next = 1;
  for (double* rule : {&w.high_current_A, &w.high_current_delay_s}) *rule = next++;
  w.board_sensor = 3;
  for (double* rule :
       {&w.imbalance_current_A, &w.imbalance_loaded_warn_V, &w.plateau_low_V, &w.plateau_high_V, &w.stuck_current_A})
    *rule = next++;
  w.stuck_samples = 8;
  w.step_current_A = 10;
  w.step_voltage_V = 0.9;
  w.still_current_A = 9;
  w.still_voltage_V = 0.8;
  next = 11;
  for (double* rule :
       {&w.runaway_rise_K, &w.runaway_time_s, &w.runaway_above_degC, &w.weld_current_A, &w.break_current_A,
        &w.fuse_wait_s, &w.short_bus_current_A, &w.short_bus_time_s, &w.sleep_after_s, &w.sleep_undervoltage_s})
    *rule = next++;
  const auto bytes = encode_profile(profile);
  Profile p;
  ASSERT_EQ(decode_profile(bytes.data(), bytes.size(), p), nullptr);
  const std::int32_t got[] = {p.watch.high_current_mA,
                              static_cast<std::int32_t>(p.watch.high_current_delay_ms),
                              p.watch.board_sensor * 1000,
                              p.watch.imbalance_current_mA,
                              p.watch.imbalance_loaded_warn_dmV,
                              p.watch.plateau_low_dmV,
                              p.watch.plateau_high_dmV,
                              p.watch.stuck_current_mA,
                              p.watch.stuck_samples,
                              p.watch.step_current_mA,
                              p.watch.step_dmV,
                              p.watch.still_current_mA,
                              p.watch.still_dmV,
                              p.watch.runaway_rise_mK,
                              p.watch.runaway_time_ms,
                              p.watch.runaway_above_mdegC,
                              p.watch.weld_current_mA,
                              p.watch.break_current_mA,
                              static_cast<std::int32_t>(p.watch.fuse_wait_ms),
                              p.watch.short_bus_current_mA,
                              static_cast<std::int32_t>(p.watch.short_bus_time_ms),
                              static_cast<std::int32_t>(p.watch.sleep_after_ms),
                              static_cast<std::int32_t>(p.watch.sleep_undervoltage_ms)};
  const std::int32_t wanted[] = {1'000,  2'000,  3'000,  3'000,  40'000, 50'000, 60'000, 7'000,
                                 8,      10'000, 9'000,  9'000,  8'000,  11'000, 12'000, 13'000,
                                 14'000, 15'000, 16'000, 17'000, 18'000, 19'000, 20'000};
  for (std::size_t i = 0; i < std::size(wanted); ++i) EXPECT_EQ(got[i], wanted[i]) << "rule " << i;
}

RC_GTEST_PROP(SocOfOcv, RisesWithTheVoltageAndStaysInTheTable, ()) {
  const auto bytes = encode_profile(rig::default_profile());
  Profile profile;
  RC_ASSERT(decode_profile(bytes.data(), bytes.size(), profile) == nullptr);
  const auto low = *rc::gen::inRange(20'000, 40'000);
  const auto high = low + *rc::gen::inRange(0, 5'000);
  RC_ASSERT(soc_of_ocv(profile, low) <= soc_of_ocv(profile, high));
  RC_ASSERT(soc_of_ocv(profile, high) <= 10'000);
}

RC_GTEST_PROP(Balancing, NeverBleedsNeighboursNorMoreThanSevenNorTheLowest, ()) {
  Measurement m;
  m.cells = *rc::gen::inRange(1, kMaxCells + 1);
  std::int32_t lowest = INT32_MAX;
  for (int i = 0; i < m.cells; ++i) {
    m.cell_dmV[i] = *rc::gen::inRange(33'000, 36'000);
    lowest = m.cell_dmV[i] < lowest ? m.cell_dmV[i] : lowest;
  }
  ChargeRules rules;
  rules.stop_spread_dmV = 100;
  rules.bleed_cells = 7;
  const std::uint32_t chosen = choose_cells(rules, m, lowest, {});
  RC_ASSERT((chosen & (chosen << 1)) == 0u);
  RC_ASSERT(__builtin_popcount(chosen) <= 7);
  RC_ASSERT((chosen >> m.cells) == 0u);
  for (int i = 0; i < m.cells; ++i) RC_ASSERT(((chosen >> i) & 1u) == 0u || m.cell_dmV[i] > lowest + 100);
}

}  // namespace
