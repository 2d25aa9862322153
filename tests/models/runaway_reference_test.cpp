// A runaway in a pack against an independent solution of the same equations: an implicit Runge-Kutta method (Radau IIA,
// relative 1e-9, absolute 1e-11) for the reactions, core, surface, charge, collapsing separator and falling OCV of the
// hot cell, heated with 600 W for 600 s at 0.3 W/K to 25 degC.
#include <gtest/gtest.h>

#include "rare_cells.h"

namespace packbench::models {
namespace {

struct Reference {
  double time_s, anode, core_degC, surface_degC, soc;
  double surface_K_per_s;  // how fast the surface warms then, rounded up
};

constexpr Reference kReference[] = {
    {300, 0.000040, 101.658439, 200.623649, 1.000000, 0.4}, {480, 0.628766, 520.806584, 425.514739, 0.868356, 4.5},
    {500, 0.666560, 531.037833, 503.473570, 0.853086, 3.0}, {520, 0.688919, 539.291447, 552.251787, 0.839061, 2.0},
    {600, 0.741402, 570.943306, 633.089798, 0.789838, 0.6}, {1800, 0.846137, 542.488760, 514.995426, 0.323326, 0.1}};

class RunawayReference : public testing::TestWithParam<double> {};

// Effects act one after the other in a sub-step of at most 1 s, so the run is up to half a second late; 0.05 K and 1e-3
// are for what is left when everything is slow.
TEST_P(RunawayReference, IsMetWithinHalfASecond) {
  const double dt_s = GetParam();
  const Pack pack(test::equal_bare(test::hot_cell(), 1));
  PackState state = pack.initial_state(1, 25, 1);
  double time_s = 0;
  for (const Reference& r : kReference) {
    state.heater_W[0] = time_s < 600 ? 600 : 0;
    test::step(pack, state, 0, dt_s, static_cast<int>((r.time_s - time_s) / dt_s + 0.5));
    time_s = r.time_s;
    EXPECT_NEAR(state.surface_degC[0], r.surface_degC, 0.5 * r.surface_K_per_s + 0.05) << time_s;
    EXPECT_NEAR(state.core_degC[0], r.core_degC, 0.25) << time_s;
    EXPECT_NEAR(state.reacted[1][0], r.anode, 1e-3) << time_s;
    EXPECT_NEAR(state.soc[0], r.soc, 1e-3) << time_s;
  }
}

INSTANTIATE_TEST_SUITE_P(AnyStep, RunawayReference, testing::Values(0.1, 1.0, 10.0, 20.0));

}  // namespace
}  // namespace packbench::models
