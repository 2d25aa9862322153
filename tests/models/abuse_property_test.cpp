// Whatever is done to a pack whose cells have every slow and rare effect, its state stays within its bounds and no
// damage heals.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>

#include "rare_cells.h"

namespace packbench::models {
namespace {

CellParameters everything() {
  CellParameters cell = test::hot_cell();
  cell.plating = {.temperature_degC = {0, 20}, .limit_empty_C = {0.1, 0.5}, .limit_full_C = {0.05, 0.3}};
  cell.reversal = {.begin_soc = -0.12, .short_S_per_Ah = 0.1, .most_S = 5};
  cell.ageing = naumann_sony_us26650();
  cell.ageing.acceleration = 1e4;
  return cell;
}

// Sets one of the conditions that an owner may set, of one of three cells.
void abuse(PackState& state) {
  const Eigen::Index cell = *rc::gen::inRange(0, 3);
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      state.internal_S[cell] = 1.0 / *rc::gen::element(1e-3, 0.01, 0.1, 5.0, 500.0);
      break;
    case 1:
      state.internal_S[cell] = 0;
      break;
    case 2:
      state.heater_W[cell] = *rc::gen::element(0.0, 100.0, 3000.0);
      break;
    case 3:
      state.joint_ohm[cell] = *rc::gen::element(0.0, 1e-3, 0.01);
      break;
    case 4:
      state.capacity_Ah[cell] *= 0.9;
      break;
    default:
      state.soc[cell] = *rc::gen::inRange(-30, 120) / 100.0;
  }
}

bool within(const Eigen::ArrayXd& array, double low, double high) {
  return (array >= low).all() && (array <= high).all();
}

RC_GTEST_PROP(Abuse, KeepsTheStateWithinBoundsAndHealsNothing, ()) {
  static const Pack pack(test::equal_bare(everything(), 3));
  PackState state = pack.initial_state(*rc::gen::inRange(0, 101) / 100.0, *rc::gen::inRange(-30, 140), 1);
  for (int event = 0; event < 6; ++event) {
    abuse(state);
    const PackState before = state;
    const double dt_s = *rc::gen::element(0.01, 1.0, 7.3, 60.0);
    test::step(pack, state, *rc::gen::inRange(-200, 201), dt_s, *rc::gen::inRange(1, 8), *rc::gen::inRange(-20, 60));
    for (std::size_t j = 0; j < state.reacted.size(); ++j) {
      RC_ASSERT(within(state.reacted[j], 0, 1));
      RC_ASSERT((state.reacted[j] >= before.reacted[j]).all());
    }
    RC_ASSERT(within(state.core_degC, -60, 5000));
    RC_ASSERT(within(state.ocv_factor, 0, 1));
    RC_ASSERT((state.ocv_factor <= before.ocv_factor).all());
    RC_ASSERT((state.grown_S >= before.grown_S).all());
    RC_ASSERT((state.internal_S >= state.grown_S).all());
    RC_ASSERT((state.plated_Ah >= before.plated_Ah).all());
    RC_ASSERT((state.capacity_Ah <= before.capacity_Ah).all());
    RC_ASSERT((state.capacity_Ah > 0).all());
    RC_ASSERT((state.resistance_factor >= before.resistance_factor).all());
    RC_ASSERT(state.soc.isFinite().all());
  }
}

}  // namespace
}  // namespace packbench::models
