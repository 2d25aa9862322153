#include "sim/language/cell_file_writer.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>

#include "sim/language/cell_file_reader.h"

namespace packbench::sim {
namespace {

namespace fs = std::filesystem;

CellFile read(const fs::path& path) {
  auto file = read_cell_file(path);
  if (const auto* problems = std::get_if<Problems>(&file)) throw std::runtime_error(problems->front().what);
  return std::get<CellFile>(std::move(file));
}

void expect_same(const models::ResistanceMap& a, const models::ResistanceMap& b) {
  EXPECT_EQ(a.soc, b.soc);
  EXPECT_EQ(a.temperature_degC, b.temperature_degC);
  EXPECT_EQ(a.charge_ohm, b.charge_ohm);
  EXPECT_EQ(a.discharge_ohm, b.discharge_ohm);
}

void expect_same(const models::CellParameters& a, const models::CellParameters& b) {
  EXPECT_EQ(a.name, b.name);
  EXPECT_EQ(a.capacity_Ah, b.capacity_Ah);
  for (const auto curve : {&models::CellParameters::ocv_V, &models::CellParameters::hysteresis_V,
                           &models::CellParameters::entropy_V_per_K}) {
    EXPECT_EQ((a.*curve).soc, (b.*curve).soc);
    EXPECT_EQ((a.*curve).value, (b.*curve).value);
  }
  expect_same(a.r0, b.r0);
  ASSERT_EQ(a.pairs.size(), b.pairs.size());
  for (std::size_t k = 0; k < a.pairs.size(); ++k) {
    expect_same(a.pairs[k].resistance, b.pairs[k].resistance);
    EXPECT_EQ(a.pairs[k].tau_s, b.pairs[k].tau_s);
  }
  EXPECT_EQ(a.rate, b.rate);
  EXPECT_EQ(a.hysteresis_soc, b.hysteresis_soc);
  EXPECT_EQ(a.heat_capacity_J_per_K(), b.heat_capacity_J_per_K());
  EXPECT_EQ(a.validity.min_degC, b.validity.min_degC);
  EXPECT_EQ(a.validity.max_discharge_C, b.validity.max_discharge_C);
  EXPECT_EQ(a.runaway.reactions.size(), b.runaway.reactions.size());
}

class WrittenCell : public testing::TestWithParam<std::string> {};

TEST_P(WrittenCell, IsReadAsTheSameBitsTextsAndStandardErrors) {
  const CellFile before = read(fs::path(SCENARIOS_DIR) / "cells" / GetParam() / "cell.yaml");
  const fs::path copy = fs::path(testing::TempDir()) / (GetParam() + "-written.yaml");
  std::ofstream(copy) << cell_file_text(before);
  const CellFile after = read(copy);
  expect_same(before.cell, after.cell);
  EXPECT_EQ(before.sigma, after.sigma);
  EXPECT_EQ(before.provenance.at(""), after.provenance.at(""));
  EXPECT_EQ(cell_file_text(after), cell_file_text(before));
}

INSTANTIATE_TEST_SUITE_P(Library, WrittenCell,
                         testing::Values("lfp_sony26650", "nmc_lgm50", "na_ion_nvpf_hc", "leaf_2013", "synthetic_ecm"),
                         [](const auto& cell) { return cell.param; });

}  // namespace
}  // namespace packbench::sim
