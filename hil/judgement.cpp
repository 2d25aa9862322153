#include "hil/judgement.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace packbench::hil {
namespace {

using sim::Verdict;

const sim::CheckResult* first_with(const std::vector<sim::CheckResult>& checks, Verdict verdict) {
  const auto found = std::ranges::find(checks, verdict, &sim::CheckResult::verdict);
  return found == checks.end() ? nullptr : &*found;
}

}  // namespace

sim::CheckResult unjudged(const sim::CheckSpec& spec, Verdict verdict, const std::string& why) {
  sim::CheckResult result;
  result.name = spec.name;
  result.requirement = spec.requirement;
  result.kind = spec.kind;
  result.verdict = verdict;
  result.detail = why;
  return result;
}

std::string reason_from_checks(const RunResult& result) {
  if (const auto* failed = first_with(result.checks, Verdict::fail))
    return fmt::format("check '{}' failed: {}", failed->name, failed->detail);
  if (const auto* open = first_with(result.checks, Verdict::inconclusive))
    return fmt::format("check '{}' was not judged: {}", open->name, open->detail);
  const auto passed = std::ranges::count(result.checks, Verdict::pass, &sim::CheckResult::verdict);
  if (passed == 0)
    return result.checks.empty() ? "the scenario has no checks, so nothing was judged" : "no check was judged";
  return fmt::format("{} of {} checks passed", passed, result.checks.size());
}

std::string limit_reason(const sim::PhaseRecord& phase) {
  if (phase.until_held_throughout) {
    return fmt::format(
        "phase '{}' ended at its limit: its `until` held from the beginning and never became false first", phase.label);
  }
  return fmt::format("phase '{}' ended at its limit before its `until` came true", phase.label);
}

void cannot_judge(RunResult& result, const std::string& why) {
  if (result.verdict == Verdict::fail) return;
  result.verdict = Verdict::inconclusive;
  result.reason = why;
}

}  // namespace packbench::hil
