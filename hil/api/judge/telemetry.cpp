#include "hil/api/judge/telemetry.h"

#include <algorithm>

#include "hil/api/judge/api_signals.h"
#include "hil/api/judge/cloud_path.h"
#include "hil/api/judge/telemetry_verdict.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kMostFindings = 20;  // of a summary

std::unique_ptr<CloudPath> make_path(CloudRun& run) {
  if (run.options.remote_url.empty()) return make_built_in_path(run);
  return run.options.board_id.empty() ? make_remote_path(run) : make_board_path(run);
}

}  // namespace

struct Telemetry::Data {
  Data(const sim::Scenario& scenario, TelemetryOptions options)
      : run(scenario, std::move(options)), path(make_path(run)) {}

  // Whether the report is one that was not there before.
  bool notice(sim::TimeNs now, const DeviceReport& report) {
    const packlink_status_t& status = report.status;
    new_measurement = report.has_status && (!noticed || status.measurement_sequence != last.measurement_sequence ||
                                            status.boot_count != last.boot_count);
    const bool fresh = new_measurement || (report.has_status && status.uptime_us != last.uptime_us);
    if (!fresh) return false;
    last = status;
    noticed = pending = true;
    reported = now;
    return true;
  }

  // At an instant, the newest report that was not sent yet.
  void send_when_due(sim::TimeNs now) {
    if (now < next_due) return;
    next_due = (now / run.period + 1) * run.period;
    if (!std::exchange(pending, false)) return;
    path->send(last, reported, now);
  }

  void judge(sim::TimeNs now) {
    if (judged || !run.trouble.empty()) return;
    judged = true;
    path->judge(now);
  }

  CloudRun run;
  std::unique_ptr<CloudPath> path;
  sim::TimeNs phases_start = 0;
  packlink_status_t last{};
  bool noticed = false, new_measurement = false, pending = false, judged = false;
  sim::TimeNs reported = 0, next_due = 0;
};

Telemetry::Telemetry(const sim::Scenario& scenario, TelemetryOptions options)
    : data_(std::make_unique<Data>(scenario, std::move(options))) {}

Telemetry::~Telemetry() = default;

void Telemetry::start_phases(sim::TimeNs now) {
  data_->phases_start = now;
  data_->run.truth.start_phases(now);
}

void Telemetry::set_outage(bool active) {
  CloudRun& run = data_->run;
  run.cut_off = active;
  if (active && !run.options.board_id.empty() && run.trouble.empty())
    run.trouble = "the scenario injects an outage, and a board that sends by itself cannot be cut off from here.";
}

std::string Telemetry::step(sim::TimeNs now, const DeviceReport& report, sim::Frame& frame) {
  Data& data = *data_;
  CloudRun& run = data.run;
  const bool went_well = run.trouble.empty();
  const bool fresh = data.notice(now, report);
  run.truth.sample(now, frame, data.new_measurement);
  if (went_well) {
    if (fresh) data.path->hear(data.last, now);
    data.path->sample(now);
    if (run.trouble.empty()) data.send_when_due(now);
  }
  if (run.newest) {
    const std::int64_t age_ms = data.path->now_ms(now) - run.newest->measured_ms;
    write_api_signals(*run.newest, static_cast<double>(age_ms) * 1e-3, run.count, frame);
  }
  return went_well ? run.trouble : "";
}

std::vector<sim::CheckResult> Telemetry::judge(sim::TimeNs now, const std::vector<sim::CheckSpec>& specs) {
  Data& data = *data_;
  CloudRun& run = data.run;
  for (const sim::CheckSpec& spec : specs) {
    if (spec.kind == sim::CheckKind::telemetry_consistent) run.allowed = std::max(run.allowed, spec.latest);
  }
  data.judge(now);
  std::vector<sim::CheckResult> results;
  for (const sim::CheckSpec& spec : specs) {
    if (spec.kind != sim::CheckKind::telemetry_consistent) continue;
    results.push_back(telemetry_verdict(
        spec, {run.sent, run.findings, run.trouble, run.truth, data.phases_start, data.path->resolution(),
               data.path->about_api(), !run.options.remote_url.empty(), run.stale, run.silences}));
  }
  return results;
}

TelemetrySummary Telemetry::summary() const {
  const Data& data = *data_;
  TelemetrySummary summary;
  summary.reports = std::ssize(data.run.sent);
  summary.records = data.run.arrived;
  summarise_latencies(data.run.sent, summary);
  if (data.judged) summary.never_arrived = std::max<std::int64_t>(summary.reports - summary.records, 0);
  data.path->summarise(summary);
  for (const Finding& finding : data.run.findings) {
    if (summary.findings.size() < kMostFindings) summary.findings.push_back(finding.text);
  }
  return summary;
}

}  // namespace packbench::hil::api
