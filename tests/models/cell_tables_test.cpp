#include "sim/language/cell_tables.h"

#include <gmock/gmock.h>

#include <fstream>
#include <string>

#include "cells.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

// A folder of small valid tables, one of which a test may overwrite.
class CellTables : public testing::Test {
 protected:
  CellTables() : folder_(fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name()) {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    write("x_OCV.csv", "SOC,OCV\n0.0,3.0\n1.0,3.5\n");
    write(
        "x_Rint.csv",
        "SOC,Temp,R_Ch(T=10),R_Ch(T=25),R_DCh(T=10),R_DCh(T=25)\n0,10,0.04,0.03,0.06,0.05\n1,25,0.04,0.03,0.06,0.05\n");
  }
  ~CellTables() override { fs::remove_all(folder_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }
  auto read() { return read_cell_tables(folder_, 3.0, 100.0, problems_); }
  // The one problem, "line:column: what (expected)".
  std::string only_problem() {
    EXPECT_FALSE(read().has_value());
    if (problems_.size() != 1) return std::to_string(problems_.size()) + " problems";
    const Problem& p = problems_.front();
    return std::to_string(p.mark.line) + ":" + std::to_string(p.mark.column) + ": " + p.what + " (" + p.expected + ")";
  }

  fs::path folder_;
  Problems problems_;
};

TEST(SonyTables, AreReadAndScaledToOneHundredAmpereHours) {
  const models::CellParameters cell = models::test::sony_cell();
  EXPECT_EQ(cell.ocv_V.soc.size(), 201u);
  EXPECT_EQ(cell.ocv_V.value.front(), 2.28619131438583);
  EXPECT_EQ(cell.hysteresis_V.value.size(), 101u);
  EXPECT_EQ(cell.entropy_V_per_K.value.back(), 0.0001180685714285);
  EXPECT_THAT(cell.r0.temperature_degC, ElementsAre(10, 25, 40, 60));
  ASSERT_EQ(cell.pairs.size(), 2u);
  EXPECT_DOUBLE_EQ(cell.r0.charge_ohm[5 * 4 + 1], 0.6 * 0.044767041 * 0.03);
  EXPECT_DOUBLE_EQ(cell.pairs[1].resistance.discharge_ohm[10 * 4 + 3], 0.2 * 0.033978319 * 0.03);
}

TEST_F(CellTables, MayLackHysteresisAndEntropy) {
  const auto cell = read();
  ASSERT_TRUE(cell.has_value());
  EXPECT_TRUE(cell->hysteresis_V.soc.empty());
  EXPECT_TRUE(cell->entropy_V_per_K.soc.empty());
}

TEST_F(CellTables, AcceptWindowsLineEndsAndByteOrderMark) {
  write("x_OCV.csv", "\xEF\xBB\xBFSOC,OCV\r\n0.0, 3.0\r\n1.0, 3.5\r\n\r\n");
  EXPECT_TRUE(read().has_value());
}

TEST_F(CellTables, NameAMissingFolder) {
  Problems problems;
  EXPECT_FALSE(read_cell_tables(folder_ / "nowhere", 3, 100, problems).has_value());
  EXPECT_THAT(problems, ElementsAre(Field(&Problem::what, HasSubstr("no such folder"))));
}

TEST_F(CellTables, NameAMissingTable) {
  fs::remove(folder_ / "x_Rint.csv");
  EXPECT_EQ(only_problem(), "0:0: no file ends in 'Rint.csv' (a table of this kind)");
}

TEST_F(CellTables, PointAtAWordThatIsNoNumber) {
  write("x_OCV.csv", "SOC,OCV\n0.0,3.0\n0.5, high\n1.0,3.5\n");
  EXPECT_EQ(only_problem(), "3:6: 'high' is not a number (a decimal number)");
}

TEST_F(CellTables, PointAtARowOfAnotherLength) {
  write("x_OCV.csv", "SOC,OCV\n0.0,3.0\n0.5\n1.0,3.5\n");
  EXPECT_EQ(only_problem(), "3:1: the row has 1 columns (2 as in the header)");
}

TEST_F(CellTables, PointAtAnSocThatDoesNotRise) {
  write("x_OCV.csv", "SOC,OCV\n0.0,3.0\n0.0,3.1\n1.0,3.5\n");
  EXPECT_EQ(only_problem(), "3:1: the SOC does not rise (strictly rising SOC)");
}

TEST_F(CellTables, PointAtATemperatureThatDiffersFromTheHeader) {
  write("x_Rint.csv", "SOC,Temp,R_Ch(T=10),R_DCh(T=10)\n0,15,0.04,0.06\n1,,0.04,0.06\n");
  EXPECT_THAT(only_problem(), HasSubstr("2:3: the temperature '15' differs from the header"));
}

TEST_F(CellTables, PointAtAnUnknownColumn) {
  write("x_Rint.csv", "SOC,Temp,R_Ch(T=10),R_DCh(T=10),R(T=25)\n0,10,0.04,0.06,1\n1,,0.04,0.06,1\n");
  EXPECT_THAT(only_problem(), HasSubstr("1:33: unknown column 'R(T=25)'"));
}

TEST_F(CellTables, NameEveryProblemAtOnce) {
  write("x_OCV.csv", "SOC,OCV\n0.1,a\n1.0,b\n");
  write("x_entropy.csv", "SOC,S\n0.0,c\n1.0,0\n");
  EXPECT_FALSE(read().has_value());
  EXPECT_EQ(problems_.size(), 4u);
}

TEST_F(CellTables, RefuseAFallingOcv) {
  write("x_OCV.csv", "SOC,OCV\n0.0,3.0\n1.0,2.5\n");
  EXPECT_THAT(only_problem(), HasSubstr("OCV must never fall"));
}

}  // namespace
}  // namespace packbench::sim
