#include "hil/session.h"

#include <csignal>

#include <gtest/gtest.h>

namespace packbench::hil {
namespace {

using sim::Verdict;

SessionResult session_of(std::initializer_list<Verdict> verdicts) {
  SessionResult session;
  for (const Verdict verdict : verdicts) session.runs.emplace_back().verdict = verdict;
  return session;
}

TEST(ExitCode, IsZeroOnlyWithAPassAndNothingWorseThanSkipped) {
  EXPECT_EQ(exit_code_of(session_of({Verdict::pass})), 0);
  EXPECT_EQ(exit_code_of(session_of({Verdict::pass, Verdict::skipped})), 0);
}

TEST(ExitCode, NothingJudgedIsNeverAPass) {
  EXPECT_EQ(exit_code_of(session_of({})), 2);
  EXPECT_EQ(exit_code_of(session_of({Verdict::skipped})), 2);
  EXPECT_EQ(exit_code_of(session_of({Verdict::inconclusive, Verdict::pass})), 2);
}

TEST(ExitCode, AFailOutweighsAnInconclusive) {
  EXPECT_EQ(exit_code_of(session_of({Verdict::inconclusive, Verdict::fail, Verdict::pass})), 1);
}

TEST(ExitCode, AnInterruptionSaysWhichSignal) {
  SessionResult session = session_of({Verdict::fail});
  session.interrupted = true;
  session.signal = SIGINT;
  EXPECT_EQ(exit_code_of(session), 130);
  session.signal = SIGTERM;
  EXPECT_EQ(exit_code_of(session), 143);
}

}  // namespace
}  // namespace packbench::hil
