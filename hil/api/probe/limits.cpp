// What an instance gives at once, discovered by asking; what it does with wrong requests; its clock and its speed.
#include <algorithm>
#include <cmath>
#include <set>

#include "hil/api/digest.h"
#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"
#include "hil/api/probe/window.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

std::string span_query(std::int64_t from_ms, std::int64_t to_ms) {
  return "start=" + stamp_text(from_ms, StampForm::basic) + "&end=" + stamp_text(to_ms, StampForm::basic);
}

std::string rounded(double value) { return fixed_text(std::llround(value * 10), 1); }

// Whether limit= is understood: a page of one record, and a way to the next.
enum class Paging { unsupported, ignored, works, unknown };

Paging page_of_one(Session& session, const std::string& device_id, const std::string& query) {
  const Got got = session.get(telemetry_target(device_id, query + "&limit=1"));
  const JsonValue* data = got.good() ? member(got.json, "data", Kind::array) : nullptr;
  if (!data) return Paging::unsupported;
  if (data->items.size() > 1) return Paging::ignored;
  return data->items.size() == 1 && !next_page(got).empty() ? Paging::works : Paging::unknown;
}

std::size_t largest_page(Session& session, const std::string& device_id, const std::string& query) {
  std::size_t largest = 1;
  for (const std::size_t limit : {100UL, 1000UL, 10'000UL, 100'000UL}) {
    const Got got = session.get(telemetry_target(device_id, query + "&limit=" + std::to_string(limit)));
    if (!got.good()) break;
    largest = limit;
  }
  return largest;
}

std::vector<std::string> ids(const Window& window) {
  std::vector<std::string> found;
  for (const Reading& one : window.readings) found.push_back(one.id);
  return found;
}

// A window that stands still, whole and in three pages: the same records in the same order.
void judge_pages(Session& session, Findings& findings, const std::string& device_id, const std::string& query) {
  RecordJudge aside(session.options(), device_id);
  Tally meta("", Grade::skip, "");
  const Window whole = read_window(session, device_id, "the last hour", query, "", aside, meta);
  if (!whole.whole || whole.readings.size() < 3)
    return findings.skip("limits.pages", "The last hour has fewer than three records, or too many to be read whole.");
  const std::string third = "&limit=" + std::to_string((whole.readings.size() + 2) / 3);
  const Window pages = read_window(session, device_id, "the last hour", query + third, "", aside, meta);
  if (!pages.good) return findings.fail("limits.pages", "A page of the last hour cannot be read: " + pages.problem);
  const auto all = ids(whole), read = ids(pages);
  all == read
      ? findings.pass("limits.pages", "The last hour page by page is the last hour at once.")
      : findings.fail("limits.pages", "The last hour has " + std::to_string(all.size()) + " records at once and " +
                                          std::to_string(read.size()) + " page by page, or not the same ones.");
}

void judge_span(Session& session, Findings& findings, const std::string& device_id, const std::string& few,
                Report& report) {
  std::int64_t longest = 0;
  const std::int64_t now_ms = session.options().clock();
  for (const std::int64_t days : {1, 7, 31, 92, 366, 3660}) {
    const Got got = session.get(telemetry_target(device_id, span_query(now_ms - days * kDay_ms, now_ms) + few));
    if (!got.good()) {
      report.limits.emplace_back("range", "up to " + std::to_string(longest) + " days; " + std::to_string(days) +
                                              " days are answered " + std::to_string(got.status));
      return got.status >= 400 && got.status < 500 && longest > 0
                 ? findings.pass("limits.range", "A range may be " + std::to_string(longest) + " days long; " +
                                                     std::to_string(days) + " days are refused with " +
                                                     std::to_string(got.status) + ".")
                 : findings.fail("limits.range", "A range of " + std::to_string(days) + " days: " + got.request + " " +
                                                     got.problem + ".");
    }
    longest = days;
  }
  report.limits.emplace_back("range", "at least " + std::to_string(longest) + " days");
  findings.pass("limits.range", "A range may be " + std::to_string(longest) + " days long.");
}

// As many records as a limit that somebody may have set, and no word of more.
void judge_truncation(Session& session, Findings& findings, const std::string& device_id) {
  RecordJudge aside(session.options(), device_id);
  Tally meta("", Grade::skip, "");
  const Window window = read_window(session, device_id, "last7days", "timeRange=last7days", "", aside, meta);
  constexpr std::size_t kUsual[] = {50, 100, 200, 250, 500, 1000, 2000, 5000, 10'000};
  const bool usual = std::ranges::find(kUsual, window.readings.size()) != std::end(kUsual);
  window.good&& window.whole && !window.paged && usual
      ? findings.warn("limits.truncation", "last7days gives exactly " + std::to_string(window.readings.size()) +
                                               " records and no way to more: it may be cut off silently.")
      : findings.pass("limits.truncation", "Nothing looks cut off silently.");
}

}  // namespace

