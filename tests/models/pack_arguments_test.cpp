// Bad arguments at the public boundary of Pack.
#include <gmock/gmock.h>

#include <cmath>
#include <stdexcept>
#include <vector>

#include "cells.h"

namespace packbench::models {
namespace {

using test::equal_cells;
using test::plain_cell;
using testing::HasSubstr;
using testing::ThrowsMessage;

template <typename Action>
void refused(Action action, const char* reason) {
  EXPECT_THAT(action, ThrowsMessage<std::invalid_argument>(HasSubstr(reason)));
}

void pack_refused(void (*spoil)(PackParameters&), const char* reason) {
  PackParameters parameters = equal_cells(plain_cell());
  spoil(parameters);
  refused([&] { Pack{parameters}; }, reason);
}

TEST(PackArguments, OfAnImpossiblePackAreRefused) {
  refused([] { Pack(equal_cells(plain_cell()), 0); }, "at least one pack");
  pack_refused([](PackParameters& p) { p.cells = 0; }, "1 to 24 cells, but has 0");
  pack_refused([](PackParameters& p) { p.cells = 25; }, "1 to 24 cells, but has 25");
  pack_refused([](PackParameters& p) { p.parallel = 0; }, "1 to 100 cells in parallel, but has 0");
  pack_refused([](PackParameters& p) { p.parallel = 101; }, "1 to 100 cells in parallel, but has 101");
  pack_refused([](PackParameters& p) { p.joint_ohm = -1; }, "joint");
  pack_refused([](PackParameters& p) { p.coolant_W_per_K = -1; }, "coolant");
  pack_refused([](PackParameters& p) { p.spread.correlation = 1.1; }, "correlation");
  pack_refused([](PackParameters& p) { p.cell.ocv_V = {}; }, "no OCV table");
  pack_refused([](PackParameters& p) { p.bleed_ohm = 0; }, "bleed resistor");
  pack_refused([](PackParameters& p) { p.neighbour_W_per_K = -1; }, "between neighbours");
  pack_refused([](PackParameters& p) { p.ambient_W_per_K = NAN; }, "to ambient");
  pack_refused([](PackParameters& p) { p.spread.capacity_sigma = 0.5; }, "spread of capacity");
  pack_refused([](PackParameters& p) { p.spread.soc_sigma = -0.1; }, "spread of SOC");
  pack_refused([](PackParameters& p) { p.spread.resistance_sigma = NAN; }, "spread of resistance");
}

TEST(PackArguments, TwentyFourCellsAreAccepted) { EXPECT_EQ(Pack(equal_cells(plain_cell(), 24)).cells(), 24); }

TEST(PackArguments, OfAnImpossibleStartAreRefused) {
  const Pack pack(equal_cells(plain_cell()));
  for (const double soc : {-0.01, 1.01, double(NAN)})
    refused([&] { (void)pack.initial_state(soc, 25, 1); }, "0 to 100 %");
  for (const double degC : {-61.0, 151.0, double(NAN)})
    refused([&] { (void)pack.initial_state(0.5, degC, 1); }, "degC");
}

TEST(PackArguments, OfAnImpossibleStepAreRefused) {
  const Pack pack(equal_cells(plain_cell(), 2), 2);
  PackState state = pack.initial_state(0.5, 25, 1);
  const std::vector<double> currents = {1, 2};
  const std::vector<std::uint8_t> bleed(3, 0);
  for (const double dt_s : {0.0, -1.0, double(NAN), double(INFINITY)}) {
    refused([&] { pack.step(state, currents, {}, {}, dt_s); }, "above 0 s");
  }
  refused([&] { pack.step(state, {currents.data(), 1}, {}, {}, 1); }, "one pack current for each pack");
  refused([&] { pack.step(state, currents, bleed, {}, 1); }, "one bleed flag for each position");
  refused([&] { (void)pack.source(state, 2, 1, {}); }, "no pack 2");
  refused([&] { (void)pack.pack_soc(state, -1); }, "no pack -1");
  state.soc.resize(3);
  refused([&] { pack.step(state, currents, {}, {}, 1); }, "another number of cells");
}

}  // namespace
}  // namespace packbench::models
