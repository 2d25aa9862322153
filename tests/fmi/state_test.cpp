// Saved, restored and serialized states: the same bits go on from them, and nothing else is taken for one.
#include <gmock/gmock.h>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

// One serialized state after each of some steps.
std::vector<Bytes> trail(const Simulation& simulation, double time) {
  std::vector<Bytes> states;
  for (int i = 0; i < 5; ++i) {
    simulation.set("pack_current", {10.0 * (i - 3)});
    simulation.step(time, 1.5);
    time += 1.5;
    states.push_back(simulation.bytes());
  }
  return states;
}

fmi3FMUState saved(const Simulation& simulation) {
  fmi3FMUState state = nullptr;
  EXPECT_EQ(FMI(simulation.fmu(), fmi3GetFMUState)(simulation.handle, &state), fmi3OK);
  return state;
}

class State : public ::testing::TestWithParam<std::string> {
 protected:
  const Fmu& fmu() const { return fmi_test::fmu(GetParam()); }
};

TEST_P(State, TheSameBitsFollowARestoredState) {
  const Simulation simulation(fmu(), Stage::step);
  trail(simulation, 0);
  const fmi3FMUState state = saved(simulation);
  const auto first = trail(simulation, 7.5);
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, state), fmi3OK);
  EXPECT_EQ(trail(simulation, 7.5), first);
}

TEST_P(State, TheSameBitsFollowASerializedStateInAnotherInstance) {
  const Simulation one(fmu(), Stage::step), other(fmu());
  trail(one, 0);
  const Bytes bytes = one.bytes();
  const auto first = trail(one, 7.5);
  fmi3FMUState state = nullptr;
  ASSERT_EQ(FMI(fmu(), fmi3DeserializeFMUState)(other.handle, bytes.data(), bytes.size(), &state), fmi3OK);
  ASSERT_EQ(FMI(fmu(), fmi3SetFMUState)(other.handle, state), fmi3OK);
  EXPECT_EQ(other.bytes(), bytes);
  EXPECT_EQ(trail(other, 7.5), first);
}

TEST_P(State, ARestoredStateBringsItsPlaceInTheLifecycleBack) {
  const Simulation simulation(fmu());
  const fmi3FMUState begin = saved(simulation);
  const_cast<Simulation&>(simulation).lead_to(Stage::terminated);
  const fmi3FMUState end = saved(simulation);
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, begin), fmi3OK);
  EXPECT_EQ(FMI(fmu(), fmi3EnterInitializationMode)(simulation.handle, false, 0, 0, false, 0), fmi3OK);
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, end), fmi3OK);
  EXPECT_EQ(simulation.step(0, 1), fmi3Error);
}

TEST_P(State, ASavedStateDoesNotMoveWithTheInstanceUnlessItIsOverwritten) {
  const Simulation simulation(fmu(), Stage::step);
  fmi3FMUState state = saved(simulation);
  const fmi3FMUState address = state;
  const Bytes before = simulation.bytes();
  simulation.step(0, 5);
  const Bytes after = simulation.bytes();
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, state), fmi3OK);
  EXPECT_EQ(simulation.bytes(), before);
  simulation.step(0, 5);
  EXPECT_EQ(FMI(fmu(), fmi3GetFMUState)(simulation.handle, &state), fmi3OK);
  EXPECT_EQ(state, address);
  simulation.step(5, 5);
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, state), fmi3OK);
  EXPECT_EQ(simulation.bytes(), after);
}

INSTANTIATE_TEST_SUITE_P(Packs, State, ::testing::Values("series", "groups"),
                         [](const auto& about) { return about.param; });

