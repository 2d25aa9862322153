#include "hil/report/report.h"

#include <algorithm>

#include "hil/report/html.h"
#include "hil/report/junit.h"
#include "hil/report/output_file.h"
#include "hil/report/results_json.h"

namespace packbench::hil {
namespace {

void keep_first(std::string& error, std::string next) {
  if (error.empty()) error = std::move(next);
}

}  // namespace

sim::Verdict session_verdict(const SessionResult& session) {
  const auto any = [&](sim::Verdict verdict) {
    return std::ranges::count(session.runs, verdict, &RunResult::verdict) > 0;
  };
  if (any(sim::Verdict::fail)) return sim::Verdict::fail;
  const auto only_simulated = [](const RunResult& run) {
    return run.simulated && run.verdict == sim::Verdict::skipped;
  };
  if (!session.runs.empty() && std::ranges::all_of(session.runs, only_simulated)) return sim::Verdict::skipped;
  if (any(sim::Verdict::inconclusive) || !any(sim::Verdict::pass)) return sim::Verdict::inconclusive;
  return sim::Verdict::pass;
}

std::string write_reports(const SessionResult& session, const std::filesystem::path& out,
                          const std::optional<std::filesystem::path>& junit_file) {
  std::string error;
  if (!out.empty()) {
    keep_first(error, write_whole_file(out / "results.json", results_text(session)));
    keep_first(error, write_whole_file(out / "junit.xml", junit_text(session)));
    keep_first(error, write_whole_file(out / "report.html", html_text(session)));
  }
  if (junit_file) keep_first(error, write_whole_file(*junit_file, junit_text(session)));
  return error;
}

}  // namespace packbench::hil
