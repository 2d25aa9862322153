// Every function of the interface in every state: what FMI 3.0 does not allow there is refused, with the reason, and
// changes nothing.
#include <gmock/gmock.h>

#include <functional>
#include <set>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

using ::testing::HasSubstr;
using enum Stage;

const std::set<Stage> kNever = {};
const std::set<Stage> kAlways = {instantiated, initialization, step, terminated};
const std::set<Stage> kReadable = {initialization, step, terminated};
const std::set<Stage> kWritable = {instantiated, initialization, step};

struct Call {
  const char* name;
  std::set<Stage> allowed;
  std::function<fmi3Status(const Simulation&)> call;
};

// The call with these arguments.
#define CALL(NAME, ALLOWED, ...)                                                                                \
  Call {                                                                                                        \
#NAME, ALLOWED, [](const Simulation& s) { return FMI(s.fmu(), NAME)(s.handle __VA_OPT__(, ) __VA_ARGS__); } \
  }
// Access by a type that no variable has, to no variable.
#define NO_VARIABLES(TYPE) \
  CALL(fmi3Get##TYPE, kReadable, nullptr, 0, nullptr, 0), CALL(fmi3Set##TYPE, kWritable, nullptr, 0, nullptr, 0)

std::vector<Call> state_calls() {
  return {
      {"fmi3GetFMUState", kAlways,
       [](const Simulation& s) {
         fmi3FMUState state = nullptr;
         const fmi3Status got = FMI(s.fmu(), fmi3GetFMUState)(s.handle, &state);
         const fmi3Status freed = FMI(s.fmu(), fmi3FreeFMUState)(s.handle, &state);
         return got == fmi3OK && state == nullptr ? freed : fmi3Error;
       }},
      {"fmi3DoStep", {step}, [](const Simulation& s) { return s.step(0, 1); }},
      {"fmi3GetFloat64", kReadable,
       [](const Simulation& s) {
         const std::uint32_t time = s.fmu().reference("time");
         double value;
         return FMI(s.fmu(), fmi3GetFloat64)(s.handle, &time, 1, &value, 1);
       }},
      {"fmi3GetUInt64", kReadable,
       [](const Simulation& s) {
         const std::uint32_t seed = s.fmu().reference("seed");
         std::uint64_t value;
         return FMI(s.fmu(), fmi3GetUInt64)(s.handle, &seed, 1, &value, 1);
       }},
      {"fmi3GetUInt32", kReadable,
       [](const Simulation& s) {
         const std::uint32_t reference = s.fmu().reference("outside_validity");
         std::uint32_t value;
         return FMI(s.fmu(), fmi3GetUInt32)(s.handle, &reference, 1, &value, 1);
       }},
      {"fmi3SetFloat64", kWritable, [](const Simulation& s) { return s.set("pack_current", {-10}); }},
      {"fmi3SetFloat64",
       {instantiated, initialization},
       [](const Simulation& s) { return s.set("initial_soc", {0.4}); }},
      {"fmi3SetUInt64", {instantiated, initialization}, [](const Simulation& s) { return s.set_seed(9); }},
      {"fmi3SetBoolean", kWritable,
       [](const Simulation& s) { return s.set_bleed(std::vector<std::uint8_t>(s.fmu().elements("bleed"), 1)); }},
  };
}

std::vector<Call> all_calls() {
  std::vector<Call> calls = {
      CALL(fmi3SetDebugLogging, kAlways, true, 0, nullptr),
      CALL(fmi3EnterInitializationMode, {instantiated}, false, 0, 0, false, 0),
      CALL(fmi3ExitInitializationMode, {initialization}),
      CALL(fmi3Terminate, {step}),
      CALL(fmi3Reset, kAlways),
      NO_VARIABLES(Float32),
      NO_VARIABLES(Float64),
      NO_VARIABLES(Int8),
      NO_VARIABLES(UInt8),
      NO_VARIABLES(Int16),
      NO_VARIABLES(UInt16),
      NO_VARIABLES(Int32),
      NO_VARIABLES(UInt32),
      NO_VARIABLES(Int64),
      NO_VARIABLES(UInt64),
      NO_VARIABLES(Boolean),
      NO_VARIABLES(String),
      CALL(fmi3GetBinary, kReadable, nullptr, 0, nullptr, nullptr, 0),
      CALL(fmi3SetBinary, kWritable, nullptr, 0, nullptr, nullptr, 0),
      CALL(fmi3GetClock, kReadable, nullptr, 0, nullptr),
      CALL(fmi3SetClock, kWritable, nullptr, 0, nullptr),
      // not offered
      CALL(fmi3EnterEventMode, kNever),
      CALL(fmi3EnterStepMode, kNever),
      CALL(fmi3EnterConfigurationMode, kNever),
      CALL(fmi3ExitConfigurationMode, kNever),
      CALL(fmi3GetNumberOfVariableDependencies, kNever, 0, nullptr),
      CALL(fmi3GetVariableDependencies, kNever, 0, nullptr, nullptr, nullptr, nullptr, 0),
      CALL(fmi3GetDirectionalDerivative, kNever, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0),
      CALL(fmi3GetAdjointDerivative, kNever, nullptr, 0, nullptr, 0, nullptr, 0, nullptr, 0),
      CALL(fmi3GetOutputDerivatives, kNever, nullptr, 0, nullptr, nullptr, 0),
      CALL(fmi3GetIntervalDecimal, kNever, nullptr, 0, nullptr, nullptr),
      CALL(fmi3GetIntervalFraction, kNever, nullptr, 0, nullptr, nullptr, nullptr),
      CALL(fmi3GetShiftDecimal, kNever, nullptr, 0, nullptr),
      CALL(fmi3GetShiftFraction, kNever, nullptr, 0, nullptr, nullptr),
      CALL(fmi3SetIntervalDecimal, kNever, nullptr, 0, nullptr),
      CALL(fmi3SetIntervalFraction, kNever, nullptr, 0, nullptr, nullptr),
      CALL(fmi3SetShiftDecimal, kNever, nullptr, 0, nullptr),
      CALL(fmi3SetShiftFraction, kNever, nullptr, 0, nullptr, nullptr),
      CALL(fmi3EvaluateDiscreteStates, kNever),
      CALL(fmi3UpdateDiscreteStates, kNever, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr),
      CALL(fmi3EnterContinuousTimeMode, kNever),
      CALL(fmi3CompletedIntegratorStep, kNever, false, nullptr, nullptr),
      CALL(fmi3SetTime, kNever, 0),
      CALL(fmi3SetContinuousStates, kNever, nullptr, 0),
      CALL(fmi3GetContinuousStateDerivatives, kNever, nullptr, 0),
      CALL(fmi3GetEventIndicators, kNever, nullptr, 0),
      CALL(fmi3GetContinuousStates, kNever, nullptr, 0),
      CALL(fmi3GetNominalsOfContinuousStates, kNever, nullptr, 0),
      CALL(fmi3GetNumberOfEventIndicators, kNever, nullptr),
      CALL(fmi3GetNumberOfContinuousStates, kNever, nullptr),
      CALL(fmi3ActivateModelPartition, kNever, 0, 0),
  };
  for (Call& call : state_calls()) calls.push_back(std::move(call));
  return calls;
}

TEST(Lifecycle, EveryCallIsTakenWhereTheStandardAllowsItAndRefusedElsewhere) {
  for (const Call& call : all_calls()) {
    for (const Stage stage : kStages) {
      SCOPED_TRACE(std::string(call.name) + " in " + stage_name(stage));
      const Simulation simulation(fmu(), stage);
      const bool allowed = call.allowed.contains(stage);
      EXPECT_EQ(call.call(simulation), allowed ? fmi3OK : fmi3Error);
      EXPECT_EQ(simulation.log.size(), allowed ? 0 : 1);
    }
  }
}

TEST(Lifecycle, ARefusedCallNamesItselfAndChangesNothing) {
  for (const Call& call : all_calls()) {
    for (const Stage stage : kStages) {
      if (call.allowed.contains(stage)) continue;
      SCOPED_TRACE(std::string(call.name) + " in " + stage_name(stage));
      const Simulation simulation(fmu(), stage);
      const auto before = simulation.bytes();
      EXPECT_EQ(call.call(simulation), fmi3Error);
      EXPECT_THAT(simulation.last_message(), HasSubstr(std::string(call.name) + ": "));
      const bool parameter = call.allowed == std::set<Stage>{instantiated, initialization} && stage == step;
      if (!call.allowed.empty() && !parameter) {
        EXPECT_THAT(simulation.last_message(), HasSubstr("'" + stage_name(stage) + "'"));
      }
      EXPECT_EQ(simulation.bytes(), before);
    }
  }
}

TEST(Lifecycle, EveryCallRefusesTheNullInstance) {
  struct Null : Simulation {
    Null() : Simulation() { ours = handle, handle = nullptr; }
    ~Null() { handle = ours; }
    fmi3Instance ours;
  };
  const Null null;
  for (const Call& call : all_calls()) EXPECT_EQ(call.call(null), fmi3Error) << call.name;
  FMI(fmu(), fmi3FreeInstance)(nullptr);
}

TEST(Lifecycle, ResetLeadsBackToTheBeginningFromEverywhere) {
  const Simulation fresh;
  for (const Stage stage : kStages) {
    const Simulation simulation;
    simulation.set("initial_soc", {0.9});
    simulation.set("pack_current", {-50});
    const_cast<Simulation&>(simulation).lead_to(stage);
    if (stage == step) simulation.step(0, 10);
    EXPECT_EQ(FMI(fmu(), fmi3Reset)(simulation.handle), fmi3OK);
    EXPECT_EQ(simulation.bytes(), fresh.bytes()) << stage_name(stage);
  }
}

TEST(Lifecycle, TheVersionIsThatOfTheStandard) { EXPECT_STREQ(FMI(fmu(), fmi3GetVersion)(), "3.0"); }

}  // namespace
}  // namespace packbench::fmi_test
