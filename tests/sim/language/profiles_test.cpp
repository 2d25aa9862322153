#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>

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

TEST(BmsProfile, EachBrokenWatchRuleIsNamed) {
  BmsProfile p = shipped();
  p.watch.plateau_high_V = 3.1;
  EXPECT_EQ(only(p), "watch.plateau_high: 3.1 V is not above plateau_low");
  p = shipped();
  p.watch.still_current_A = 20;
  EXPECT_EQ(only(p), "watch.still_current: 20 A is not below step_current");
  p = shipped();
  p.watch.still_voltage_V = 0.015;
  EXPECT_EQ(only(p), "watch.still_voltage: 0.015 V is not below step_voltage");
  p = shipped();
  p.watch.runaway_time_s = 0;
  EXPECT_EQ(only(p), "watch.runaway_time: the value is 0 s");
  p = shipped();
  p.watch.weld_current_A = 0;
  EXPECT_EQ(only(p), "watch.weld_current: the value is 0 A");
  p = shipped();
  p.watch.fuse_wait_s = 0.1;
  EXPECT_EQ(only(p), "watch.fuse_wait: 0.1 s is shorter than zero_current_wait");
  p = shipped();
  p.watch.imbalance_loaded_warn_V = 1.0;
  EXPECT_EQ(only(p), "watch.imbalance_loaded_warn: 1 V is not below the trip of imbalance");
  p = shipped();
  row(p, "imbalance").warn_delay_s = -1;
  EXPECT_EQ(only(p), "protections.imbalance.warn_delay: the delay is -1 s");
}

TEST(BmsProfile, WarningLevelsExceedTheErrorsOfTheSensors) {
  for (const char* name : {"lfp-15s-100ah", "lfp-16s-100ah", "na-ion-15s"}) {
    const auto bms = std::get<BmsProfile>(read_bms_profile(kLibrary / "bms" / (std::string(name) + ".yaml")));
    const auto pack = std::get<PackProfile>(read_pack_profile(kLibrary / "packs" / (std::string(name) + ".yaml")));
    const double full_V = bms.find("pack_ov")->trip, cell_V = bms.find("cell_ov")->trip;
    const auto& s = pack.sensing;
    const double channel_V = s.cell_offset_clip_V + s.cell_gain_clip * cell_V;
    const double sum_V = full_V * s.pack_gain_max + 4 * s.pack_noise_V + bms.cells * channel_V;
    EXPECT_LT(sum_V, bms.find("sum_mismatch")->warn) << name;
    EXPECT_LT(2 * channel_V + 8 * s.cell_noise_V, bms.find("imbalance")->warn) << name;
    EXPECT_LT(2 * s.temperature_tolerance_K + 8 * s.temperature_noise_K, bms.find("t_spread")->warn) << name;
    EXPECT_LT(8 * std::sqrt(2.0) * s.cell_noise_V + s.cell_lsb_V, bms.watch.still_voltage_V) << name;
    EXPECT_LT(8 * std::sqrt(2.0) * s.current_noise_A, bms.watch.still_current_A) << name;
    EXPECT_LT(8 * std::sqrt(2.0) * s.temperature_noise_K, bms.watch.runaway_rise_K) << name;
    EXPECT_LT(s.current_offset_max_A + 8 * s.current_noise_A, bms.watch.weld_current_A) << name;
  }
}

TEST(BmsProfile, EqualLevelsAreNoOrder) {
  BmsProfile p = shipped();
  row(p, "otc").warn = row(p, "otc").trip;
  EXPECT_EQ(inconsistencies(p).size(), 1u);
}

TEST(PackProfile, TheShippedOneIsScaledTo100Ah) {
  const auto profile = std::get<PackProfile>(read_pack_profile(kLibrary / "packs/lfp-15s-100ah.yaml"));
  EXPECT_EQ(profile.pack.cells, 15);
  EXPECT_EQ(profile.pack.parallel, 1);
  EXPECT_EQ(profile.capacity_Ah(), 100.0);
  EXPECT_EQ(profile.pack.cell.ocv_V.soc.size(), 201u);
  EXPECT_DOUBLE_EQ(profile.pack.cell.r0.charge_ohm.front(), 0.053553148 * 0.6 * 3 / 100);
  EXPECT_EQ(profile.pack.cell.mass_kg, 1.95);
  EXPECT_EQ(profile.charge_voltage_V, 54.0);
  EXPECT_EQ(profile.sensing.cell_lsb_V, 154e-6);
  EXPECT_EQ(profile.plant.precharge_ohm, 30.0);
}

