// What comes through the C interface is what models::Pack computes, bit for bit.
#include <gmock/gmock.h>

#include <numeric>

#include "fmu.h"
#include "models/random.h"
#include "packs.h"

namespace packbench::fmi_test {
namespace {

std::vector<double> numbers(const Eigen::ArrayXd& array) { return {array.begin(), array.end()}; }
std::vector<double> in_K(const Eigen::ArrayXd& degC) { return numbers(degC + fmi::kZero_degC); }

// The pack itself, led in parallel.
class Direct {
 public:
  explicit Direct(const models::PackParameters& parameters, const fmi::StartValues& start = kStart)
      : pack(parameters), state(pack.initial_state(start.soc, start.temperature_K - fmi::kZero_degC, start.seed)) {
    around.ambient_degC = around.coolant_degC = start.temperature_K - fmi::kZero_degC;
    bleed.assign(static_cast<std::size_t>(parameters.cells), 0);
  }
  void step(double dt_s) { pack.step(state, {&current_A, 1}, bleed, around, dt_s); }
  Eigen::ArrayXd voltage() const {
    Eigen::ArrayXd out;
    pack.cell_voltage(state, {&current_A, 1}, bleed, out);
    return out;
  }
  Eigen::ArrayXd cell_current() const {
    Eigen::ArrayXd out;
    pack.cell_current(state, {&current_A, 1}, bleed, out);
    return out;
  }

  models::Pack pack;
  models::PackState state;
  models::Surroundings around;
  double current_A = 0;
  std::vector<std::uint8_t> bleed;
};

std::uint32_t outside_validity(const Simulation& simulation) {
  const std::uint32_t reference = simulation.fmu().reference("outside_validity");
  std::uint32_t value = 0;
  EXPECT_EQ(FMI(simulation.fmu(), fmi3GetUInt32)(simulation.handle, &reference, 1, &value, 1), fmi3OK);
  return value;
}

void expect_same(const Simulation& simulation, const Direct& direct) {
  const std::vector<double> voltages = numbers(direct.voltage());
  EXPECT_EQ(simulation.get("cell_voltage"), voltages);
  EXPECT_EQ(simulation.get("pack_voltage")[0], std::accumulate(voltages.begin(), voltages.end(), 0.0));
  EXPECT_EQ(simulation.get("cell_current"), numbers(direct.cell_current()));
  EXPECT_EQ(simulation.get("cell_soc"), numbers(direct.state.soc));
  EXPECT_EQ(simulation.get("core_temperature"), in_K(direct.state.core_degC));
  EXPECT_EQ(simulation.get("surface_temperature"), in_K(direct.state.surface_degC));
  EXPECT_EQ(simulation.get("heat"), numbers(direct.state.heat_W));
  EXPECT_EQ(simulation.get("pack_soc")[0], direct.pack.pack_soc(direct.state, 0));
  EXPECT_EQ(outside_validity(simulation), direct.pack.outside_validity(direct.state, 0, direct.current_A));
}

struct Case {
  std::string fmu;
  models::PackParameters pack;
};

class Trajectory : public ::testing::TestWithParam<std::string> {
 protected:
  models::PackParameters pack() const { return GetParam() == "series" ? series_pack() : group_pack(); }
};

TEST_P(Trajectory, BeginsAsThePackDoes) {
  const Simulation simulation(fmu(GetParam()), Stage::initialization);
  expect_same(simulation, Direct(pack()));
}

TEST_P(Trajectory, IsThatOfThePackForAnyInputsAndSteps) {
  const Simulation simulation(fmu(GetParam()), Stage::step);
  Direct direct(pack());
  models::Stream random(5, "trajectory");
  double time = 0;
  for (int step = 0; step < 300; ++step) {
    direct.current_A = random.uniform(-150, 100);
    direct.around = {random.uniform(-10, 45), random.uniform(10, 30)};
    for (auto& on : direct.bleed) on = random.uniform() < 0.2 ? 1 : 0;
    ASSERT_EQ(simulation.set("pack_current", {direct.current_A}), fmi3OK);
    ASSERT_EQ(simulation.set("ambient_temperature", {direct.around.ambient_degC + fmi::kZero_degC}), fmi3OK);
    ASSERT_EQ(simulation.set("coolant_temperature", {direct.around.coolant_degC + fmi::kZero_degC}), fmi3OK);
    ASSERT_EQ(simulation.set_bleed(direct.bleed), fmi3OK);
    // As the library sees them: back from K.
    direct.around = {direct.around.ambient_degC + fmi::kZero_degC - fmi::kZero_degC,
                     direct.around.coolant_degC + fmi::kZero_degC - fmi::kZero_degC};
    const double dt = step % 7 == 0 ? random.uniform(1e-3, 1e-2) : random.uniform(0.1, 20);
    ASSERT_EQ(simulation.step(time, dt), fmi3OK);
    direct.step(dt);
    time += dt;
    expect_same(simulation, direct);
    if (HasFailure()) FAIL() << "in step " << step;
  }
}

TEST_P(Trajectory, StartsFromTheParametersThatWereSet) {
  const fmi::StartValues start{0.25, 310.0, 99};
  const Simulation simulation(fmu(GetParam()));
  ASSERT_EQ(simulation.set("initial_soc", {start.soc}), fmi3OK);
  ASSERT_EQ(simulation.set_seed(start.seed), fmi3OK);
  ASSERT_EQ(FMI(fmu(), fmi3EnterInitializationMode)(simulation.handle, false, 0, 0, false, 0), fmi3OK);
  ASSERT_EQ(simulation.set("initial_temperature", {start.temperature_K}), fmi3OK);
  expect_same(simulation, Direct(pack(), start));
}

TEST_P(Trajectory, ANewCurrentShowsInTheVoltagesAtOnce) {
  const Simulation simulation(fmu(GetParam()), Stage::initialization);
  Direct direct(pack());
  direct.current_A = -80;
  simulation.set("pack_current", {-80});
  expect_same(simulation, direct);
}

TEST_P(Trajectory, ExternalHeatAndShortsActAsConditionsOfThePack) {
  const Simulation simulation(fmu(GetParam()), Stage::step);
  Direct direct(pack());
  std::vector<double> heat(simulation.fmu().elements("external_heat"), 0.0), shorts = heat;
  const auto lead = [&](double heat_W, double short_S, double time) {
    heat[1] = heat_W;
    simulation.set("external_heat", heat);
    direct.state.heater_W[1] = heat_W;
    direct.state.internal_S[2] += short_S - shorts[2];
    shorts[2] = short_S;
    simulation.set("short_conductance", shorts);
    ASSERT_EQ(simulation.step(time, 60), fmi3OK);
    direct.step(60);
    expect_same(simulation, direct);
  };
  lead(400, 0, 0);
  lead(400, 0.5, 60);
  lead(0, 0.1, 120);
  lead(0, 0, 180);
}

INSTANTIATE_TEST_SUITE_P(Packs, Trajectory, ::testing::Values("series", "groups"),
                         [](const auto& about) { return about.param; });

TEST(Trajectory, OneCellOfAGroupBurnsWhenItIsHeated) {  // the whole physics is in the FMU, the rare effects too
  const Simulation simulation(fmu("groups"), Stage::step);
  std::vector<double> heat(12, 0.0);
  heat[4] = 500;
  simulation.set("external_heat", heat);
  for (int minute = 0; minute < 30; ++minute) ASSERT_EQ(simulation.step(60.0 * minute, 60), fmi3OK);
  EXPECT_GT(simulation.get("core_temperature")[4], 473.15);
}

}  // namespace
}  // namespace packbench::fmi_test
