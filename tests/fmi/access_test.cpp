// Reading and setting variables: whole arrays of the right type, everything or nothing.
#include <gmock/gmock.h>

#include <limits>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;

std::vector<std::uint32_t> references(const std::vector<std::string>& names) {
  std::vector<std::uint32_t> list;
  for (const std::string& name : names) list.push_back(fmu().reference(name));
  return list;
}

fmi3Status get(const Simulation& simulation, const std::vector<std::uint32_t>& list, std::vector<double>& values) {
  return FMI(fmu(), fmi3GetFloat64)(simulation.handle, list.data(), list.size(), values.data(), values.size());
}

fmi3Status set(const Simulation& simulation, const std::vector<std::uint32_t>& list,
               const std::vector<double>& values) {
  return FMI(fmu(), fmi3SetFloat64)(simulation.handle, list.data(), list.size(), values.data(), values.size());
}

TEST(Access, SeveralVariablesComeOneAfterAnother) {
  const Simulation simulation(fmu(), Stage::step);
  std::vector<double> values(1 + 15 + 1);
  ASSERT_EQ(get(simulation, references({"pack_voltage", "cell_voltage", "time"}), values), fmi3OK);
  EXPECT_EQ(values.front(), simulation.get("pack_voltage")[0]);
  EXPECT_EQ(std::vector<double>(values.begin() + 1, values.end() - 1), simulation.get("cell_voltage"));
  EXPECT_EQ(values.back(), 0);
}

TEST(Access, PartsAndSurplusOfAnArrayAreRefused) {
  const Simulation simulation(fmu(), Stage::step);
  for (const std::size_t size : {0, 1, 14, 16, 30}) {
    std::vector<double> values(size, -7);
    EXPECT_EQ(get(simulation, references({"cell_voltage"}), values), fmi3Error);
    EXPECT_THAT(simulation.last_message(),
                AllOf(HasSubstr(std::to_string(size) + " values"), HasSubstr("15 elements")));
    EXPECT_THAT(values, Each(-7));
    EXPECT_EQ(set(simulation, references({"external_heat"}), values), fmi3Error);
  }
}

TEST(Access, ArraysOfGroupsHaveOneElementPerCell) {
  EXPECT_EQ(fmu("groups").elements("cell_voltage"), 4);
  EXPECT_EQ(fmu("groups").elements("bleed"), 4);
  EXPECT_EQ(fmu("groups").elements("cell_soc"), 12);
  EXPECT_EQ(Simulation(fmu("groups"), Stage::step).get("cell_current").size(), 12);
}

TEST(Access, AVariableOfAnotherTypeIsNamedWithItsType) {
  const Simulation simulation(fmu(), Stage::step);
  std::vector<double> values(15);
  EXPECT_EQ(get(simulation, references({"bleed"}), values), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("'bleed' (value reference 13) is a Boolean, not a Float64"));
  const std::uint32_t current = fmu().reference("pack_current");
  float single = 0;
  EXPECT_EQ(FMI(fmu(), fmi3GetFloat32)(simulation.handle, &current, 1, &single, 1), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("no variable of type Float32"));
}

TEST(Access, AnUnknownReferenceIsNamed) {
  const Simulation simulation(fmu(), Stage::step);
  std::vector<double> values(1);
  EXPECT_EQ(get(simulation, {4711}, values), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("value reference 4711"));
}

TEST(Access, NullArraysAreRefusedUnlessNothingIsAsked) {
  const Simulation simulation(fmu(), Stage::step);
  const std::uint32_t time = fmu().reference("time");
  double value = 0;
  EXPECT_EQ(FMI(fmu(), fmi3GetFloat64)(simulation.handle, nullptr, 1, &value, 1), fmi3Error);
  EXPECT_EQ(FMI(fmu(), fmi3GetFloat64)(simulation.handle, &time, 1, nullptr, 1), fmi3Error);
  EXPECT_EQ(FMI(fmu(), fmi3GetFloat64)(simulation.handle, nullptr, 0, nullptr, 0), fmi3OK);
}

TEST(Access, OutputsAndTheTimeCannotBeSet) {
  const Simulation simulation(fmu(), Stage::initialization);
  for (const char* name : {"time", "pack_voltage", "cell_voltage", "cell_soc", "heat"}) {
    EXPECT_EQ(simulation.set(name, std::vector<double>(fmu().elements(name), 1)), fmi3Error) << name;
    EXPECT_THAT(simulation.last_message(), HasSubstr("cannot be set"));
  }
}

TEST(Access, ValuesBeyondTheDeclaredRangeAreRefused) {
  const Simulation simulation;
  const double nothing = std::numeric_limits<double>::quiet_NaN(), endless = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<const char*, std::vector<double>>> wrong = {
      {"initial_soc", {-0.01, 1.01, nothing}},
      {"initial_temperature", {25, 213, 424, nothing}},
      {"ambient_temperature", {20, -5, endless}},
      {"coolant_temperature", {0, nothing}},
      {"pack_current", {nothing, endless, -endless, 1.1e5, -1.1e5}}};
  for (const auto& [name, values] : wrong) {
    for (const double value : values) {
      const auto before = simulation.bytes();
      EXPECT_EQ(simulation.set(name, {value}), fmi3Error) << name << " = " << value;
      EXPECT_THAT(simulation.last_message(), HasSubstr(std::string("'") + name + "' cannot be"));
      EXPECT_EQ(simulation.bytes(), before);
    }
  }
}

TEST(Access, OneWrongElementLeavesEverythingAsItWas) {
  const Simulation simulation(fmu(), Stage::step);
  const auto before = simulation.bytes();
  std::vector<double> values(1 + 15, 0.5);
  values.back() = -1;
  EXPECT_EQ(set(simulation, references({"pack_current", "short_conductance"}), values), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("in element 15 (expected 0 to 10000 S)"));
  EXPECT_EQ(simulation.bytes(), before);
}

TEST(Access, WhatWasSetIsReadBack) {
  for (const Stage stage : {Stage::initialization, Stage::step}) {
    const Simulation simulation(fmu(), stage);
    std::vector<double> heat(15);
    for (std::size_t i = 0; i < heat.size(); ++i) heat[i] = static_cast<double>(i) / 3;
    simulation.set("external_heat", heat);
    simulation.set("pack_current", {-12.5});
    EXPECT_EQ(simulation.get("external_heat"), heat);
    EXPECT_EQ(simulation.get("pack_current")[0], -12.5);
    std::vector<std::uint8_t> on(15);
    on[3] = on[14] = 1;
    simulation.set_bleed(on);
    bool read[15] = {};
    const std::uint32_t bleed = fmu().reference("bleed");
    EXPECT_EQ(FMI(fmu(), fmi3GetBoolean)(simulation.handle, &bleed, 1, read, 15), fmi3OK);
    for (std::size_t i = 0; i < 15; ++i) EXPECT_EQ(read[i], on[i] != 0);
  }
}

}  // namespace
}  // namespace packbench::fmi_test
