// Creating an instance: what is wrong with the arguments or the unzipped FMU is told, and no instance is made.
#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>

#include "fmu.h"

namespace packbench::fmi_test {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

void record(fmi3InstanceEnvironment environment, fmi3Status status, fmi3String category, fmi3String message) {
  EXPECT_EQ(status, fmi3Error);
  EXPECT_STREQ(category, "logStatusError");
  static_cast<std::vector<std::string>*>(environment)->emplace_back(message);
}

struct Arguments {
  const char* name = "pack";
  std::string token = fmu().token();
  std::string resources = fmu().resources();
  bool logging = false, event_mode = false, early_return = false;
  std::size_t intermediate = 0;
};

// The messages when no instance came.
std::vector<std::string> refused(const Arguments& how) {
  std::vector<std::string> log;
  const std::uint32_t reference = 0;
  const fmi3Instance instance = FMI(fmu(), fmi3InstantiateCoSimulation)(
      how.name, how.token.c_str(), how.resources.c_str(), false, how.logging, how.event_mode, how.early_return,
      &reference, how.intermediate, &log, record, nullptr);
  EXPECT_EQ(instance, nullptr);
  FMI(fmu(), fmi3FreeInstance)(instance);
  return log;
}

TEST(Instantiate, RefusesWhatTheModelDescriptionDoesNotOffer) {
  EXPECT_THAT(refused({.event_mode = true}), ElementsAre(HasSubstr("event mode is not supported")));
  EXPECT_THAT(refused({.intermediate = 1}), ElementsAre(HasSubstr("intermediate update is not supported")));
  std::vector<std::string> log;
  EXPECT_EQ(FMI(fmu(), fmi3InstantiateModelExchange)("pack", "", "", false, false, &log, record), nullptr);
  EXPECT_EQ(FMI(fmu(), fmi3InstantiateScheduledExecution)("pack", "", "", false, false, &log, record, nullptr, nullptr,
                                                          nullptr),
            nullptr);
  EXPECT_THAT(log, ElementsAre(HasSubstr("co-simulation only"), HasSubstr("co-simulation only")));
}

TEST(Instantiate, RefusesAnotherToken) {
  EXPECT_THAT(refused({.token = fmu("groups").token()}), ElementsAre(HasSubstr("token is not the one of this FMU")));
  EXPECT_THAT(refused({.token = ""}), ElementsAre(HasSubstr("token")));
}

TEST(Instantiate, RefusesAMissingName) {
  EXPECT_THAT(refused({.name = nullptr}), ElementsAre(HasSubstr("no name")));
  EXPECT_THAT(refused({.name = ""}), ElementsAre(HasSubstr("no name")));
}

TEST(Instantiate, NamesTheResourceFileThatCannotBeRead) {
  EXPECT_THAT(refused({.resources = "/nowhere/"}), ElementsAre(HasSubstr("'/nowhere/pack.json' cannot be read")));
}

TEST(Instantiate, TakesTheResourceFolderWithAndWithoutSlash) {
  for (const std::string& path : {fmu().resources(), fs::path(fmu().resources()).parent_path().string()}) {
    const fmi3Instance instance = FMI(fmu(), fmi3InstantiateCoSimulation)(
        "pack", fmu().token().c_str(), path.c_str(), true, false, false, true, nullptr, 0, nullptr, nullptr, nullptr);
    EXPECT_NE(instance, nullptr) << path;
    FMI(fmu(), fmi3FreeInstance)(instance);
  }
}

class BrokenResources : public ::testing::Test {
 protected:
  BrokenResources() {
    std::ifstream stream(fmu().resources() + "pack.json");
    text_.assign(std::istreambuf_iterator<char>(stream), {});
    fs::create_directories(folder_);
  }
  ~BrokenResources() override { fs::remove_all(folder_); }

  std::string message(const std::string& text) {
    std::ofstream(folder_ / "pack.json") << text;
    const auto log = refused({.resources = folder_.string()});
    return log.size() == 1 ? log.front() : "no single message";
  }
  std::string changed(const std::string& from, const std::string& to) {
    std::string text = text_;
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return text.replace(text.find(from), from.size(), to);
  }

  std::string text_;
  fs::path folder_ = fs::temp_directory_path() / ("packbench-broken-" + std::to_string(::getpid()));
};

TEST_F(BrokenResources, AreNamed) {
  EXPECT_THAT(message(""), HasSubstr("not JSON"));
  EXPECT_THAT(message("{}"), HasSubstr("pack.json.token is missing"));
  EXPECT_THAT(message("[1]"), HasSubstr("pack.json is not an object"));
  EXPECT_THAT(message(text_.substr(0, text_.size() / 2)), HasSubstr("not JSON"));
  EXPECT_THAT(message(changed("\"cells\"", "\"sells\"")), HasSubstr("pack.json.pack.cells is missing"));
  EXPECT_THAT(message(changed("\"cells\"", "\"more\": 1, \"cells\"")), HasSubstr("members that are not known"));
  EXPECT_THAT(message(changed("\"cells\": 15", "\"cells\": \"15\"")),
              HasSubstr("pack.json.pack.cells is not a number"));
  EXPECT_THAT(message(changed("\"cells\": 15", "\"cells\": 0")), HasSubstr("0"));
}

TEST(Logging, IsOffWhenItIsSwitchedOffAndSaysErrorsWhenItIsOn) {
  const Simulation simulation;
  const auto logging = FMI(fmu(), fmi3SetDebugLogging);
  const fmi3String known[] = {"logStatusError"}, unknown[] = {"logEvents"};
  EXPECT_EQ(logging(simulation.handle, false, 0, nullptr), fmi3OK);
  EXPECT_EQ(simulation.step(0, 1), fmi3Error);
  EXPECT_THAT(simulation.log, IsEmpty());
  EXPECT_EQ(logging(simulation.handle, true, 1, known), fmi3OK);
  EXPECT_EQ(simulation.step(0, 1), fmi3Error);
  EXPECT_THAT(simulation.log, ElementsAre(HasSubstr("fmi3DoStep: the instance is in the state 'Instantiated'")));
  EXPECT_EQ(logging(simulation.handle, false, 1, unknown), fmi3Error);
  EXPECT_THAT(simulation.last_message(), HasSubstr("no log category 'logEvents' (expected 'logStatusError')"));
}

}  // namespace
}  // namespace packbench::fmi_test
