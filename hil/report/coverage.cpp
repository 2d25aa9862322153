#include "hil/report/coverage.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace packbench::hil {
namespace {

using sim::Verdict;

int severity(Verdict verdict) {
  switch (verdict) {
    case Verdict::skipped:
      return 0;
    case Verdict::pass:
      return 1;
    case Verdict::inconclusive:
      return 2;
    case Verdict::fail:
      return 3;
  }
  return 3;
}

Verdict worse(Verdict a, Verdict b) { return severity(a) >= severity(b) ? a : b; }

bool names(const std::vector<std::string>& requirements, const std::string& id) {
  return std::ranges::find(requirements, id) != requirements.end();
}

// How `run` judged the requirement `id`, or nothing when it has no say.
std::optional<Verdict> verdict_of(const RunResult& run, const std::string& id) {
  if (run.simulated) return std::nullopt;
  std::optional<Verdict> verdict;
  for (const sim::CheckResult& check : run.checks) {
    if (names(check.requirement, id)) verdict = verdict ? worse(*verdict, check.verdict) : check.verdict;
  }
  const bool whole_run = names(run.requirement, id);
  if (!verdict && whole_run) return run.verdict;
  if (verdict && failed_outside_checks(run)) return worse(*verdict, run.verdict);
  return verdict;
}

CoverageStatus status_of(const std::vector<CoverageEntry>& entries) {
  Verdict worst = Verdict::skipped;
  for (const CoverageEntry& entry : entries) worst = worse(worst, entry.verdict);
  switch (worst) {
    case Verdict::pass:
      return CoverageStatus::pass;
    case Verdict::fail:
      return CoverageStatus::fail;
    case Verdict::inconclusive:
      return CoverageStatus::inconclusive;
    case Verdict::skipped:
      return CoverageStatus::not_covered;
  }
  return CoverageStatus::not_covered;
}

CoverageRow row_of(const SessionResult& session, const Requirement& requirement, bool listed) {
  CoverageRow row{requirement, listed, CoverageStatus::not_covered, {}};
  for (std::size_t i = 0; i < session.runs.size(); ++i) {
    if (const auto verdict = verdict_of(session.runs[i], requirement.id)) row.entries.push_back({i, *verdict});
  }
  row.status = status_of(row.entries);
  return row;
}

std::set<std::string> unlisted(const SessionResult& session) {
  std::set<std::string> ids;
  for (const RunResult& run : session.runs) {
    if (run.simulated) continue;
    ids.insert(run.requirement.begin(), run.requirement.end());
    for (const sim::CheckResult& check : run.checks) ids.insert(check.requirement.begin(), check.requirement.end());
  }
  for (const Requirement& requirement : session.requirements) ids.erase(requirement.id);
  return ids;
}

}  // namespace

std::string_view coverage_name(CoverageStatus status) {
  static constexpr std::array<std::string_view, 4> kNames{"pass", "fail", "inconclusive", "not covered"};
  return kNames[static_cast<std::size_t>(status)];
}

bool failed_outside_checks(const RunResult& run) {
  Verdict worst = Verdict::skipped;
  for (const sim::CheckResult& check : run.checks) worst = worse(worst, check.verdict);
  return severity(run.verdict) > severity(worst) && run.verdict != Verdict::pass;
}

std::vector<CoverageRow> coverage(const SessionResult& session) {
  std::vector<CoverageRow> rows;
  for (const Requirement& requirement : session.requirements) rows.push_back(row_of(session, requirement, true));
  for (const std::string& id : unlisted(session)) {
    Requirement requirement;
    requirement.id = id;
    rows.push_back(row_of(session, requirement, false));
  }
  return rows;
}

}  // namespace packbench::hil
