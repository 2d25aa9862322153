#include "models/cell.h"

#include <gmock/gmock.h>

#include <stdexcept>

#include "cells.h"

namespace packbench::models {
namespace {

using test::plain_cell;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(ScaledCell, HasTheSameVoltagesAndTheResistanceOfCellsInParallel) {
  CellParameters small = plain_cell();
  small.capacity_Ah = 3;
  small.entropy_V_per_K = {{0, 1}, {1e-4, 2e-4}};
  const CellParameters large = scaled_to(small, 100);
  EXPECT_EQ(large.capacity_Ah, 100);
  EXPECT_EQ(large.ocv_V.value, small.ocv_V.value);
  EXPECT_EQ(large.entropy_V_per_K.value, small.entropy_V_per_K.value);
  EXPECT_DOUBLE_EQ(large.r0.charge_ohm[1], small.r0.charge_ohm[1] * 0.03);
  EXPECT_DOUBLE_EQ(large.pairs[1].resistance.discharge_ohm[0], small.pairs[1].resistance.discharge_ohm[0] * 0.03);
}

TEST(ScaledCell, RefusesACapacityOfZero) {
  EXPECT_THAT([] { (void)scaled_to(plain_cell(), 0.0); },
              ThrowsMessage<std::invalid_argument>(HasSubstr("above 0 Ah")));
}

struct Wrong {
  const char* name;
  void (*spoil)(CellParameters&);
  const char* message;
};

class WrongCell : public testing::TestWithParam<Wrong> {};

TEST_P(WrongCell, IsRefusedWithItsReason) {
  CellParameters cell = plain_cell();
  GetParam().spoil(cell);
  EXPECT_THAT([&] { validate(cell); }, ThrowsMessage<std::invalid_argument>(HasSubstr(GetParam().message)));
}

INSTANTIATE_TEST_SUITE_P(
    Cell, WrongCell,
    testing::Values(
        Wrong{"NoOcv", [](CellParameters& c) { c.ocv_V = {}; }, "has no OCV table"},
        Wrong{"FallingOcv",
              [](CellParameters& c) {
                c.ocv_V.value = {3.3, 3.2};
              },
              "OCV must never fall"},
        Wrong{"SocNotToOne",
              [](CellParameters& c) {
                c.ocv_V.soc = {0, 0.9};
              },
              "OCV table must rise strictly from 0 to 1"},
        Wrong{"UnequalLengths", [](CellParameters& c) { c.ocv_V.value.push_back(3.4); }, "but has 3"},
        Wrong{"NegativeHysteresis",
              [](CellParameters& c) {
                c.hysteresis_V = {{0, 1}, {-0.01, 0.02}};
              },
              "charge branch"},
        Wrong{"EntropyNotFinite",
              [](CellParameters& c) {
                c.entropy_V_per_K = {{0, 1}, {0, 1.0 / 0.0}};
              },
              "entropy table"},
        Wrong{"FallingTemperatures",
              [](CellParameters& c) {
                c.pairs[0].resistance.temperature_degC = {25, 10};
              },
              "temperatures"},
        Wrong{"TooFewResistances", [](CellParameters& c) { c.r0.charge_ohm.pop_back(); }, "2 values"},
        Wrong{"ZeroResistance", [](CellParameters& c) { c.r0.discharge_ohm[0] = 0; }, "above 0 ohm"},
        Wrong{"FourPairs", [](CellParameters& c) { c.pairs.resize(4, c.pairs[0]); }, "at most 3 RC pairs"},
        Wrong{"BelowAbsoluteZero", [](CellParameters& c) { c.r0.temperature_degC = {-300}; }, "absolute zero"},
        Wrong{"RateWithoutTemperatures",
              [](CellParameters& c) {
                c.rate_soc = {0, 1};
                c.rate = {1, 1};
              },
              "rate table must have strictly rising temperatures"},
        Wrong{"ZeroRate",
              [](CellParameters& c) {
                c.rate_soc = {0, 1};
                c.rate_degC = {25};
                c.rate = {1, 0};
              },
              "Every rate must be above 0"},
        Wrong{"SurfaceOfEverything", [](CellParameters& c) { c.surface_share = 1; }, "surface's share"},
        Wrong{"SelfDischarge", [](CellParameters& c) { c.self_discharge_ohm = -1; }, "self-discharge"},
        Wrong{"Efficiency", [](CellParameters& c) { c.coulomb_efficiency = 1.01; }, "coulomb efficiency"},
        Wrong{"Capacity", [](CellParameters& c) { c.capacity_Ah = -1; }, "capacity in Ah must be above 0"},
        Wrong{"TimeConstant", [](CellParameters& c) { c.pairs[1].tau_s = 0; }, "time constant of RC pair 2"}),
    [](const auto& each) { return each.param.name; });

TEST(WrongCell, NamesEveryProblemAtOnce) {
  CellParameters cell = plain_cell();
  cell.capacity_Ah = 0;
  cell.ocv_V.value = {3.3, 3.2};
  EXPECT_THAT([&] { validate(cell); },
              ThrowsMessage<std::invalid_argument>(testing::AllOf(HasSubstr("capacity"), HasSubstr("OCV"))));
}

}  // namespace
}  // namespace packbench::models
