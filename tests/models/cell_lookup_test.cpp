#include "models/cell_lookup.h"

#include <gtest/gtest.h>

#include <cmath>

#include "cells.h"

namespace packbench::models {
namespace {

using test::plain_cell;
using test::sony_cell;

CellLookup::Point at(const CellLookup& lookup, double soc, double degC = 25.0,
                     Direction direction = Direction::charge) {
  return lookup.at(soc, degC, direction);
}

// A table's SOC and the grid's may differ by an ulp of 1, which the steepest slope (80 V per unit SOC) turns into 2e-14
// V.
TEST(CellLookup, MeetsTheOcvTableAtEveryPoint) {
  const CellParameters cell = sony_cell();
  const CellLookup lookup(cell);
  ASSERT_EQ(cell.ocv_V.soc.size(), 201u);
  for (std::size_t i = 0; i < 201; ++i) EXPECT_NEAR(at(lookup, cell.ocv_V.soc[i]).ocv_V, cell.ocv_V.value[i], 2e-14);
}

TEST(CellLookup, IsLinearBetweenTablePoints) {
  const CellParameters cell = sony_cell();
  const CellLookup lookup(cell);
  for (std::size_t i = 0; i + 1 < 201; ++i) {
    const double soc = 0.75 * cell.ocv_V.soc[i] + 0.25 * cell.ocv_V.soc[i + 1];
    EXPECT_NEAR(at(lookup, soc).ocv_V, 0.75 * cell.ocv_V.value[i] + 0.25 * cell.ocv_V.value[i + 1], 2e-14);
  }
}

TEST(CellLookup, ContinuesTheOcvWithItsEndSlopesWithinZeroToFiveVolt) {
  CellParameters cell = plain_cell();
  cell.ocv_V = {{0, 0.5, 1}, {2.0, 3.0, 3.5}};
  const CellLookup lookup(cell);
  EXPECT_NEAR(at(lookup, -0.1).ocv_V, 1.8, 1e-14);
  EXPECT_NEAR(at(lookup, 1.2).ocv_V, 3.7, 1e-14);
  EXPECT_EQ(at(lookup, -50).ocv_V, 0.0);
  EXPECT_EQ(at(lookup, 50).ocv_V, 5.0);
}

TEST(CellLookup, NeverFallsOverSoc) {
  const CellLookup lookup(sony_cell());
  double before = 0;
  for (double soc = -0.05; soc < 1.1; soc += 1e-4) {
    const double now = at(lookup, soc).ocv_V;
    ASSERT_GE(now, before - 1e-15) << soc;
    before = now;
  }
}

TEST(CellLookup, MovesTheOcvByTheEntropyPerKelvin) {
  CellParameters cell = plain_cell();
  cell.entropy_V_per_K = {{0, 1}, {1e-4, 3e-4}};
  const CellLookup lookup(cell);
  EXPECT_NEAR(at(lookup, 0.5, 35.0).ocv_V, 3.3 + 10 * 2e-4, 1e-15);
  EXPECT_NEAR(at(lookup, 0.5, 15.0).ocv_V, 3.3 - 10 * 2e-4, 1e-15);
  EXPECT_NEAR(at(lookup, 0.5, 15.0).entropy_V_per_K, 2e-4, 1e-18);
}

TEST(CellLookup, HoldsHysteresisEntropyAndResistanceBeyondTheEnds) {
  const CellParameters cell = sony_cell();
  const CellLookup lookup(cell);
  for (const double beyond : {-0.2, -0.001}) {
    EXPECT_EQ(at(lookup, beyond).half_gap_V, 0.5 * cell.hysteresis_V.value.front());
    EXPECT_EQ(at(lookup, beyond).entropy_V_per_K, cell.entropy_V_per_K.value.front());
    EXPECT_EQ(at(lookup, beyond).resistance_ohm, at(lookup, 0.0).resistance_ohm);
  }
  EXPECT_EQ(at(lookup, 1.3).half_gap_V, 0.5 * cell.hysteresis_V.value.back());
  EXPECT_EQ(at(lookup, 1.3).resistance_ohm, at(lookup, 1.0).resistance_ohm);
}

TEST(CellLookup, MeetsTheResistanceTableAtEveryNodeAndDirection) {
  const ResistanceMap map = sony_cell().resistance;
  const CellLookup lookup(sony_cell());
  for (std::size_t i = 0; i < map.soc.size(); ++i) {
    for (std::size_t j = 0; j < map.temperature_degC.size(); ++j) {
      const double soc = map.soc[i], degC = map.temperature_degC[j];
      const std::size_t k = i * map.temperature_degC.size() + j;
      EXPECT_NEAR(at(lookup, soc, degC, Direction::charge).resistance_ohm, map.charge_ohm[k], 1e-16);
      EXPECT_NEAR(at(lookup, soc, degC, Direction::discharge).resistance_ohm, map.discharge_ohm[k], 1e-16);
    }
  }
}

TEST(CellLookup, InterpolatesAndHoldsTheResistanceOverTemperature) {
  CellParameters cell = plain_cell();
  cell.resistance = {{0, 1}, {10, 25, 40}, {4e-3, 2e-3, 1e-3, 4e-3, 2e-3, 1e-3}, {8e-3, 4e-3, 2e-3, 8e-3, 4e-3, 2e-3}};
  const CellLookup lookup(cell);
  EXPECT_NEAR(at(lookup, 0.3, 17.5).resistance_ohm, 3e-3, 1e-17);
  EXPECT_NEAR(at(lookup, 0.3, 37.0).resistance_ohm, 1.2e-3, 1e-17);
  EXPECT_NEAR(at(lookup, 0.3, -20.0).resistance_ohm, 4e-3, 1e-17);
  EXPECT_NEAR(at(lookup, 0.3, 90.0, Direction::discharge).resistance_ohm, 2e-3, 1e-17);
}

TEST(CellLookup, AcceptsATableOfOneTemperature) {
  const CellLookup lookup(plain_cell());
  for (const double degC : {-20.0, 25.0, 25.5, 80.0}) EXPECT_EQ(at(lookup, 0.5, degC).resistance_ohm, 1e-3);
}

TEST(CellLookup, ShowsAnUnknownSocAsAnUnknownVoltage) {
  EXPECT_TRUE(std::isnan(at(CellLookup(plain_cell()), NAN).ocv_V));
}

}  // namespace
}  // namespace packbench::models