TEST(StatePointer, IsRefusedUnlessThisInstanceHoldsIt) {
  const Simulation simulation, other;
  int somewhere = 0;
  fmi3FMUState foreign = saved(other), wild = &somewhere, freed = saved(simulation);
  const fmi3FMUState gone = freed;
  ASSERT_EQ(FMI(fmu(), fmi3FreeFMUState)(simulation.handle, &freed), fmi3OK);
  EXPECT_EQ(freed, nullptr);
  for (fmi3FMUState state : {foreign, wild, gone}) {
    std::size_t size = 0;
    EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, state), fmi3Error);
    EXPECT_THAT(simulation.last_message(), HasSubstr("not one that this instance gave out"));
    EXPECT_EQ(FMI(fmu(), fmi3GetFMUState)(simulation.handle, &state), fmi3Error);
    EXPECT_EQ(FMI(fmu(), fmi3FreeFMUState)(simulation.handle, &state), fmi3Error);
    EXPECT_EQ(FMI(fmu(), fmi3SerializedFMUStateSize)(simulation.handle, state, &size), fmi3Error);
  }
  EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, nullptr), fmi3Error);
  fmi3FMUState none = nullptr;
  EXPECT_EQ(FMI(fmu(), fmi3FreeFMUState)(simulation.handle, &none), fmi3OK);
  EXPECT_EQ(FMI(fmu(), fmi3GetFMUState)(simulation.handle, nullptr), fmi3Error);
}

TEST(StateBytes, WantAPlaceOfTheirSize) {
  const Simulation simulation;
  const fmi3FMUState state = saved(simulation);
  std::vector<std::uint8_t> place(simulation.bytes().size() + 1);
  EXPECT_EQ(FMI(fmu(), fmi3SerializeFMUState)(simulation.handle, state, place.data(), place.size()), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("(expected " + std::to_string(place.size() - 1) + ")"));
  EXPECT_EQ(FMI(fmu(), fmi3SerializeFMUState)(simulation.handle, state, place.data(), place.size() - 2), fmi3Error);
  EXPECT_EQ(FMI(fmu(), fmi3SerializeFMUState)(simulation.handle, state, nullptr, place.size() - 1), fmi3Error);
}

fmi3Status read(const Simulation& simulation, const Bytes& bytes) {
  fmi3FMUState state = nullptr;
  const fmi3Status status =
      FMI(simulation.fmu(), fmi3DeserializeFMUState)(simulation.handle, bytes.data(), bytes.size(), &state);
  EXPECT_EQ(state == nullptr, status != fmi3OK);
  return status;
}

TEST(StateBytes, AreRefusedWhenTheyAreCutShortOrGoOn) {
  const Simulation simulation;
  const Bytes bytes = simulation.bytes();
  for (std::size_t length = 0; length < bytes.size(); length += length < 200 ? 1 : 97)
    EXPECT_EQ(read(simulation, Bytes(bytes.begin(), bytes.begin() + static_cast<long>(length))), fmi3Error) << length;
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_EQ(read(simulation, longer), fmi3Error);
  EXPECT_EQ(read(simulation, bytes), fmi3OK);
}

TEST(StateBytes, OfAnotherFmuAreRefused) {
  const Simulation series(fmu("series")), groups(fmu("groups"));
  EXPECT_EQ(read(series, groups.bytes()), fmi3Error);
  EXPECT_THAT(series.last_message(), HasSubstr("not a state of this FMU"));
}

TEST(StateBytes, AnyByteMayBeWrongWithoutHarm) {
  const Simulation simulation(fmu(), Stage::step);
  const Bytes bytes = simulation.bytes();
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    Bytes wrong = bytes;
    wrong[at] ^= 0xff;
    fmi3FMUState state = nullptr;
    if (FMI(fmu(), fmi3DeserializeFMUState)(simulation.handle, wrong.data(), wrong.size(), &state) != fmi3OK) continue;
    EXPECT_EQ(FMI(fmu(), fmi3SetFMUState)(simulation.handle, state), fmi3OK);
    EXPECT_EQ(FMI(fmu(), fmi3FreeFMUState)(simulation.handle, &state), fmi3OK);
  }
}

}  // namespace
}  // namespace packbench::fmi_test
