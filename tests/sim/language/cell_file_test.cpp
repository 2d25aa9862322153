#include "sim/language/cell_file_reader.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "models/ageing.h"
#include "models/reactions.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHead = R"(cell: small
chemistry: none
source: ours
licence: none
capacity: 2 Ah
voltage: [3.0 V, 3.5 V]
thermal: {mass_kg: 0.1, specific_heat_J_per_kgK: 1000}
)";
constexpr const char* kOcv = "ocv: {soc: [0, 1], middle_V: [3.0, 3.5]}\n";
constexpr const char* kResistance =
    "resistance: {r0: {soc: [0, 1], temperature_degC: [10, 25], ohm: [[0.02, 0.01], [0.04, 0.03]]}}\n";

// A folder of its own for each test.
class CellFiles : public testing::Test {
 protected:
  CellFiles() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~CellFiles() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  CellFile read(const std::string& text) {
    write("cell.yaml", text);
    auto out = read_cell_file(folder_ / "cell.yaml");
    if (const auto* problems = std::get_if<Problems>(&out)) throw std::runtime_error(problems->front().text());
    return std::get<CellFile>(std::move(out));
  }
  std::string problems(const std::string& text) {
    write("cell.yaml", text);
    const auto read = read_cell_file(folder_ / "cell.yaml");
    std::string out;
    for (const Problem& problem : std::get<Problems>(read))
      out += problem.text().substr(folder_.string().size() + 1) + "\n";
    return out;
  }

  fs::path folder_;
};

TEST(SonyCell, TablesAndSharesAreThoseOfItsFiles) {
  const auto file = std::get<CellFile>(read_cell_file(fs::path(SCENARIOS_DIR) / "cells/lfp_sony26650/cell.yaml"));
  const models::CellParameters& cell = file.cell;
  EXPECT_EQ(cell.capacity_Ah, 3.0);
  EXPECT_EQ(cell.ocv_V.soc.size(), 201u);
  EXPECT_EQ(cell.ocv_V.value.front(), 2.28619131438583);
  EXPECT_EQ(cell.hysteresis_V.value.size(), 101u);
  EXPECT_EQ(cell.entropy_V_per_K.value.back(), 0.0001180685714285);
  EXPECT_EQ(cell.r0.temperature_degC, (std::vector<double>{10, 25, 40}));
  EXPECT_EQ(cell.r0.charge_ohm[5 * 3 + 1], 0.044767040999999994 * 0.6);
  ASSERT_EQ(cell.pairs.size(), 2u);
  EXPECT_EQ(cell.pairs[1].resistance.discharge_ohm[10 * 3 + 2], 0.033978319 * 0.2);
  EXPECT_EQ(cell.pairs[1].tau_s, 300.0);
  EXPECT_EQ(cell.validity.max_degC, 40.0);
}

TEST(SonyCell, AgesAndRunsAwayByThePublishedConstants) {
  const auto file = std::get<CellFile>(read_cell_file(fs::path(SCENARIOS_DIR) / "cells/lfp_sony26650/cell.yaml"));
  const models::AgeingParameters &read = file.cell.ageing, published = models::naumann_sony_us26650();
  EXPECT_EQ(read.calendar_loss_per_sqrt_s, published.calendar_loss_per_sqrt_s);
  EXPECT_EQ(read.calendar_rise_soc_square, published.calendar_rise_soc_square);
  EXPECT_EQ(read.cycle_loss_rate_slope_h, published.cycle_loss_rate_slope_h);
  EXPECT_EQ(read.cycle_rise_depth_level, published.cycle_rise_depth_level);
  const models::RunawayParameters runaway = models::runaway_lfp();
  ASSERT_EQ(file.cell.runaway.reactions.size(), runaway.reactions.size());
  for (std::size_t i = 0; i < runaway.reactions.size(); ++i) {
    EXPECT_DOUBLE_EQ(file.cell.runaway.reactions[i].heat_J_per_kg, runaway.reactions[i].heat_J_per_kg);
    EXPECT_DOUBLE_EQ(file.cell.runaway.reactions[i].frequency_per_s, runaway.reactions[i].frequency_per_s);
    EXPECT_EQ(file.cell.runaway.reactions[i].activation_J_per_mol, runaway.reactions[i].activation_J_per_mol);
    EXPECT_EQ(file.cell.runaway.reactions[i].inhibition, runaway.reactions[i].inhibition);
    EXPECT_EQ(file.cell.runaway.reactions[i].charge_share, runaway.reactions[i].charge_share);
  }
}

TEST_F(CellFiles, WithTheLeastKeysLeavesTheRestAtTheDefaults) {
  const CellFile file = read(std::string(kHead) + kOcv + kResistance);
  EXPECT_TRUE(file.cell.hysteresis_V.soc.empty());
  EXPECT_TRUE(file.cell.entropy_V_per_K.soc.empty());
  EXPECT_TRUE(file.cell.pairs.empty());
  EXPECT_FALSE(file.cell.activation_energy_J_per_mol.has_value());
  EXPECT_EQ(file.cell.surface_share, models::CellParameters{}.surface_share);
  EXPECT_EQ(file.lowest_V, 3.0);
  EXPECT_EQ(file.provenance.at("").licence, "none");
}

TEST_F(CellFiles, OneResistanceHoldsInBothDirections) {
  const CellFile file = read(std::string(kHead) + kOcv + kResistance);
  EXPECT_EQ(file.cell.r0.charge_ohm, (std::vector<double>{0.02, 0.01, 0.04, 0.03}));
  EXPECT_EQ(file.cell.r0.charge_ohm, file.cell.r0.discharge_ohm);
}

