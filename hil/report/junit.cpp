#include "hil/report/junit.h"

#include <algorithm>

#include "hil/report/coverage.h"
#include "hil/report/text.h"

namespace packbench::hil {
namespace {

using sim::Verdict;

struct Case {
  std::string name;
  Verdict verdict = Verdict::pass;
  std::string message;  // one sentence: why
  std::string output;   // measured values and how to reproduce
};

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + xml_escaped(value) + "\"";
}

std::string title_of(const RunResult& run) {
  return run.scenario + (run.simulated ? " simulated" : " on " + run.device);
}

std::string attributes(const Counts& counts) {
  return attribute("tests", std::to_string(counts.tests)) + attribute("failures", std::to_string(counts.failures)) +
         attribute("errors", std::to_string(counts.errors));
}

std::string with_unit(const char* label, const std::optional<double>& value, const std::string& unit) {
  if (!value) return {};
  return std::string(label) + " " + rounded(*value, 6) + (unit.empty() || unit == "1" ? "" : " " + unit) + "\n";
}

std::string output_of(const sim::CheckResult& check, const RunResult& run) {
  std::string text = check.formula + "\n" + with_unit("measured:", check.measured, check.unit) +
                     with_unit("limit:", check.limit, check.unit) + with_unit("margin:", check.margin, check.unit);
  if (check.marginal) text += "marginal: the margin is below the resolution of the measurement\n";
  text += with_unit("at:", check.worst_at_s, "s") + check.detail + "\n";
  return text + "reproduce: " + run.command + "\n";
}

std::vector<Case> cases_of(const RunResult& run) {
  std::vector<Case> cases;
  if (run.checks.empty() || failed_outside_checks(run)) {
    cases.push_back({"run", run.verdict, run.reason, "reproduce: " + run.command + "\n"});
  }
  for (const sim::CheckResult& check : run.checks) {
    cases.push_back({check.name, check.verdict, check.detail, output_of(check, run)});
  }
  return cases;
}

Counts count(const std::vector<Case>& cases) {
  const auto with = [&](Verdict verdict) {
    return static_cast<std::size_t>(std::ranges::count(cases, verdict, &Case::verdict));
  };
  return {cases.size(), with(Verdict::fail), with(Verdict::inconclusive), with(Verdict::skipped)};
}

std::string outcome(const Case& test) {
  const std::string message = attribute("message", test.message);
  switch (test.verdict) {
    case Verdict::pass:
      return {};
    case Verdict::skipped:
      return "      <skipped" + message + "/>\n";
    case Verdict::fail:
      return "      <failure" + message + attribute("type", "fail") + ">" + xml_escaped(test.output) + "</failure>\n";
    case Verdict::inconclusive:
      return "      <error" + message + attribute("type", "inconclusive") + ">" + xml_escaped(test.output) +
             "</error>\n";
  }
  return {};
}

std::string case_text(const Case& test, const RunResult& run, double share_s) {
  return "    <testcase" + attribute("name", test.name) + attribute("classname", title_of(run)) +
         attribute("time", rounded(share_s, 6)) + ">\n" + outcome(test) + "      <system-out>" +
         xml_escaped(test.output) + "</system-out>\n    </testcase>\n";
}

std::string property(const std::string& name, const std::string& value) {
  return "      <property" + attribute("name", name) + attribute("value", value) + "/>\n";
}

std::string telemetry_properties(const TelemetrySummary& telemetry) {
  std::string text = property("telemetry_records", std::to_string(telemetry.records)) +
                     property("telemetry_never_arrived", std::to_string(telemetry.never_arrived)) +
                     property("telemetry_latency_count", std::to_string(telemetry.latency_count));
  for (const auto& [name, value_s] : {std::pair("p50", telemetry.latency_p50_s),
                                      {"p95", telemetry.latency_p95_s},
                                      {"p99", telemetry.latency_p99_s},
                                      {"max", telemetry.latency_max_s}})
    text += property(std::string("telemetry_latency_") + name + "_s", rounded(value_s, 6));
  return text;
}

std::string properties(const RunResult& run) {
  std::string text = "    <properties>\n" + property("file", run.file) + property("device", run.device) +
                     property("firmware", run.firmware) + property("seed", std::to_string(run.seed)) +
                     property("verdict", std::string(sim::verdict_name(run.verdict))) +
                     property("sim_s", rounded(run.sim_s, 9)) + property("trace", run.trace) +
                     property("trace_hash", run.trace_hash) + property("first_fault", run.first_fault.value_or("")) +
                     property("command", run.command);
  if (!run.defect.empty()) text += property("defect", run.defect);
  if (run.telemetry) text += telemetry_properties(*run.telemetry);
  for (const std::string& id : run.requirement) text += property("requirement", id);
  return text + "    </properties>\n";
}

std::string suite_text(const RunResult& run, const std::vector<Case>& cases, const std::string& started,
                       std::size_t id) {
  const Counts counts = count(cases);
  std::string text = "  <testsuite" + attribute("name", title_of(run)) + attribute("id", std::to_string(id)) +
                     attributes(counts) + attribute("skipped", std::to_string(counts.skipped)) +
                     attribute("time", rounded(run.wall_s, 6)) + attribute("timestamp", started.substr(0, 19)) + ">\n" +
                     properties(run);
  for (const Case& test : cases) text += case_text(test, run, run.wall_s / static_cast<double>(cases.size()));
  std::string output = run.reason + "\n";
  for (const std::string& note : run.notes) output += note + "\n";
  return text + "    <system-out>" + xml_escaped(output) + "</system-out>\n  </testsuite>\n";
}

}  // namespace

std::string junit_text(const SessionResult& session) {
  std::string suites;
  Counts total;
  for (std::size_t i = 0; i < session.runs.size(); ++i) {
    const auto cases = cases_of(session.runs[i]);
    const Counts counts = count(cases);
    total.tests += counts.tests;
    total.failures += counts.failures;
    total.errors += counts.errors;
    suites += suite_text(session.runs[i], cases, session.started, i);
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "packbench") +
         attributes(total) + attribute("time", rounded(session.wall_s, 6)) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace packbench::hil
