#include "hil/api/probe/probe.h"

#include <algorithm>

#include "hil/api/probe/groups.h"

namespace packbench::hil::api::probe {
namespace {

void judge_devices_and_records(Session& session, Findings& findings, Report& report) {
  const std::vector<std::string> devices = judge_devices(session, findings);
  if (devices.empty()) {
    findings.skip("telemetry.latest", "There is no device to look at.");
    return;
  }
  for (const std::string& device : devices) {
    findings.about(device);
    judge_telemetry(session, findings, device);
    if (session.stopped()) return;
  }
  findings.about(devices.front());
  judge_limits(session, findings, devices.front(), report);
  judge_refusals(session, findings, devices.front());
  findings.about("");
}

void judge_all(Session& session, Findings& findings, Report& report) {
  if (!judge_reach(session, findings, report)) return;
  if (!judge_auth(session, findings)) return session.judge_all(findings);
  judge_devices_and_records(session, findings, report);
  findings.about("");
  if (session.options().write && !session.stopped()) judge_writing(session, findings);
  judge_clock(session.get("/devices"), session.options(), findings);
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
  report.started_ms = options.clock();
  Findings findings(report.findings);
  judge_all(session, findings, report);
  report.interrupted = session.stopped();
  report.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace packbench::hil::api::probe
