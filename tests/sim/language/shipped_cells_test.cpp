// Laws that hold for every cell and every pack of the library. A new cell or pack is under them by lying there.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "models/pack.h"
#include "sim/language/bms_profile_reader.h"
#include "sim/language/cell_file_reader.h"
#include "sim/language/pack_profile_reader.h"
#include "sim/language/profile_set.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(ProfileKind kind, const fs::path& folder = SCENARIOS_DIR) {
  std::vector<fs::path> out;
  for (const ProfileEntry& profile : find_profiles({folder}))
    if (profile.kind == kind) out.push_back(profile.file);
  return out;
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  const fs::path& file = info.param;
  std::string name = file.filename() == "cell.yaml" ? file.parent_path().filename().string() : file.stem().string();
  std::ranges::replace(name, '-', '_');
  return name;
}

double at(const models::Curve& curve, double soc) {
  if (curve.soc.empty()) return 0;
  const auto above = std::ranges::upper_bound(curve.soc, soc);
  if (above == curve.soc.end()) return curve.value.back();
  const auto i = static_cast<std::size_t>(std::max<std::ptrdiff_t>(above - curve.soc.begin(), 1));
  const double share = (soc - curve.soc[i - 1]) / (curve.soc[i] - curve.soc[i - 1]);
  return curve.value[i - 1] + share * (curve.value[i] - curve.value[i - 1]);
}

class ShippedCell : public testing::TestWithParam<fs::path> {
 protected:
  CellFile file() const { return std::get<CellFile>(read_cell_file(GetParam())); }
};

class ShippedPack : public testing::TestWithParam<fs::path> {
 protected:
  PackProfile profile() const { return std::get<PackProfile>(read_pack_profile(GetParam())); }
};

// A pack that a BMS is to keep: those of scenarios/packs. The ones beside a scenario of abuse go beyond these laws.
class PackToUse : public ShippedPack {};

models::PackParameters alone(const models::CellParameters& cell) {
  models::PackParameters out;
  out.cells = 1;
  out.cell = cell;
  out.spread = {0, 0, 0};
  out.ambient_W_per_K = 1e3 * cell.mass_kg;  // kept at the ambient temperature
  return out;
}

double voltage_V(const models::Pack& pack, const models::PackState& state, double current_A,
                 Eigen::Index position = 0) {
  Eigen::ArrayXd out;
  pack.cell_voltage(state, {&current_A, 1}, {}, out);
  return out[position];
}

TEST_P(ShippedCell, SaysWhereItComesFromAndBringsItsLicence) {
  const CellFile cell = file();
  EXPECT_FALSE(cell.provenance.at("").source.empty());
  EXPECT_FALSE(cell.provenance.at("").licence.empty());
  EXPECT_FALSE(cell.description.empty());
  EXPECT_TRUE(fs::is_regular_file(GetParam().parent_path() / "LICENSE"));
  EXPECT_TRUE(fs::is_regular_file(GetParam().parent_path() / "SOURCE.md"));
}

TEST_P(ShippedCell, StatesWhereItIsValid) {
  const models::Validity validity = file().cell.validity;
  EXPECT_GT(validity.min_degC, -60);
  EXPECT_LT(validity.max_degC, 100);
  EXPECT_LT(validity.max_charge_C, 20);
  EXPECT_LT(validity.max_discharge_C, 20);
}

TEST_P(ShippedCell, ChargeBranchIsAboveDischargeBranchAndBothRise) {
  const models::CellParameters cell = file().cell;
  double charge_V = 0, discharge_V = 0;
  for (int i = 0; i <= 1000; ++i) {
    const double soc = i / 1000.0, ocv_V = at(cell.ocv_V, soc), gap_V = at(cell.hysteresis_V, soc);
    EXPECT_GE(gap_V, 0) << soc;
    EXPECT_GE(ocv_V + gap_V / 2, charge_V) << soc;
    EXPECT_GE(ocv_V - gap_V / 2, discharge_V) << soc;
    charge_V = ocv_V + gap_V / 2;
    discharge_V = ocv_V - gap_V / 2;
  }
}

