#include "hil/api/probe/probe.h"

#include <algorithm>

#include "hil/api/probe/groups.h"

namespace packbench::hil::api::probe {
namespace {

void judge_devices_and_records(Session& session, Findings& findings, Report& report) {
  const std::vector<std::string> devices = judge_devices(session, findings);
  if (devices.empty()) return findings.skip("telemetry.latest", "There is no device to look at.");
  for (const std::string& device : devices) {
    findings.about(device);
    report.records += judge_telemetry(session, findings, device);
  }
  findings.about(devices.front());
  judge_limits(session, findings, devices.front(), report);
  judge_refusals(session, findings, devices.front());
  findings.about("");
}

void judge_what_answers(Session& session, Findings& findings, Report& report) {
  if (!judge_auth(session, findings)) return;
  judge_devices_and_records(session, findings, report);
  if (session.options().write) judge_writing(session, findings);
  judge_clock(session, findings);
}

void judge_all(Session& session, Findings& findings, Report& report) {
  try {
    if (judge_reach(session, findings, report)) judge_what_answers(session, findings, report);
  } catch (const EndOfProbe& end) {
    report.ended_early = end.why;
  }
  findings.about("");
  if (session.latency().count == 0) return;
  session.judge_all(findings);
  judge_latency(session, findings, report);
}

}  // namespace

std::optional<Quirks> find_quirks(const std::string& name) {
  if (name == "none") return Quirks{};
  if (name != "xbattery-2025") return std::nullopt;
  return Quirks{name, true, true, true, true};
}

const char* grade_name(Grade grade) {
  constexpr const char* kNames[] = {"pass", "warn", "fail", "skip"};
  return kNames[static_cast<int>(grade)];
}

std::size_t Report::count(Grade grade) const {
  return static_cast<std::size_t>(std::ranges::count(findings, grade, &Finding::grade));
}

Report run(const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  Session session(options);
  Report report;
  report.url = options.url;
  report.quirks = options.quirks.name;
  report.read_only = !options.write;
  report.unverified = session.endpoint().encrypted && !options.verify;
  report.started_ms = options.clock();
  Findings findings(report.findings);
  judge_all(session, findings, report);
  report.interrupted = session.stopped();
  report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace packbench::hil::api::probe
