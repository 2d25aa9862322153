#include "hil/cli/probe_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "hil/api/values/stamp.h"
#include "hil/report/text.h"
#include "hil/version.h"

namespace packbench::hil {
namespace {

using api::probe::Finding;
using api::probe::Grade;
using api::probe::Report;
using Json = nlohmann::ordered_json;

std::string painted(Grade grade, Colours colours) {
  const std::string word = fmt::format("{:<4}", api::probe::grade_name(grade));
  if (colours == Colours::off) return word;
  constexpr const char* kCodes[] = {"32", "33", "31", "36"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<int>(grade)], word);
}

Json or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

std::string started(const Report& report) { return api::stamp_text(report.started_ms, api::StampForm::extended); }

// In the order in which they came first.
std::vector<std::string> groups_of(const Report& report) {
  std::vector<std::string> groups;
  for (const Finding& finding : report.findings) {
    if (std::ranges::find(groups, finding.group()) == groups.end()) groups.push_back(finding.group());
  }
  return groups;
}

std::string heading(const Report& report) {
  return fmt::format("{}{}, {}\n", report.url, report.quirks == "none" ? "" : ", quirks " + report.quirks,
                     report.read_only ? "read-only" : "with writing");
}

// Why the verdict is inconclusive; empty when it is not.
std::string why_inconclusive(const Report& report) {
  if (probe_verdict(report) != "inconclusive") return "";
  if (!report.unreached.empty()) return report.unreached;
  if (!report.ended_early.empty()) return report.ended_early;
  return "No record was seen, so that values, windows and order could not be judged.";
}

std::string verdict_text(const Report& report) {
  std::string text = "Verdict: " + probe_verdict(report);
  if (probe_verdict(report) == "pass" && report.count(Grade::warn) > 0) text += " with findings";
  if (report.unverified) text += ", the certificate was not verified";
  const std::string why = why_inconclusive(report);
  return why.empty() ? text + ".\n" : text + ". " + why + "\n";
}

std::string summary(const Report& report) {
  if (!report.unreached.empty()) return "Nothing could be judged. " + report.unreached + "\n";
  return fmt::format("{} checks: {} pass, {} warn, {} fail, {} skip. ", report.findings.size(),
                     report.count(Grade::pass), report.count(Grade::warn), report.count(Grade::fail),
                     report.count(Grade::skip)) +
         (report.interrupted ? "Interrupted.\n" : verdict_text(report));
}

std::string case_name(const Finding& finding) {
  return finding.device.empty() ? finding.check : finding.check + " of " + finding.device;
}

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + xml_escaped(value) + "\"";
}

std::string number(const std::string& name, std::size_t value) { return attribute(name, std::to_string(value)); }

std::string junit_case(const Finding& finding, const Report& report) {
  std::string text =
      "    <testcase" + attribute("name", case_name(finding)) + attribute("classname", report.url) + " time=\"0\">\n";
  const std::string message = attribute("message", finding.text);
  if (finding.grade == Grade::fail)
    text += "      <failure" + message + " type=\"fail\">" + xml_escaped(finding.text) + "</failure>\n";
  if (finding.grade == Grade::skip) text += "      <skipped" + message + "/>\n";
  return text + "      <system-out>" + api::probe::grade_name(finding.grade) + ": " + xml_escaped(finding.text) +
         "</system-out>\n    </testcase>\n";
}

std::string suite_start(const std::string& name, std::size_t id, const Report& report) {
  return "  <testsuite" + attribute("name", "probe " + name) + number("id", id) + " time=\"0\"" +
         attribute("timestamp", started(report).substr(0, 19));
}

std::string junit_suite(const std::string& group, std::size_t id, const Report& report) {
  std::string cases;
  std::size_t tests = 0, failures = 0, skipped = 0;
  for (const Finding& finding : report.findings) {
    if (finding.group() != group) continue;
    ++tests;
    failures += finding.grade == Grade::fail ? 1 : 0;
    skipped += finding.grade == Grade::skip ? 1 : 0;
    cases += junit_case(finding, report);
  }
  return suite_start(group, id, report) + number("tests", tests) + number("failures", failures) + number("errors", 0) +
         number("skipped", skipped) + ">\n" + cases + "  </testsuite>\n";
}

