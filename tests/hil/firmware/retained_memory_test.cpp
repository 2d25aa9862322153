// What survives a reset, and that nothing else is taken for it.
#include <gtest/gtest.h>

#include "charge_profile.h"
#include "hil/firmware/core/charge_keeper.h"

namespace {

using namespace charge_profile;

ChargeMemory sample() {
  ChargeMemory m;
  m.saved_us = 123'456'789'012;
  m.charge_mA_us = 180'000'123'456'789;
  m.nominal_mAh = 100'000;
  m.learnt_mAh = 80'123;
  m.resistance_pctpct = 12'345;
  m.reported_pctpct = 5'001;
  m.hysteresis_permille = -875;
  m.factor_permille = 1'250;
  m.boots = 7;
  m.reset_reason = 2;
  return m;
}

TEST(Retained, ComesBackAsItWasWritten) {
  Retained memory{};
  ChargeMemory back;
  write_retained(sample(), memory);
  ASSERT_TRUE(read_retained(memory, back));
  EXPECT_EQ(back.saved_us, sample().saved_us);
  EXPECT_EQ(back.charge_mA_us, sample().charge_mA_us);
  EXPECT_EQ(back.nominal_mAh, sample().nominal_mAh);
  EXPECT_EQ(back.learnt_mAh, sample().learnt_mAh);
  EXPECT_EQ(back.resistance_pctpct, sample().resistance_pctpct);
  EXPECT_EQ(back.reported_pctpct, sample().reported_pctpct);
  EXPECT_EQ(back.hysteresis_permille, sample().hysteresis_permille);
  EXPECT_EQ(back.factor_permille, sample().factor_permille);
  EXPECT_EQ(back.boots, sample().boots);
  EXPECT_EQ(back.reset_reason, sample().reset_reason);
}

TEST(Retained, EveryFlippedBitOfTheRecordIsRefused) {
  Retained memory{};
  write_retained(sample(), memory);
  for (int bit = 0; bit < 57 * 8; ++bit) {
    Retained flipped = memory;
    flipped.bytes[bit / 8] = static_cast<std::uint8_t>(flipped.bytes[bit / 8] ^ (1u << (bit % 8)));
    ChargeMemory back;
    EXPECT_FALSE(read_retained(flipped, back)) << bit;
    EXPECT_EQ(back.charge_mA_us, 0) << bit;
  }
}

TEST(Retained, NoiseIsRefused) {
  std::uint32_t random = 3;
  for (int i = 0; i < 1000; ++i) {
    Retained memory;
    for (auto& byte : memory.bytes) {
      random = random * 1664525u + 1013904223u;
      byte = static_cast<std::uint8_t>(random >> 24);
    }
    ChargeMemory back;
    EXPECT_FALSE(read_retained(memory, back)) << i;
  }
  Retained zeros{};
  ChargeMemory back;
  EXPECT_FALSE(read_retained(zeros, back));
}

// A BMS's state of charge with its keeper, at rest on the plateau.
struct Kept {
  explicit Kept(Retained& memory) : profile(lfp()), pack(profile, 0.60f) { keeper.use(&memory); }
  void boot(ResetReason reason) {
    soc = StateOfCharge{};
    keeper.boot(reason);
    soc.configure(profile);
  }
  void run(int tasks, std::int32_t current_mA, DefectSet defects = {}) {
    for (int i = 0; i < tasks; ++i) {
      keeper.step(pack.time_us, profile, soc, defects);
      const Measurement m = pack.advance(current_mA, 10'000);
      soc.step(pack.time_us, 10'000, profile, m, summarise(m), defects);
    }
  }
  std::uint16_t percent() const { return soc.soc_pctpct(profile); }

  Profile profile;
  ModelPack pack;
  StateOfCharge soc;
  ChargeKeeper keeper;
};

TEST(ChargeKeeper, SocSurvivesAResetWithinAHundredthOfAPercentAndASecond) {
  Retained memory{};
  Kept kept(memory);
  kept.boot(ResetReason::power_on);
  kept.soc.set(kept.profile, 4'321);
  kept.run(1'234, -50'000);
  const auto before = kept.percent();
  kept.boot(ResetReason::watchdog);
  kept.run(1, 0);
  EXPECT_NEAR(kept.percent(), before, 2);
  EXPECT_EQ(kept.keeper.boots(), 2u);
}

TEST(ChargeKeeper, AfterALossOfPowerNothingIsTaken) {
  Retained memory{};
  Kept kept(memory);
  kept.boot(ResetReason::power_on);
  kept.soc.set(kept.profile, 4'321);
  kept.run(200, 0);
  kept.boot(ResetReason::brown_out);
  kept.run(1, 0);
  EXPECT_NEAR(kept.percent(), 6'000, 100) << "the open-circuit voltage";
  EXPECT_EQ(kept.keeper.boots(), 1u);
}

TEST(ChargeKeeper, ASpoiledRecordLeavesSocToTheOcv) {
  Retained memory{};
  Kept kept(memory);
  kept.boot(ResetReason::power_on);
  kept.soc.set(kept.profile, 4'321);
  kept.run(200, 0);
  memory.bytes[20] ^= 0x10;
  kept.boot(ResetReason::software);
  EXPECT_EQ(kept.percent(), kUnknownPercent);
  kept.run(2, 0);
  EXPECT_NEAR(kept.percent(), 6'000, 100);
}

TEST(ChargeKeeper, BootOcvWinsOffThePlateauOnly) {
  Retained memory{};
  Kept kept(memory);
  for (const float soc : {0.05f, 0.60f}) {
    kept.pack.soc = soc;
    kept.boot(ResetReason::power_on);
    kept.soc.set(kept.profile, 3'000);
    kept.run(2, 0);
    kept.boot(ResetReason::software);
    kept.run(2, 0);
    EXPECT_NEAR(kept.percent(), soc < 0.1f ? 500 : 3'000, 10) << soc;
  }
}

// The count's two words lie first in StateOfCharge.
TEST(ChargeKeeper, AFlippedBitOfTheCountIsNoticedAndTheSavedOneTaken) {
  static_assert(sizeof(Guarded) == 16);
  for (const int bit : {3, 40, 62, 64 + 45}) {
    Retained memory{};
    Kept kept(memory);
    kept.boot(ResetReason::power_on);
    kept.soc.set(kept.profile, 4'321);
    kept.run(200, 0);
    auto* bytes = reinterpret_cast<unsigned char*>(&kept.soc);
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] ^ (1u << (bit % 8)));
    EXPECT_FALSE(kept.soc.intact()) << bit;
    kept.run(2, 0);
    EXPECT_TRUE(kept.soc.intact()) << bit;
    EXPECT_EQ(kept.percent(), 4'321) << bit;
  }
}

TEST(ChargeKeeper, DefectsForgetOrTrustEverything) {
  DefectSet forgets, trusts;
  forgets.set(Defect::soc_lost_at_reset, true);
  trusts.set(Defect::retained_unchecked, true);
  Retained memory{};
  Kept kept(memory);
  kept.boot(ResetReason::power_on);
  kept.soc.set(kept.profile, 4'321);
  kept.run(200, 0);
  kept.boot(ResetReason::software);
  kept.run(1, 0, forgets);
  EXPECT_NEAR(kept.percent(), 6'000, 100) << "the open-circuit voltage";
  memory.bytes[kRetainedChargeAt + 5] ^= 0x80;  // 39 Ah
  kept.boot(ResetReason::software);
  kept.run(1, 0, trusts);
  EXPECT_EQ(kept.percent(), 4'321 - 3'909);
}

}  // namespace
