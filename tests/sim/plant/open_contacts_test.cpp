// A law for every combination of contactors, stimuli and faults: current flows only where contacts are closed.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rig.h"

namespace packbench::sim {
namespace {

using test::Rig;

struct Named {
  const char* name;
  Stimulus stimulus;
};

std::vector<Named> stimuli() {
  std::vector<Named> all{{"rest", {}},  {"discharge", {}}, {"feed back", {}},
                         {"power", {}}, {"charge", {}},    {"charge and load", {}}};
  all[1].stimulus.load_current_A = 90;
  all[2].stimulus.load_current_A = -30;
  all[3].stimulus.load_is_power = true;
  all[3].stimulus.load_power_W = 800;
  for (const std::size_t i : {4u, 5u}) {
    all[i].stimulus.charger_connected = true;
    all[i].stimulus.charger_current_A = 50;
    all[i].stimulus.charger_voltage_V = 14;
  }
  all[5].stimulus.load_current_A = 20;
  return all;
}

class OpenContacts : public testing::TestWithParam<int> {};  // bit 0 main, 1 charger, 2 precharge

TEST_P(OpenContacts, CarryNoCurrent) {
  const bool main = GetParam() & 1, charger = GetParam() & 2, precharge = GetParam() & 4;
  for (const auto& [name, stimulus] : stimuli()) {
    SCOPED_TRACE(name);
    Rig rig;
    rig.close(main, charger, precharge);
    rig.plant.set_stimulus(stimulus);
    for (int i = 0; i < 30; ++i) {
      rig.advance_by(100 * kMillisecond);
      const double pack_A = rig(Signal::truth_pack_current), charger_A = rig(Signal::truth_charger_current);
      ASSERT_GE(charger_A, 0.0);
      if (!charger) {
        ASSERT_EQ(charger_A, 0.0);
      }
      if (!main && !precharge) {
        ASSERT_EQ(pack_A, charger_A);
      }
      if (!main) {
        ASSERT_EQ(rig(Signal::truth_load_current), 0.0);
      }
      if (!main && !charger) {
        ASSERT_LE(pack_A, 0.0);
        ASSERT_GE(pack_A, -13.3 / 30.0) << "no more than the precharge resistor lets through";
      }
      if (!main && !precharge && !charger) {
        ASSERT_EQ(rig.cell(Signal::truth_cell_soc, 0), 0.5);
      }
    }
  }
}

TEST_P(OpenContacts, OpenAgainAfterAllDrivesAreOff) {
  for (const auto& [name, stimulus] : stimuli()) {
    SCOPED_TRACE(name);
    Rig rig;
    rig.close(GetParam() & 1, GetParam() & 2, GetParam() & 4);
    rig.plant.set_stimulus(stimulus);
    rig.advance_by(kSecond);
    rig.plant.set_actuators({});
    rig.advance_by(20 * kMillisecond);
    EXPECT_EQ(rig(Signal::truth_pack_current), 0.0);
    EXPECT_EQ(rig(Signal::truth_charger_current), 0.0);
  }
}

INSTANTIATE_TEST_SUITE_P(AllCombinations, OpenContacts, testing::Range(0, 8));

}  // namespace
}  // namespace packbench::sim