std::string inconclusive_suite(const std::string& why, std::size_t id, const Report& report) {
  return suite_start("verdict", id, report) + number("tests", 1) + number("failures", 0) + number("errors", 1) +
         number("skipped", 0) + ">\n    <testcase" + attribute("name", "verdict") + attribute("classname", report.url) +
         " time=\"0\">\n      <error" + attribute("message", why) + attribute("type", "inconclusive") + ">" +
         xml_escaped(why) + "</error>\n    </testcase>\n  </testsuite>\n";
}

}  // namespace

std::string probe_verdict(const Report& report) {
  if (report.count(Grade::fail) > 0) return "fail";
  return report.records == 0 || !report.ended_early.empty() ? "inconclusive" : "pass";
}

std::string probe_text(const Report& report, Colours colours) {
  std::string text = heading(report), device;
  for (const std::string& group : groups_of(report)) {
    device.clear();
    for (const Finding& finding : report.findings) {
      if (finding.group() != group) continue;
      if (finding.device != device) text += fmt::format("\n  {}:", finding.device);
      device = finding.device;
      const std::size_t dot = finding.check.find('.');
      text += fmt::format("\n  {}  {:<26} {}", painted(finding.grade, colours),
                          finding.check.substr(0, dot) + "." + finding.check.substr(dot + 1), finding.text);
    }
    text += "\n";
  }
  for (const auto& [name, value] : report.limits) text += fmt::format("  limit {}: {}\n", name, value);
  return text + "\n" + summary(report);
}

std::string probe_json(const Report& report) {
  Json findings = Json::array();
  for (const Finding& one : report.findings) {
    findings.push_back({{"check", one.check},
                        {"device", or_null(one.device)},
                        {"verdict", api::probe::grade_name(one.grade)},
                        {"detail", one.text}});
  }
  Json limits = Json::object();
  for (const auto& [name, value] : report.limits) limits[name] = value;
  const Json json{{"schema", 1},
                  {"packbench", kVersion},
                  {"url", report.url},
                  {"quirks", report.quirks},
                  {"read_only", report.read_only},
                  {"started", started(report)},
                  {"wall_s", report.wall_s},
                  {"verdict", probe_verdict(report)},
                  {"reason", or_null(why_inconclusive(report))},
                  {"certificate_verified", report.url.starts_with("https:") ? Json(!report.unverified) : Json()},
                  {"records", report.records},
                  {"unreached", or_null(report.unreached)},
                  {"interrupted", report.interrupted},
                  {"summary",
                   {{"pass", report.count(Grade::pass)},
                    {"warn", report.count(Grade::warn)},
                    {"fail", report.count(Grade::fail)},
                    {"skip", report.count(Grade::skip)}}},
                  {"limits", limits},
                  {"latency_ms",
                   {{"answers", report.latency.count},
                    {"p50", report.latency.p50_ms},
                    {"p95", report.latency.p95_ms},
                    {"p99", report.latency.p99_ms},
                    {"max", report.latency.max_ms}}},
                  {"findings", findings}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string probe_junit(const Report& report) {
  std::string suites;
  const std::vector<std::string> groups = groups_of(report);
  for (std::size_t i = 0; i < groups.size(); ++i) suites += junit_suite(groups[i], i, report);
  const std::string why = why_inconclusive(report);
  if (!why.empty()) suites += inconclusive_suite(why, groups.size(), report);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "packbench probe") +
         number("tests", report.findings.size() + (why.empty() ? 0 : 1)) +
         number("failures", report.count(Grade::fail)) + number("errors", why.empty() ? 0 : 1) +
         attribute("time", fmt::format("{:.6g}", report.wall_s)) + ">\n" + suites + "</testsuites>\n";
}

}  // namespace packbench::hil