// Writes packs beside a small cell of 2 Ah, 0.1 kg, 0.5 W/K, up to 3.5 V.
class Packs : public testing::Test {
 protected:
  Packs() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "cell.yaml")
        << "{cell: small, chemistry: none, source: ours, licence: none, capacity: 2 Ah, voltage: [3.0 V, 3.5 V],\n"
           "thermal: {mass_kg: 0.1, specific_heat_J_per_kgK: 1000, core_surface_W_per_K: 0.5},\n"
           "self_discharge: 10 kohm, ocv: {soc: [0, 1], middle_V: [3.0, 3.4]},\n"
           "resistance: {r0: {soc: [0, 1], temperature_degC: [25], ohm: [[0.01], [0.01]]}}}\n";
  }
  ~Packs() override { fs::remove_all(folder_); }
  PackProfile read(const std::string& text) {
    std::ofstream(folder_ / "pack.yaml") << "pack_profile: pack\ncells: 10\n" << text;
    return std::get<PackProfile>(read_pack_profile(folder_ / "pack.yaml"));
  }
  fs::path folder_;
};

TEST_F(Packs, WithoutACapacityHaveTheCellAsItWasMeasured) {
  const PackProfile pack = read("cell: {file: cell.yaml}\n");
  EXPECT_EQ(pack.capacity_Ah(), 2.0);
  EXPECT_EQ(pack.pack.cell.mass_kg, 0.1);
  EXPECT_EQ(pack.pack.cell.core_surface_W_per_K, 0.5);
  EXPECT_EQ(pack.pack.cell.r0.charge_ohm.front(), 0.01);
  EXPECT_EQ(pack.charge_voltage_V, 35.0);
}

TEST_F(Packs, ScaleEverythingOfTheCellAsCellsInParallel) {
  const models::CellParameters cell = read("cell: {file: cell.yaml, capacity: 20 Ah}\n").pack.cell;
  EXPECT_DOUBLE_EQ(cell.mass_kg, 1.0);
  EXPECT_DOUBLE_EQ(cell.core_surface_W_per_K, 5.0);
  EXPECT_DOUBLE_EQ(cell.self_discharge_ohm, 1000.0);
  EXPECT_DOUBLE_EQ(cell.r0.charge_ohm.front(), 0.001);
}

TEST_F(Packs, OverrideWhatTheySay) {
  const PackProfile pack = read(
      "parallel: 3\n"
      "cell: {file: cell.yaml, capacity: 20 Ah, mass_kg: 0.7, specific_heat_J_per_kgK: 900, surface_share: 20 %, "
      "core_surface_W_per_K: 3, self_discharge: 2 kohm, coulomb_efficiency: 99 %}\n"
      "joint: 0.2 mohm\nthermal: {coolant_W_per_K: 2}\nlimits: {charge_voltage: 34 V}\n");
  EXPECT_EQ(pack.capacity_Ah(), 60.0);
  EXPECT_EQ(pack.pack.parallel, 3);
  EXPECT_EQ(pack.pack.joint_ohm, 0.0002);
  EXPECT_EQ(pack.pack.coolant_W_per_K, 2.0);
  EXPECT_EQ(pack.charge_voltage_V, 34.0);
  const models::CellParameters& cell = pack.pack.cell;
  EXPECT_EQ(cell.mass_kg, 0.7);
  EXPECT_EQ(cell.specific_heat_J_per_kgK, 900.0);
  EXPECT_EQ(cell.surface_share, 0.2);
  EXPECT_EQ(cell.core_surface_W_per_K, 3.0);
  EXPECT_EQ(cell.self_discharge_ohm, 2000.0);
  EXPECT_EQ(cell.coulomb_efficiency, 0.99);
}

TEST_F(Packs, HashCoversTheCellFile) {
  const std::string before = read("cell: {file: cell.yaml}\n").sha256;
  EXPECT_EQ(read("cell: {file: cell.yaml}\n").sha256, before);
  std::ofstream(folder_ / "cell.yaml", std::ios::app) << "# another byte\n";
  EXPECT_NE(read("cell: {file: cell.yaml}\n").sha256, before);
}

TEST(ProfileSearch, LooksUpwardsThenInTheDataFolder) {
  const auto upwards = find_profile("packs", "lfp-15s-100ah", kLibrary / "cells/lfp_sony26650", "", {}, "");
  EXPECT_EQ(std::get<fs::path>(upwards), kLibrary / "packs/lfp-15s-100ah.yaml");
  const auto data = find_profile("bms", "lfp-15s-100ah", "/", kLibrary, {}, "");
  EXPECT_EQ(std::get<fs::path>(data), kLibrary / "bms/lfp-15s-100ah.yaml");
  const auto none = find_profile("bms", "lfp-15s-100a", "/", kLibrary, {"f", 1, 2}, "bms.profile");
  EXPECT_EQ(std::get<Problem>(none).text(),
            "f:1:2: bms.profile: there is no profile 'lfp-15s-100a' (expected one of lfp-15s-100ah, lfp-16s-100ah, "
            "na-ion-15s; "
            "did you mean 'lfp-15s-100ah'?)");
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
