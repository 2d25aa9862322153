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

// What a check covers of a run.
struct Covered {
  std::vector<const Sent*> records;
  std::vector<sim::TimeNs> latencies;  // at most, of those that are timed
  std::vector<const Finding*> found;
  const Sent *slowest = nullptr, *longest = nullptr;  // of which the longest latency is proven, and possible

  std::size_t untimed() const { return records.size() - latencies.size(); }
  bool late(sim::TimeNs limit) const { return slowest && limit > 0 && slowest->at_least() > limit; }
};

template <class Judged>
Covered cover(const TelemetryEvidence& evidence, const Judged& judged) {
  Covered covered;
  for (const Sent& sent : evidence.sent) {
    if (!judged(sent.reported)) continue;
    covered.records.push_back(&sent);
    if (!sent.timed) continue;
    covered.latencies.push_back(sent.at_most());
    if (!covered.slowest || sent.at_least() > covered.slowest->at_least()) covered.slowest = &sent;
    if (!covered.longest || sent.at_most() > covered.longest->at_most()) covered.longest = &sent;
  }
  for (const Finding& finding : evidence.findings) {
    if (judged(finding.at)) covered.found.push_back(&finding);
  }
  return covered;
}

// "at most 6000 ms, of one at least 5000 ms"
std::string latency_text(const Covered& covered, sim::TimeNs limit) {
  const std::string most = "at most " + ms_text(covered.longest->at_most());
  return covered.late(limit) && covered.slowest->unseen
             ? most + ", of one at least " + ms_text(covered.slowest->at_least())
             : most;
}

// " From 12 s to 18 s the newest record of the API was too old: it was up to 8 s behind the reports."
template <class Judged>
std::string stale_text(const TelemetryEvidence& evidence, sim::TimeNs limit, const Judged& judged) {
  struct Span {
    sim::TimeNs from = 0, to = 0, age = 0;
  };
  std::vector<Span> spans;
  bool open = false;
  for (const Staleness& one : evidence.stale) {
    const bool stale = limit > 0 && one.age > limit && judged(one.at);
    if (stale && !open) spans.push_back({one.at, one.at, one.age});
    if (stale) spans.back().to = one.at, spans.back().age = std::max(spans.back().age, one.age);
    open = stale;
  }
  if (spans.empty()) return "";
  const auto seconds = [](sim::TimeNs time) { return fixed_text(time / sim::kMillisecond, 3) + " s"; };
  const Span& worst = *std::ranges::max_element(spans, {}, &Span::age);
  return " From " + seconds(worst.from) + " to " + seconds(worst.to) +
         " the newest record of the API was too old: it was up to " + seconds(worst.age) + " behind the reports" +
         (spans.size() > 1 ? ", the worst of " + std::to_string(spans.size()) + " times." : ".");
}

template <class Judged>
const Silence* longest_silence(const TelemetryEvidence& evidence, const Judged& judged) {
  const Silence* longest = nullptr;
  for (const Silence& one : evidence.silences) {
    if ((judged(one.from) || judged(one.to)) && (!longest || one.to - one.from > longest->to - longest->from))
      longest = &one;
  }
  return longest;
}

void judge_latency(const sim::CheckSpec& spec, const Covered& covered, const TelemetryEvidence& evidence,
                   sim::CheckResult& result) {
  const bool late = covered.late(spec.latest);
  const bool proven = late || (spec.latest > 0 && covered.longest->at_most() > spec.latest);
  const Sent& worst = proven ? *covered.slowest : *covered.longest;
  const sim::TimeNs latency = proven ? worst.at_least() : worst.at_most();
  result.unit = "ms";
  result.measured = in_ms(latency);
  result.worst_at_s = sim::to_seconds(worst.reported);
  result.verdict = late ? sim::Verdict::fail : sim::Verdict::pass;
  result.detail = counted(covered.records.size(), "record", "records") +
                  " over the API equal the device's reports and agree with the truth";
  if (!evidence.truth.largest_text().empty())
    result.detail += " (largest deviation: " + evidence.truth.largest_text() + ")";
  result.detail += "; report to record " + latency_text(covered, spec.latest);
  if (spec.latest > 0) {
    result.limit = in_ms(spec.latest);
    result.margin = in_ms(spec.latest - latency);
    result.marginal = !late && spec.latest - covered.longest->at_most() < evidence.resolution;
    result.detail += ", limit " + ms_text(spec.latest);
  }
  result.detail += ", resolution " + ms_text(evidence.resolution) + ".";
}

void judge_silence(const Silence& silence, sim::TimeNs limit, sim::CheckResult& result) {
  result.verdict = sim::Verdict::fail;
  result.unit = "ms";
  result.measured = in_ms(silence.to - silence.from);
  result.limit = in_ms(limit);
  result.margin = in_ms(limit - (silence.to - silence.from));
  result.marginal = false;
  result.worst_at_s = sim::to_seconds(silence.from);
  const auto seconds = [](sim::TimeNs time) { return fixed_text(time / sim::kMillisecond, 3) + " s"; };
  result.detail += " But from " + seconds(silence.from) + " to " + seconds(silence.to) +
                   " the API did not answer: " + seconds(silence.to - silence.from) + ", limit " + seconds(limit) + ".";
}

}  // namespace

void summarise_latencies(const std::vector<Sent>& sent, TelemetrySummary& summary) {
  std::vector<sim::TimeNs> latencies;
  double total_s = 0;
  for (const Sent& one : sent) {
    if (!one.timed) continue;
    latencies.push_back(one.at_most());
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

  Covered covered = cover(evidence, judged);
  const Silence* silence = spec.latest > 0 ? longest_silence(evidence, judged) : nullptr;
  const bool late = covered.late(spec.latest);
  const bool silent = silence && silence->to - silence->from > spec.latest;
  if (!evidence.trouble.empty()) {
    result.detail = "The Device API could not be judged: " + evidence.trouble;
  } else if (!covered.found.empty()) {
    quote_findings(covered.found, result);
    if (late)
      result.detail +=
          " Report to record " + latency_text(covered, spec.latest) + ", limit " + ms_text(spec.latest) + ".";
  } else if (!covered.slowest) {
    result.detail = covered.records.empty()
                        ? "No device report reached the Device API in the time that the check covers, so there "
                          "is nothing to compare."
                        : "No record was seen when it came, so that no latency is known.";
  } else {
    judge_latency(spec, covered, evidence, result);
    if (silent && !late) judge_silence(*silence, spec.latest, result);
    if (spec.latest > 0 && covered.untimed() > 0 && result.verdict == sim::Verdict::pass)
      result.verdict = sim::Verdict::inconclusive;
  }
  if (evidence.trouble.empty()) {
    result.detail += stale_text(evidence, spec.latest, judged);
    if (covered.untimed() > 0 && covered.slowest)
      result.detail += " Of " + counted(covered.untimed(), "record", "records") + " the latency is not known.";
  }
  if (evidence.elsewhere && !covered.latencies.empty() && evidence.trouble.empty())
    result.detail += " Report to record: " + distribution(covered.latencies) + " (" +
                     std::to_string(covered.latencies.size()) + " of " + std::to_string(covered.records.size()) +
                     " records)" + evidence.about_api + ".";
  const std::vector<std::string> excluded = evidence.truth.excluded();
  if (!excluded.empty() && evidence.trouble.empty() && covered.slowest) {
    result.detail += " Not compared with the truth:";
    for (const std::string& channel : excluded) result.detail += " " + channel + ",";
    result.detail.back() = '.';
  }
  return result;
}

}  // namespace packbench::hil::api
