#include "hil/api/probe/range.h"

#include <algorithm>
#include <set>

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kHour_ms = 3'600'000;

// The records of last1hour that were there before the range was asked for, and belong into it.
std::vector<const Reading*> expected(const RangeProbe& probe, const Span& span, std::int64_t margin_ms) {
  std::vector<const Reading*> found;
  const Window* hour = probe.windows.find("last1hour");
  for (std::size_t i = 0; hour && i < hour->readings.size(); ++i) {
    if (span.holds(hour->readings[i].time_ms, margin_ms)) found.push_back(&hour->readings[i]);
  }
  return found;
}

std::string left_out(const Window& read, const std::vector<const Reading*>& wanted) {
  if (!read.whole) return "";
  std::set<std::string> ids;
  for (const Reading& one : read.readings) ids.insert(one.id);
  for (const Reading* one : wanted) {
    if (!one->id.empty() && !ids.contains(one->id))
      return "start and end leave out the record " + shown(one->id) + ", which last1hour has, of between them.";
  }
  return "";
}

// A record of `inner` that `outer`, which is for longer, has not.
std::string lacks(const Window& inner, const Window& outer, std::int64_t until_ms) {
  const Reading* one = outer.whole ? lacking(inner, outer, until_ms) : nullptr;
  if (!one) return "";
  return "The record " + shown(one->id) + " is given by " + inner.name + " (" + std::to_string(inner.readings.size()) +
         " records), and not by " + outer.name + " for longer (" + std::to_string(outer.readings.size()) + " records).";
}

bool strays(const Window& read, const Span& span, bool measured) {
  return std::ranges::any_of(read.readings, [&](const Reading& one) {
    return one.measured == measured && !span.holds(one.time_ms, measured ? 0 : -kSlack_ms);
  });
}

enum class Side { within, around };

void judge_hour(const RangeProbe& probe, const std::string& check, Side side, StampForm form) {
  const Window* known = probe.windows.find("last1hour");
  const Window& hour = known ? *known : probe.windows.latest;
  const Span span = side == Side::within ? within(hour, kHour_ms) : around(hour, kHour_ms, probe.session.now_ms());
  const Window read = read_span(probe, span, form);
  if (!read.good) return probe.findings.fail(check, read.problem);
  if (strays(read, span, true))
    return probe.findings.fail(check,
                               "start and end give records that were not measured between them, the end left out.");
  const std::string lack = !known                 ? ""
                           : side == Side::within ? lacks(read, hour, hour.server_ms - kSlack_ms)
                                                  : lacks(hour, read, hour.server_ms - kSlack_ms - kAhead_ms);
  if (!lack.empty()) return probe.findings.fail(check, lack);
  if (const std::string missing = left_out(read, expected(probe, span, kSlack_ms)); !missing.empty())
    return probe.findings.add(check, probe.windows.measured ? Grade::fail : Grade::warn, missing);
  if (strays(read, span, false))
    return probe.findings.warn(check, "start and end give records that did not arrive between them.");
  probe.findings.pass(check, "start and end give " + std::to_string(read.readings.size()) + " records between them.");
}

// Asks from the time of one record to that of another, of which neither has a twin.
void judge_bounds(const RangeProbe& probe) {
  const char* const check = "telemetry.bounds";
  const Window* hour = probe.windows.find("last1hour");
  const std::size_t count = hour ? hour->readings.size() : 0;
  if (!probe.windows.measured || count < 3)
    return probe.findings.skip(check, probe.windows.measured
                                          ? "The last hour has fewer than three records."
                                          : "The instance does not tell when a record was measured.");
  const Reading &first = hour->readings[count / 3], &last = hour->readings[count * 2 / 3];
  const Span span{first.time_ms, last.time_ms};
  if (span.to_ms <= span.from_ms) return probe.findings.skip(check, "Too many records have one time.");
  const Window read = read_span(probe, span, StampForm::basic);
  if (!read.good || !read.whole) return probe.findings.skip(check, "The range could not be read: " + read.problem);
  const auto given = [&](const Reading& record) {
    return std::ranges::find(read.readings, record.id, &Reading::id) != read.readings.end();
  };
  if (const std::string missing = left_out(read, expected(probe, {span.from_ms + 1, span.to_ms}, 0)); !missing.empty())
    return probe.findings.fail(check, missing);
  if (!given(first)) return probe.findings.warn(check, "A record exactly at start is left out.");
  given(last) ? probe.findings.warn(check, "A record exactly at end is given: who reads hour after hour has it twice.")
              : probe.findings.pass(check, "A record exactly at start is given, one exactly at end is not.");
}

}  // namespace

Span within(const Window& window, std::int64_t length_ms) {
  return {window.server_ms - length_ms + kSlack_ms, window.server_ms - kSlack_ms};
}

Span around(const Window& window, std::int64_t length_ms, std::int64_t now_ms) {
  return {window.server_ms - length_ms - kSlack_ms, now_ms};
}

Window read_span(const RangeProbe& probe, const Span& span, StampForm form) {
  const std::string query = "start=" + stamp_text(span.from_ms, form) + "&end=" + stamp_text(span.to_ms, form) +
                            (probe.windows.measured ? "&extended=1" : "");
  return read_window(probe.session, probe.device_id, "start and end", query, "", probe.records, probe.meta);
}

const Reading* lacking(const Window& few, const Window& all, std::int64_t until_ms) {
  std::set<std::string> ids;
  for (const Reading& one : all.readings) ids.insert(one.id);
  std::int64_t oldest_ms = few.server_ms - kHour_ms;
  for (const Reading& one : few.readings) oldest_ms = std::min(oldest_ms, one.time_ms);
  const std::int64_t expired_ms = std::min(
      oldest_ms + kSlack_ms + std::max<std::int64_t>(all.server_ms - few.server_ms, 0), few.server_ms - kHour_ms);
  const auto found = std::ranges::find_if(few.readings, [&](const Reading& one) {
    return !one.id.empty() && one.arrived_s * 1000 < until_ms && one.time_ms > expired_ms && !ids.contains(one.id);
  });
  return found == few.readings.end() ? nullptr : &*found;
}

void judge_ranges(const RangeProbe& probe) {
  judge_hour(probe, "telemetry.range", Side::within, StampForm::basic);
  judge_hour(probe, "telemetry.range_extended", Side::around, StampForm::extended);
  judge_bounds(probe);
}

}  // namespace packbench::hil::api::probe
