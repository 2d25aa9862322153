// The instance's clock and its speed.
#include <cmath>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/window_rules.h"
#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api::probe {
namespace {

std::string rounded(double value) { return fixed_text(std::llround(value * 10), 1); }

std::string apart(const std::string& who, double behind_s, double unsure_s) {
  const std::string how = rounded(unsure_s + 0.05) + " s";
  if (std::abs(behind_s) <= unsure_s) return "The clocks agree, to " + how;
  return who + " is " + duration(std::llround(std::abs(behind_s) * 10) * 100) +
         (behind_s > 0 ? " behind" : " ahead of") + " this machine's clock, to " + how;
}

}  // namespace

void judge_clock(Session& session, Findings& findings) {
  const Got got = session.get("/devices");
  const double most_s = session.options().skew_s, unsure_s = 0.5 + got.elapsed_ms / 1000;
  // Date is rounded down to a second; the answer was made some time before it was here.
  const auto date_s =
      got.date_ms ? std::optional(static_cast<double>(got.answered_ms - *got.date_ms) / 1000 - 0.5) : std::nullopt;
  const auto meta_ms = session.meta_behind_ms();
  const double meta_s = static_cast<double>(meta_ms.value_or(0)) / 1000;
  if (date_s && std::abs(*date_s) > most_s + unsure_s)
    return findings.warn("clock.server", apart("The Date of its answers", *date_s, unsure_s) + ".");
  if (std::abs(meta_s) > most_s + unsure_s + session.latency().max_ms / 1000)
    return findings.warn("clock.server", apart("meta.timestamp", meta_s, unsure_s) + ".");
  if (!date_s) return findings.warn("clock.server", "Answers have no Date, or not in its form.");
  findings.pass("clock.server", apart("The instance's clock", *date_s, unsure_s) + ".");
}

void judge_latency(const Session& session, Findings& findings, Report& report) {
  report.latency = session.latency();
  const Latency& times = report.latency;
  if (times.count == 0) return findings.skip("latency.answers", "Nothing was answered.");
  const std::string text = std::to_string(times.count) + " answers: half within " + rounded(times.p50_ms) +
                           " ms, 95 of 100 within " + rounded(times.p95_ms) + " ms, 99 within " +
                           rounded(times.p99_ms) + " ms, the slowest " + rounded(times.max_ms) + " ms.";
  times.p95_ms > session.options().slow_ms ? findings.warn("latency.answers", text)
                                           : findings.pass("latency.answers", text);
}

}  // namespace packbench::hil::api::probe
