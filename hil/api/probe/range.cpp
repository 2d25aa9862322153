#include "hil/api/probe/range.h"

#include <algorithm>
#include <set>

#include "hil/api/values/stamp.h"

namespace packbench::hil::api::probe {
namespace {

struct Span {
  std::int64_t from_ms, to_ms;

  bool holds(std::int64_t time_ms, std::int64_t margin_ms = 0) const {
    return time_ms >= from_ms + margin_ms && time_ms < to_ms - margin_ms;
  }
};

Window read_span(const RangeProbe& probe, const Span& span, StampForm form) {
  const std::string query = "start=" + stamp_text(span.from_ms, form) + "&end=" + stamp_text(span.to_ms, form) +
                            (probe.windows.measured ? "&extended=1" : "");
  return read_window(probe.session, probe.device_id, "start and end", query, "", probe.records, probe.meta);
}

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

void judge_hour(const RangeProbe& probe, const std::string& check, StampForm form) {
  const std::int64_t now_ms = probe.windows.latest.server_ms;
  const Span hour{now_ms - 3'600'000, now_ms};
  const Window read = read_span(probe, hour, form);
  if (!read.good) return probe.findings.fail(check, read.problem);
  if (std::ranges::any_of(read.readings, [&](const Reading& one) { return one.measured && !hour.holds(one.time_ms); }))
    return probe.findings.fail(check,
                               "start and end give records that were not measured between them, the end left out.");
  if (const std::string missing = left_out(read, expected(probe, hour, kSlack_ms)); !missing.empty())
    return probe.findings.add(check, probe.windows.measured ? Grade::fail : Grade::warn, missing);
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

void judge_ranges(const RangeProbe& probe) {
  judge_hour(probe, "telemetry.range", StampForm::basic);
  judge_hour(probe, "telemetry.range_extended", StampForm::extended);
  judge_bounds(probe);
}

}  // namespace packbench::hil::api::probe
