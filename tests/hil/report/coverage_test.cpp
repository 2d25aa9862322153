#include "hil/report/coverage.h"

#include <gmock/gmock.h>

#include "hil/report/report.h"
#include "tests/hil/report/example_session.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

RunResult run_with(Verdict verdict, std::vector<std::pair<std::string, Verdict>> checks,
                   std::vector<std::string> requirement = {}) {
  RunResult run;
  run.verdict = verdict;
  run.requirement = std::move(requirement);
  for (const auto& [id, check_verdict] : checks) {
    sim::CheckResult check;
    check.requirement = {id};
    check.verdict = check_verdict;
    run.checks.push_back(check);
  }
  return run;
}

SessionResult session_with(std::vector<RunResult> runs) {
  SessionResult session;
  session.requirements = {{"A", "", "", {}}, {"B", "", "", {}}};
  session.runs = std::move(runs);
  return session;
}

TEST(Coverage, ARequirementThatNoRunNamesIsNotCovered) {
  const auto rows = coverage(session_with({run_with(Verdict::pass, {{"A", Verdict::pass}})}));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].status, CoverageStatus::pass);
  EXPECT_EQ(rows[1].status, CoverageStatus::not_covered);
}

TEST(Coverage, ASkippedRunDoesNotCover) {
  const auto rows = coverage(session_with({run_with(Verdict::skipped, {}, {"A"})}));
  EXPECT_EQ(rows[0].status, CoverageStatus::not_covered);
  EXPECT_EQ(rows[0].entries.size(), 1u);
}

TEST(Coverage, TheWorstCheckThatNamesItDecidesAndOthersDoNot) {
  const auto run = run_with(Verdict::fail, {{"A", Verdict::pass}, {"B", Verdict::pass}, {"B", Verdict::fail}});
  const auto rows = coverage(session_with({run}));
  EXPECT_EQ(rows[0].status, CoverageStatus::pass);
  EXPECT_EQ(rows[1].status, CoverageStatus::fail);
}

TEST(Coverage, APassedCheckIsNoEvidenceInARunThatCrashed) {
  const auto rows = coverage(session_with({run_with(Verdict::fail, {{"A", Verdict::pass}})}));
  EXPECT_EQ(rows[0].status, CoverageStatus::fail);
}

TEST(Coverage, OneFailAmongManyRunsFails) {
  const auto good = run_with(Verdict::pass, {{"A", Verdict::pass}}),
             bad = run_with(Verdict::fail, {{"A", Verdict::fail}});
  EXPECT_EQ(coverage(session_with({good, bad, good}))[0].status, CoverageStatus::fail);
}

TEST(Coverage, NamesThatTheFileDoesNotListAreShownAsSuch) {
  const auto rows = coverage(session_with({run_with(Verdict::pass, {{"A", Verdict::pass}}, {"TYPO-1"})}));
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].requirement.id, "TYPO-1");
  EXPECT_FALSE(rows[2].listed);
  EXPECT_EQ(rows[2].status, CoverageStatus::pass);
}

TEST(SessionVerdict, FailBeforeInconclusiveBeforePassAndNothingJudgedIsNoPass) {
  const auto verdict_of = [](std::vector<Verdict> verdicts) {
    SessionResult session;
    for (const Verdict verdict : verdicts) session.runs.push_back(run_with(verdict, {}));
    return session_verdict(session);
  };
  EXPECT_EQ(verdict_of({}), Verdict::inconclusive);
  EXPECT_EQ(verdict_of({Verdict::skipped}), Verdict::inconclusive);
  EXPECT_EQ(verdict_of({Verdict::pass, Verdict::skipped}), Verdict::pass);
  EXPECT_EQ(verdict_of({Verdict::pass, Verdict::inconclusive}), Verdict::inconclusive);
  EXPECT_EQ(verdict_of({Verdict::inconclusive, Verdict::fail, Verdict::pass}), Verdict::fail);
}

}  // namespace
}  // namespace packbench::hil