TEST_P(ShippedCell, OpenCircuitVoltageOfAFullCellIsInsideItsVoltages) {
  const CellFile cell = file();
  EXPECT_GE(cell.cell.ocv_V.value.front(), cell.lowest_V);
  EXPECT_LE(cell.cell.ocv_V.value.back(), cell.highest_V);
}

void expect_falling_with_temperature(const models::ResistanceMap& map) {
  const std::size_t columns = map.temperature_degC.size();
  for (const auto* side : {&map.charge_ohm, &map.discharge_ohm})
    for (std::size_t k = 0; k < side->size(); ++k) {
      EXPECT_GT((*side)[k], 0);
      if (k % columns > 0) {
        EXPECT_LT((*side)[k], (*side)[k - 1]) << "row " << k / columns;
      }
    }
}

TEST_P(ShippedCell, ResistanceIsPositiveAndFallsWithTemperature) {
  const models::CellParameters cell = file().cell;
  expect_falling_with_temperature(cell.r0);
  for (const models::RcPair& pair : cell.pairs) expect_falling_with_temperature(pair.resistance);
}

TEST_P(ShippedCell, ColdIsNeverBetterThanWarmOutsideTheMeasuredTemperatures) {
  const models::Pack pack(alone(file().cell));
  for (const double soc : {0.1, 0.5, 0.9}) {
    double last_ohm = 1e9;
    for (const double degC : {-40.0, -20.0, 0.0, 20.0, 40.0, 60.0, 80.0}) {
      const models::PackState state = pack.initial_state(soc, degC, 1);
      const double ohm = (voltage_V(pack, state, 1) - voltage_V(pack, state, -1)) / 2;
      EXPECT_LT(ohm, last_ohm) << soc << " " << degC;
      last_ohm = ohm;
    }
  }
}

// Charge in Ah until the voltage leaves the cell's range, at a current that is held.
double charge_until_limit_Ah(const CellFile& cell, double soc, double current_A) {
  constexpr double kStep_s = 20;
  const models::Pack pack(alone(cell.cell));
  models::PackState state = pack.initial_state(soc, 25, 1);
  const models::Surroundings surroundings;
  double moved_Ah = 0;
  while (moved_Ah < 2 * cell.cell.capacity_Ah) {
    const double now_V = voltage_V(pack, state, current_A);
    if (current_A > 0 ? now_V >= cell.highest_V : now_V <= cell.lowest_V) break;
    pack.step(state, {&current_A, 1}, {}, surroundings, kStep_s);
    moved_Ah += std::abs(current_A) * kStep_s / 3600;
  }
  return moved_Ah;
}

// 1 %, ours: what is asked of a nominal capacity.
TEST_P(ShippedCell, GivesItsCapacityAtCOver20) {
  const CellFile cell = file();
  const double Q_Ah = cell.cell.capacity_Ah;
  EXPECT_NEAR(charge_until_limit_Ah(cell, 1, -Q_Ah / 20), Q_Ah, 0.01 * Q_Ah);
}

// 1.5 %, ours: a charge at constant current ends when R i and half the gap reach the limit, before the cell is full
// (1.2 % for NMC and Na-ion); the constant voltage that would fill it is not part of this.
TEST_P(ShippedCell, TakesItsCapacityAtCOver20) {
  const CellFile cell = file();
  const double Q_Ah = cell.cell.capacity_Ah;
  EXPECT_NEAR(charge_until_limit_Ah(cell, 0, Q_Ah / 20), Q_Ah, 0.015 * Q_Ah);
}

