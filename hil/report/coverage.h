// Coverage: which requirement was judged by which run, and how.
//
// A simulation of the pack alone says nothing about a device and covers no requirement.
//
// A run covers a requirement when one of its checks, or the scenario as a whole, names it. The verdict is the worst of
// the checks that name it; where only the scenario does, or the run failed outside its checks, the run's own.
#pragma once

#include <string>
#include <vector>

#include "hil/run_result.h"

namespace packbench::hil {

struct CoverageEntry {
  std::size_t run = 0;  // index in SessionResult::runs
  sim::Verdict verdict = sim::Verdict::inconclusive;
};

enum class CoverageStatus { pass, fail, inconclusive, not_covered };
std::string_view coverage_name(CoverageStatus status);  // "pass", "fail", "inconclusive", "not covered"

struct CoverageRow {
  Requirement requirement;
  bool listed = true;  // false: a scenario names it, the requirements file does not
  CoverageStatus status = CoverageStatus::not_covered;
  std::vector<CoverageEntry> entries;
};

// All listed requirements in their order, then the unlisted ones by name.
std::vector<CoverageRow> coverage(const SessionResult& session);

// True when the run's verdict is worse than what its checks say: it crashed, was interrupted, or had no checks.
bool failed_outside_checks(const RunResult& run);

}  // namespace packbench::hil
