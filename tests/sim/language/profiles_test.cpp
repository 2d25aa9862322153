#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "sim/language/bms_profile_reader.h"
#include "sim/language/current_profile.h"
#include "sim/language/file_bytes.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/profile_search.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;
const fs::path kLibrary = SCENARIOS_DIR;

BmsProfile shipped() { return std::get<BmsProfile>(read_bms_profile(kLibrary / "bms/lfp-15s-100ah.yaml")); }

Protection& row(BmsProfile& profile, const std::string& id) {
  for (Protection& one : profile.protections)
    if (one.id == id) return one;
  throw std::logic_error(id);
}

std::string only(const BmsProfile& profile) {
  const Problems problems = inconsistencies(profile);
  return problems.size() == 1 ? problems[0].path + ": " + problems[0].what
                              : std::to_string(problems.size()) + " problems";
}

TEST(BmsProfile, TheShippedOneHasEveryProtectionAndIsConsistent) {
  const BmsProfile profile = shipped();
  EXPECT_EQ(profile.protections.size(), protection_ids().size());
  EXPECT_TRUE(inconsistencies(profile).empty());
  EXPECT_GE(profile.ocv_by_soc.size(), 21u);
  EXPECT_EQ(profile.sha256.size(), 64u);
}

TEST(BmsProfile, EachBrokenRuleIsNamed) {
  BmsProfile p = shipped();
  row(p, "otd").warn = 65;
  EXPECT_EQ(only(p), "protections.otd.warn: warn 65 degC is not below trip 60 degC");
  p = shipped();
  row(p, "utd").release = -25;
  EXPECT_EQ(only(p), "protections.utd.release: release -25 degC is not above trip -20 degC");
  p = shipped();
  row(p, "ocd2").trip = 350;
  EXPECT_EQ(only(p), "protections.short.trip: trip 300 A is not above the trip 350 A of ocd2");
  p = shipped();
  row(p, "occ1").delay_s = -1;
  EXPECT_EQ(only(p), "protections.occ1.delay: the delay is -1 s");
  p = shipped();
  row(p, "pack_ov").trip = 60;
  EXPECT_EQ(only(p), "protections.pack_ov.trip: trip 60 V does not fit 15 cells");
  p = shipped();
  row(p, "otc").id = "otcc";
  EXPECT_EQ(only(p), "protections.otcc: unknown protection 'otcc'");
  p = shipped();
  p.ocv_by_soc[3].second = 1.0;
  EXPECT_EQ(only(p), "ocv[3]: the point does not rise above the one before it");
}

TEST(BmsProfile, EqualLevelsAreNoOrder) {
  BmsProfile p = shipped();
  row(p, "otc").warn = row(p, "otc").trip;
  EXPECT_EQ(inconsistencies(p).size(), 1u);
}

TEST(PackProfile, TheShippedOneIsScaledTo100Ah) {
  const auto profile = std::get<PackProfile>(read_pack_profile(kLibrary / "packs/lfp-15s-100ah.yaml"));
  EXPECT_EQ(profile.pack.cells, 15);
  EXPECT_EQ(profile.capacity_Ah(), 100.0);
  EXPECT_EQ(profile.pack.cell.ocv_V.soc.size(), 201u);
  EXPECT_LT(profile.pack.cell.r0.charge_ohm.front(), 0.6 * 0.0025);  // 0.0535 ohm * 3 / 100
  EXPECT_EQ(profile.sensing.cell_lsb_V, 154e-6);
  EXPECT_EQ(profile.plant.precharge_ohm, 30.0);
}

TEST(ProfileSearch, LooksUpwardsThenInTheDataFolder) {
  const auto upwards = find_profile("packs", "lfp-15s-100ah", kLibrary / "cells/lfp_sony26650", "", {}, "");
  EXPECT_EQ(std::get<fs::path>(upwards), kLibrary / "packs/lfp-15s-100ah.yaml");
  const auto data = find_profile("bms", "lfp-15s-100ah", "/", kLibrary, {}, "");
  EXPECT_EQ(std::get<fs::path>(data), kLibrary / "bms/lfp-15s-100ah.yaml");
  const auto none = find_profile("bms", "lfp-15s-100a", "/", kLibrary, {"f", 1, 2}, "bms.profile");
  EXPECT_EQ(
      std::get<Problem>(none).text(),
      "f:1:2: bms.profile: there is no profile 'lfp-15s-100a' (expected lfp-15s-100ah; did you mean 'lfp-15s-100ah'?)");
}

TEST(ProfileSearch, EnvironmentNamesTheDataFolder) {
  setenv("PACKBENCH_DATA", "/elsewhere", 1);
  EXPECT_EQ(default_data_dir(), "/elsewhere");
  unsetenv("PACKBENCH_DATA");
  EXPECT_EQ(default_data_dir(), kLibrary);
}

TEST(CurrentTable, ReadsCommentsHeaderAndValues) {
  const auto table = std::get<CurrentTable>(read_current_table(kLibrary / "profiles/us06/pybamm_US06.csv"));
  EXPECT_EQ(table.time_s.size(), 601u);
  EXPECT_EQ(table.time_s.back(), 600.0);
  EXPECT_EQ(table.value.front(), 0.012859);
}

// FIPS 180-2, appendix B.1
TEST(FileBytes, Sha256OfAbc) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace
}  // namespace packbench::sim