void judge_limits(Session& session, Findings& findings, const std::string& device_id, Report& report) {
  const std::int64_t now_ms = session.options().clock();
  const std::string hour = span_query(now_ms - 3'600'000, now_ms), week = span_query(now_ms - 7 * kDay_ms, now_ms);
  const Paging paging = page_of_one(session, device_id, week);
  std::string few;
  if (paging == Paging::works || paging == Paging::unknown) {
    few = "&limit=1";
    const std::size_t largest = largest_page(session, device_id, hour);
    report.limits.emplace_back("page", "limit= up to at least " + std::to_string(largest));
  } else {
    report.limits.emplace_back("page", paging == Paging::ignored ? "limit= is ignored" : "limit= is not accepted");
  }
  paging == Paging::works
      ? judge_pages(session, findings, device_id, hour)
      : findings.skip("limits.pages", paging == Paging::unknown ? "There are not enough records to see pages."
                                                                : "The instance has no pages.");
  judge_span(session, findings, device_id, few, report);
  judge_truncation(session, findings, device_id);
}

void judge_refusals(Session& session, Findings& findings, const std::string& device_id) {
  const auto judge = [&](const std::string& check, const std::string& what, const Got& got, int expected) {
    const std::string wanted = " (expected " + std::to_string(expected) + ").";
    if (got.status == expected) return findings.pass(check, what + " is answered " + std::to_string(expected) + ".");
    if (got.status == 0 || got.status >= 500)
      return findings.fail(check, what + ": " + got.request + " " + got.problem + wanted);
    findings.warn(check, what + " is answered " + std::to_string(got.status) + wanted);
  };
  judge("refusals.unknown_device", "A device that does not exist",
        session.get(telemetry_target("packbench-probe-" + random_hex(8), "timeRange=latest")), 404);
  judge("refusals.unknown_range", "A timeRange that does not exist",
        session.get(telemetry_target(device_id, "timeRange=last5minutes")), 400);
  judge("refusals.no_time", "A start that is no time",
        session.get(telemetry_target(device_id, "start=yesterday&end=now")), 400);
  const Got open = session.get(telemetry_target(device_id, "timeRange=latest"), Key::none);
  if (open.ok())
    return findings.fail("auth.telemetry", "Telemetry is given without a key: the data are open to everybody.");
  open.status == 401 ? findings.pass("auth.telemetry", "Telemetry without a key is answered 401.")
                     : findings.warn("auth.telemetry", "Telemetry without a key is answered " +
                                                           std::to_string(open.status) + " (expected 401).");
}

void judge_clock(const Got& got, const Options& options, Findings& findings) {
  if (!got.date_ms)
    return findings.warn("clock.server", "Answers have no Date, or not in its form: the instance's clock is not told.");
  // Date is rounded down to a second; the answer was made some time before it was here.
  const double ahead_s = static_cast<double>(got.answered_ms - *got.date_ms) / 1000 - 0.5;
  const double unsure_s = 0.5 + got.elapsed_ms / 1000;
  const std::string apart = std::abs(ahead_s) <= unsure_s
                                ? "The clocks agree, to "
                                : "The instance's clock is " + rounded(std::abs(ahead_s)) + " s " +
                                      (ahead_s > 0 ? "behind" : "ahead of") + " this machine's, to ";
  const std::string text = apart + rounded(unsure_s + 0.05) + " s";
  std::abs(ahead_s) > options.skew_s + unsure_s ? findings.warn("clock.server", text + ".")
                                                : findings.pass("clock.server", text + ".");
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

void judge_writing(Session& session, Findings& findings) {
  const std::string id = "packbench-probe-" + random_hex(8);
  const std::string body =
      "{\"deviceId\":\"" + id + "\",\"name\":\"packbench probe\",\"model\":\"none\",\"location\":\"none\"}";
  const Got made = session.post("/devices", body);
  const JsonValue* success = made.good() ? member(made.json, "success", Kind::boolean) : nullptr;
  if (!success || !success->boolean)
    return findings.fail("write.add_device",
                         made.request + " " + (made.good() ? "has no \"success\": true" : made.problem) + ".");
  findings.pass("write.add_device",
                "The device " + id + " was registered with " + std::to_string(made.status) + "; it stays.");
  const Got fetched = session.get(telemetry_target(id, "timeRange=latest"));
  const JsonValue* data = fetched.good() ? member(fetched.json, "data", Kind::array) : nullptr;
  data && data->items.empty()
      ? findings.pass("write.known", "The new device is there, without records.")
      : findings.fail("write.known", "The new device: " + fetched.request + " " +
                                         (fetched.good() ? "does not give an empty list" : fetched.problem) + ".");
  const Got again = session.post("/devices", body);
  again.status == 409 ? findings.pass("write.twice", "The same device again is answered 409.")
                      : findings.warn("write.twice", "The same device again is answered " +
                                                         std::to_string(again.status) + " (expected 409).");
}

}  // namespace packbench::hil::api::probe
