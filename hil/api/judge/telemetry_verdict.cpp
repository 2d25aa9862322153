#include "hil/api/judge/telemetry_verdict.h"

#include <algorithm>
#include <limits>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kQuoted = 5;

std::string ms_text(sim::TimeNs time) { return fixed_text(time / sim::kMicrosecond, 3) + " ms"; }
double in_ms(sim::TimeNs time) { return static_cast<double>(time) * 1e-6; }

std::string counted(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

void quote_findings(const std::vector<const Finding*>& found, sim::CheckResult& result) {
  result.verdict = sim::Verdict::fail;
  result.unit = "findings";
  result.measured = static_cast<double>(found.size());
  result.limit = 0;
  result.margin = -*result.measured;
  result.worst_at_s = sim::to_seconds(found.front()->at);
  result.detail = counted(found.size(), "inconsistency", "inconsistencies") + ": ";
  for (std::size_t i = 0; i < std::min(found.size(), kQuoted); ++i) result.detail += (i ? "; " : "") + found[i]->text;
  result.detail += found.size() > kQuoted ? "; and more." : ".";
}

// By the nearest rank.
sim::TimeNs quantile(const std::vector<sim::TimeNs>& sorted, std::size_t percent) {
  return sorted[std::max<std::size_t>((sorted.size() * percent + 99) / 100, 1) - 1];
}

// "half within 120.000 ms, 95 of 100 within 340.000 ms"
std::string distribution(std::vector<sim::TimeNs> latencies) {
  std::ranges::sort(latencies);
  const auto within = [&](std::size_t percent) { return ms_text(quantile(latencies, percent)); };
  return "half within " + within(50) + ", 95 of 100 within " + within(95) + ", 99 within " + within(99);
}

void judge_latency(const sim::CheckSpec& spec, const Sent& slowest, std::size_t records,
                   const TelemetryEvidence& evidence, sim::CheckResult& result) {
  const sim::TimeNs latency = slowest.seen - slowest.reported;
  result.unit = "ms";
  result.measured = in_ms(latency);
  result.worst_at_s = sim::to_seconds(slowest.reported);
  result.verdict = sim::Verdict::pass;
  result.detail =
      counted(records, "record", "records") + " over the API equal the device's reports and agree with the truth";
  if (!evidence.truth.largest_text().empty())
    result.detail += " (largest deviation: " + evidence.truth.largest_text() + ")";
  result.detail += "; report to record at most " + ms_text(latency);
  if (spec.latest > 0) {
    result.limit = in_ms(spec.latest);
    result.margin = in_ms(spec.latest - latency);
    result.marginal = latency <= spec.latest && spec.latest - latency < evidence.resolution;
    if (latency > spec.latest) result.verdict = sim::Verdict::fail;
    result.detail += ", limit " + ms_text(spec.latest);
  }
  result.detail += ", resolution " + ms_text(evidence.resolution) + ".";
}

}  // namespace

void summarise_latencies(const std::vector<Sent>& sent, TelemetrySummary& summary) {
  std::vector<sim::TimeNs> latencies;
  double total_s = 0;
  for (const Sent& one : sent) {
    if (!one.timed) continue;
    latencies.push_back(one.seen - one.reported);
    total_s += sim::to_seconds(latencies.back());
  }
  if (latencies.empty()) return;
  std::ranges::sort(latencies);
  summary.latency_count = std::ssize(latencies);
  summary.latency_p50_s = sim::to_seconds(quantile(latencies, 50));
  summary.latency_p95_s = sim::to_seconds(quantile(latencies, 95));
  summary.latency_p99_s = sim::to_seconds(quantile(latencies, 99));
  summary.latency_max_s = sim::to_seconds(latencies.back());
  summary.latency_mean_s = total_s / static_cast<double>(latencies.size());
}

sim::CheckResult telemetry_verdict(const sim::CheckSpec& spec, const TelemetryEvidence& evidence) {
  sim::CheckResult result;
  result.name = spec.name;
  result.requirement = spec.requirement;
  result.kind = spec.kind;
  result.formula = "telemetry: consistent" + (spec.window_source.empty() ? "" : " within " + spec.window_source);
  const sim::TimeNs from =
      spec.after > 0 ? evidence.phases_start + spec.after : std::numeric_limits<sim::TimeNs>::min();
  const sim::TimeNs to =
      spec.until_time ? evidence.phases_start + *spec.until_time : std::numeric_limits<sim::TimeNs>::max();
  const auto judged = [&](sim::TimeNs at) { return at >= from && at <= to; };

  const Sent* slowest = nullptr;
  std::vector<sim::TimeNs> latencies;
  std::size_t records = 0;
  for (const Sent& sent : evidence.sent) {
    if (!judged(sent.reported)) continue;
    ++records;
    if (!sent.timed) continue;
    latencies.push_back(sent.seen - sent.reported);
    if (!slowest || sent.seen - sent.reported > slowest->seen - slowest->reported) slowest = &sent;
  }
  std::vector<const Finding*> found;
  for (const Finding& finding : evidence.findings) {
    if (judged(finding.at)) found.push_back(&finding);
  }
  if (!evidence.trouble.empty()) {
    result.detail = "The Device API could not be judged: " + evidence.trouble;
  } else if (!found.empty()) {
    quote_findings(found, result);
    if (slowest && spec.latest > 0 && slowest->seen - slowest->reported > spec.latest)
      result.detail += " Report to record at most " + ms_text(slowest->seen - slowest->reported) + ", limit " +
                       ms_text(spec.latest) + ".";
  } else if (!slowest) {
    result.detail = records == 0
                        ? "No device report reached the Device API in the time that the check covers, so there "
                          "is nothing to compare."
                        : "No record was seen when it came, so that no latency is known.";
  } else {
    judge_latency(spec, *slowest, records, evidence, result);
  }
  if (evidence.elsewhere && !latencies.empty() && evidence.trouble.empty())
    result.detail += " Report to record: " + distribution(std::move(latencies)) + evidence.about_api + ".";
  const std::vector<std::string> excluded = evidence.truth.excluded();
  if (!excluded.empty() && evidence.trouble.empty() && slowest) {
    result.detail += " Not compared with the truth:";
    for (const std::string& channel : excluded) result.detail += " " + channel + ",";
    result.detail.back() = '.';
  }
  return result;
}

}  // namespace packbench::hil::api
