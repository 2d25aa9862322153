#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

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