TEST_F(CellFiles, BothBranchesGiveTheirMiddleAndTheirGap) {
  const CellFile file = read(std::string(kHead) + kResistance +
                             "ocv: {soc: [0, 1], charge_V: [3.1, 3.5], discharge_V: [3.0, 3.25]}\n"
                             "hysteresis: {swing: 5 %}\n");
  EXPECT_EQ(file.cell.ocv_V.value, (std::vector<double>{(3.1 + 3.0) / 2, 3.375}));
  EXPECT_EQ(file.cell.hysteresis_V.value, (std::vector<double>{3.1 - 3.0, 0.25}));
  EXPECT_EQ(file.cell.hysteresis_V.soc, file.cell.ocv_V.soc);
  EXPECT_EQ(file.cell.hysteresis_soc, 0.05);
}

TEST_F(CellFiles, ColumnsOfACsvFileAreScaledAndCommentsSkipped) {
  write("t.csv", "\xEF\xBB\xBF# from the lab\r\nSOC in %,\"U\",note\r\n\r\n0, 3000,a\r\n50,3200,b\r\n100,3500,c\r\n");
  const CellFile file = read(std::string(kHead) + kResistance +
                             "ocv: {soc: {file: t.csv, column: SOC in %, scale: 0.01}, "
                             "middle_V: {file: t.csv, column: U, scale: 0.001}}\n");
  EXPECT_EQ(file.cell.ocv_V.soc, (std::vector<double>{0, 0.5, 1}));
  EXPECT_EQ(file.cell.ocv_V.value, (std::vector<double>{3.0, 3200 * 0.001, 3.5}));
}

TEST_F(CellFiles, TheHashCoversTheTablesBesideTheFile) {
  const std::string text =
      std::string(kHead) + kResistance + "ocv: {soc: [0, 1], middle_V: {file: t.csv, column: U}}\n";
  write("t.csv", "U\n3.0\n3.5\n");
  const std::string before = read(text).sha256;
  EXPECT_EQ(read(text).sha256, before);
  write("t.csv", "U\n3.0\n3.6\n");
  EXPECT_NE(read(text).sha256, before);
}

TEST_F(CellFiles, StandardErrorsAreKeptByThePathOfTheirValue) {
  const CellFile file =
      read(std::string(kHead) +
           "capacity_sigma: 0.01 Ah\n"
           "ocv: {soc: [0, 1], middle_V: [3.0, 3.5], middle_sigma_V: [0.001, 0.002]}\n"
           "resistance:\n"
           "  r0: {soc: [0, 1], temperature_degC: [25], charge_ohm: [[0.02], [0.01]], "
           "discharge_ohm: [[0.02], [0.01]], charge_sigma_ohm: [[0.0002], [1e-4]]}\n"
           "  pairs:\n"
           "    - {tau: 12 s, tau_sigma: 0.3 s, soc: [0, 1], temperature_degC: [25], ohm: [[1], [1]]}\n");
  EXPECT_EQ(file.sigma.at("capacity"), (std::vector<double>{0.01}));
  EXPECT_EQ(file.sigma.at("ocv.middle_V"), (std::vector<double>{0.001, 0.002}));
  EXPECT_EQ(file.sigma.at("resistance.r0.charge_ohm"), (std::vector<double>{0.0002, 1e-4}));
  EXPECT_EQ(file.sigma.at("resistance.pairs[0].tau"), (std::vector<double>{0.3}));
  EXPECT_EQ(file.sigma.size(), 4u);
}

TEST_F(CellFiles, ANumberKeepsEveryBit) {
  const CellFile file = read(std::string(kHead) + kResistance +
                             "ocv: {soc: [0, 0.1, 1], middle_V: [2.2861913143858301, 3.0000000000000004, 3.5]}\n");
  EXPECT_EQ(file.cell.ocv_V.value[0], 2.2861913143858301);
  EXPECT_EQ(file.cell.ocv_V.value[1], 3.0000000000000004);
}

TEST_F(CellFiles, ATableThatIsNotThereIsNamedWhereItIsAskedFor) {
  EXPECT_EQ(problems(std::string(kHead) + kResistance + "ocv: {soc: [0, 1], middle_V: {file: t.csv, column: U}}\n"),
            "cell.yaml:9:30: ocv.middle_V: file '" + (folder_ / "t.csv").string() +
                "' does not exist (expected a file that can be read)\n");
}

TEST_F(CellFiles, AProblemInATableIsNamedInTheTable) {
  write("t.csv", "SOC,U\n0,3.0\n0.5, high\n0.5,3.2\n1\n");
  EXPECT_EQ(problems(std::string(kHead) + kResistance +
                     "ocv: {soc: {file: t.csv, column: SOC}, middle_V: {file: t.csv, column: U}}\n"),
            "t.csv:3:6: ocv.middle_V: 'high' in the column 'U' is not a number (expected a decimal number)\n"
            "t.csv:4:1: ocv.soc[2]: 0.5 is not above 0.5 before it (expected strictly rising numbers)\n"
            "t.csv:5:1: ocv.middle_V: the row has no column 'U' (expected 2 columns as in the line of titles)\n");
}

TEST_F(CellFiles, AColumnThatIsNotThereIsNamedWithTheNearest) {
  write("t.csv", "SOC,OCV\n0,3.0\n1,3.5\n");
  EXPECT_EQ(
      problems(std::string(kHead) + kResistance +
               "ocv: {soc: {file: t.csv, column: SOC}, middle_V: {file: t.csv, column: OVC}}\n"),
      "cell.yaml:9:50: ocv.middle_V: the file 't.csv' has no column 'OVC' (expected one of SOC, OCV; did you mean "
      "'OCV'?)\n");
}

}  // namespace
}  // namespace packbench::sim