TEST_P(ShippedCell, ScalingKeepsTheVoltageAtTheSameRate) {
  const models::CellParameters small = file().cell;
  const double ratio = 100 / small.capacity_Ah;
  const models::CellParameters large = models::scaled_to(small, 100);
  const models::Pack a(alone(small)), b(alone(large));
  models::PackState of_a = a.initial_state(0.5, 25, 1), of_b = b.initial_state(0.5, 25, 1);
  const double current_a = -small.capacity_Ah / 5, current_b = current_a * ratio;
  EXPECT_NEAR(voltage_V(a, of_a, current_a), voltage_V(b, of_b, current_b), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Library, ShippedCell, testing::ValuesIn(files_of(ProfileKind::cell)), test_name);

TEST_P(ShippedPack, IsNamedAsItsFile) { EXPECT_EQ(profile().name, GetParam().stem().string()); }

TEST_P(PackToUse, HasABmsProfileForItsCells) {
  const PackProfile pack = profile();
  const auto all = find_profiles({fs::path(SCENARIOS_DIR) / "bms"});
  EXPECT_TRUE(std::ranges::any_of(all, [&](const ProfileEntry& entry) {
    const auto bms = std::get<BmsProfile>(read_bms_profile(entry.file));
    const double full_V = bms.find("cell_ov")->trip, empty_V = bms.find("cell_uv")->trip;
    return bms.cells == pack.pack.cells &&
           std::abs(bms.capacity_Ah - pack.capacity_Ah()) <= 0.02 * pack.capacity_Ah() &&
           pack.charge_voltage_V < full_V * bms.cells && pack.cell_file.cell.ocv_V.value.front() < empty_V + 0.5;
  })) << "no BMS profile fits";
}

TEST_P(PackToUse, ChargesAndDischargesInsideItsLimits) {
  const PackProfile profile = this->profile();
  const models::Pack pack(profile.pack);
  models::PackState state = pack.initial_state(0.5, 25, 7);
  const models::Surroundings surroundings;
  for (const double current_A : {-profile.max_discharge_A / 2, profile.max_charge_A / 2}) {
    for (int minute = 0; minute < 30; ++minute) pack.step(state, {&current_A, 1}, {}, surroundings, 60);
    for (Eigen::Index i = 0; i < profile.pack.cells; ++i) {
      EXPECT_GT(voltage_V(pack, state, current_A, i), profile.cell_file.lowest_V);
      EXPECT_LT(voltage_V(pack, state, current_A, i), profile.cell_file.highest_V);
    }
    EXPECT_LT(state.core_degC.maxCoeff(), 45);
    EXPECT_GE(state.core_degC.minCoeff(), 24);
  }
}

TEST_P(ShippedPack, ChargeVoltageFillsTheCellsAndNoMore) {
  const PackProfile pack = profile();
  const double each_V = pack.charge_voltage_V / pack.pack.cells;
  EXPECT_LE(each_V, pack.cell_file.highest_V);
  EXPECT_GE(each_V, pack.cell_file.cell.ocv_V.value.back());
}

INSTANTIATE_TEST_SUITE_P(Library, ShippedPack, testing::ValuesIn(files_of(ProfileKind::pack)), test_name);
INSTANTIATE_TEST_SUITE_P(Library, PackToUse,
                         testing::ValuesIn(files_of(ProfileKind::pack, fs::path(SCENARIOS_DIR) / "packs")), test_name);

// 33 measured cells side by side behave as one cell of 99 Ah that is scaled from the same file.
TEST(ParallelPack, OfEqualCellsIsThePackOfScaledCells) {
  PackProfile profile =
      std::get<PackProfile>(read_pack_profile(fs::path(SCENARIOS_DIR) / "packs/lfp-15s33p-99ah.yaml"));
  profile.pack.spread = {0, 0, 0};
  profile.pack.joint_ohm = 0;
  profile.pack.neighbour_W_per_K = 0;
  models::PackParameters scaled = profile.pack;
  scaled.parallel = 1;
  scaled.cell = models::scaled_to(profile.pack.cell, 99);
  scaled.cell.mass_kg *= 33;
  scaled.cell.core_surface_W_per_K *= 33;
  scaled.ambient_W_per_K *= 33;
  const models::Pack of_groups(profile.pack), of_cells(scaled);
  models::PackState a = of_groups.initial_state(0.6, 25, 1), b = of_cells.initial_state(0.6, 25, 1);
  const models::Surroundings surroundings;
  const double current_A = -50;
  for (int i = 0; i < 600; ++i) {
    of_groups.step(a, {&current_A, 1}, {}, surroundings, 1);
    of_cells.step(b, {&current_A, 1}, {}, surroundings, 1);
  }
  // The same equations with sums in another order: 600 steps of rounding.
  EXPECT_NEAR(voltage_V(of_groups, a, current_A), voltage_V(of_cells, b, current_A), 1e-6);
  EXPECT_NEAR(a.soc[0], b.soc[0], 1e-9);
  EXPECT_NEAR(a.core_degC[0], b.core_degC[0], 1e-6);
}

}  // namespace
}  // namespace packbench::sim
