// The same bits for any batch size and on any machine, and no allocation in a step.
#include <gtest/gtest.h>

#include <vector>

#include "cells.h"
#include "models/random.h"
#include "tests/count_allocations.h"

namespace packbench::models {
namespace {

using test::sony_cell;

PackParameters sony_pack() {
  PackParameters parameters;
  parameters.cell = sony_cell();
  return parameters;
}

// Currents and bleed flags of pack `p` at step `i`: whole numbers, different for every pack.
double current_A(int p, int i) { return ((p * 31 + i * 17) % 241) - 120; }
std::uint8_t bleeds(int p, int cell, int i) { return (p + cell * 5 + i / 10) % 4 == 0 ? 1 : 0; }

// Steps packs first .. first + packs - 1 of the same imagined fleet.
PackState fleet(int first, int packs, int steps) {
  const Pack pack(sony_pack(), packs);
  PackState state = pack.initial_state(0.6, 25, 99, static_cast<std::uint64_t>(first));
  std::vector<double> currents(static_cast<std::size_t>(packs));
  std::vector<std::uint8_t> bleed(static_cast<std::size_t>(packs * 15));
  for (int i = 0; i < steps; ++i) {
    for (int p = 0; p < packs; ++p) {
      currents[static_cast<std::size_t>(p)] = current_A(first + p, i);
      for (int c = 0; c < 15; ++c) bleed[static_cast<std::size_t>(p * 15 + c)] = bleeds(first + p, c, i);
    }
    pack.step(state, currents, bleed, {20.0 + i % 10, 20.0 + i % 10}, i % 3 == 0 ? 0.01 : 7.5);
  }
  return state;
}

std::vector<const Eigen::ArrayXd*> arrays(const PackState& s) {
  return {&s.soc,       &s.rc_V[0],      &s.rc_V[1],     &s.rc_V[2],           &s.hysteresis,
          &s.core_degC, &s.surface_degC, &s.capacity_Ah, &s.resistance_factor, &s.heat_W};
}

TEST(Batch, GivesEachPackTheBitsItHasAlone) {
  const PackState all = fleet(0, 1000, 60);
  for (const int p : {0, 1, 517, 999}) {
    const PackState alone = fleet(p, 1, 60);
    const auto in_all = arrays(all), in_alone = arrays(alone);
    for (std::size_t i = 0; i < in_all.size(); ++i) {
      for (int c = 0; c < 15; ++c) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>((*in_all[i])[p * 15 + c]),
                  std::bit_cast<std::uint64_t>((*in_alone[i])[c]));
      }
    }
  }
}

TEST(Batch, RepeatsItselfBitByBit) { EXPECT_EQ(fleet(0, 3, 200), fleet(0, 3, 200)); }

// Another compiler, optimisation or processor must end in these bits; a change of the model changes them on purpose.
TEST(Batch, EndsInTheRecordedBits) {
  const PackState state = fleet(0, 2, 2000);
  std::string bytes;
  for (const auto* array : arrays(state)) {
    bytes.append(reinterpret_cast<const char*>(array->data()),
                 sizeof(double) * static_cast<std::size_t>(array->size()));
  }
  EXPECT_EQ(name_hash(bytes), 2031933481578097453u);
}

TEST(Step, AllocatesNothing) {
  const Pack pack(sony_pack(), 4);
  PackState state = pack.initial_state(0.5, 25, 1);
  const std::vector<double> currents = {50, -50, 0, 100};
  const std::vector<std::uint8_t> bleed(60, 1);
  Eigen::ArrayXd out = Eigen::ArrayXd::Zero(60);
  const long before = allocations();
  for (int i = 0; i < 100; ++i) {
    pack.step(state, currents, bleed, {}, 0.01);
    pack.cell_voltage(state, currents, bleed, out);
    pack.cell_current(state, currents, bleed, out);
    (void)pack.outside_validity(state, 1, 50);
    pack.cell_ocv(state, out);
    pack.cell_resistance(state, currents, out);
    (void)pack.source(state, 2, -1, bleed);
    (void)pack.pack_soc(state, 3);
  }
  EXPECT_EQ(allocations(), before);
  EXPECT_GT(allocations(), 0);  // the counter itself works
}

}  // namespace
}  // namespace packbench::models
