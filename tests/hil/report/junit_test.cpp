#include "hil/report/junit.h"

#include <gmock/gmock.h>

#include "tests/hil/report/example_session.h"

namespace packbench::hil {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string suite(std::size_t i) {
  SessionResult session = test::example_session();
  session.runs = {session.runs[i]};
  return junit_text(session);
}

TEST(Junit, AFailedCheckIsAFailureWithItsNumbersAndTheCommand) {
  const std::string text = suite(0);
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"cell overvoltage opens the charger contactor on native:\" id=\"0\" "
                              "tests=\"3\" failures=\"1\""));
  EXPECT_THAT(text, HasSubstr("<failure message=\"The answer came 5400 ms after the trigger;"));
  EXPECT_THAT(text, HasSubstr("measured: 5400 ms&#10;limit: 2300 ms&#10;margin: -3100 ms"));
  EXPECT_THAT(text, HasSubstr("reproduce: packbench run scenarios/cell_ov_trip.yaml"));
  EXPECT_THAT(text, Not(HasSubstr("name=\"run\""))) << "the check says it all";
}

TEST(Junit, AnInconclusiveRunWithoutChecksIsAnErrorOfTheTestcaseRun) {
  const std::string text = suite(2);
  EXPECT_THAT(text, HasSubstr("<testcase name=\"run\""));
  EXPECT_THAT(text, HasSubstr("<error message=\"The port /dev/ttyACM0 went away 1.2 s into the run &lt;unplugged &amp; "
                              "&quot;gone&quot;&gt;.\""));
  EXPECT_THAT(text, HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""));
}

TEST(Junit, ASkippedRunIsSkipped) { EXPECT_THAT(suite(3), HasSubstr("<skipped message=\"The device pty:/dev/pts/4")); }

TEST(Junit, ACrashThatNoCheckSawIsATestcaseOfItsOwn) {
  SessionResult session = test::example_session();
  RunResult run = session.runs[1];
  run.verdict = sim::Verdict::fail;
  run.reason = "The device stopped answering at 12.3 s.";
  session.runs = {run};
  EXPECT_THAT(junit_text(session), HasSubstr("<failure message=\"The device stopped answering at 12.3 s.\""));
  EXPECT_THAT(junit_text(session), HasSubstr("tests=\"3\" failures=\"1\""));
}

TEST(Junit, NothingThatXmlForbidsIsWritten) {
  const std::string text = junit_text(test::example_session());
  for (const char c : text) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_THAT(text, Not(HasSubstr("\xff")));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace packbench::hil
