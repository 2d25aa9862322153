// Ranges beside each other and beside the windows.
#include <algorithm>
#include <set>
#include <utility>

#include "hil/api/probe/range.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kHour_ms = 3'600'000, kDay_ms = 24 * kHour_ms, kSecond_ms = 1000;

std::string counted(const Window& window) {
  return window.name + " (" + std::to_string(window.readings.size()) + " records)";
}

// The last hour, or the week where the hour has too few to be divided.
const Preset* divisible(const Windows& windows) {
  constexpr std::size_t kFew = 3;
  for (const Preset* preset : {&kPresets[1], &kPresets[2]}) {
    const Window* window = windows.find(preset->name);
    if (window && window->whole && window->readings.size() >= kFew) return preset;
  }
  return nullptr;
}

// The earlier half and the later one: together the window, and a record in both lies where they meet.
void judge_halves(const RangeProbe& probe) {
  const char* const check = "telemetry.halves";
  const Preset* preset = divisible(probe.windows);
  if (!preset) return probe.findings.skip(check, "No window has enough records to be divided.");
  const Window& window = *probe.windows.find(preset->name);
  const Span whole = around(window, preset->length_ms, probe.session.now_ms());
  const std::int64_t middle_ms = window.readings[window.readings.size() / 2].time_ms;
  const Window early = read_span(probe, {whole.from_ms, middle_ms}), late = read_span(probe, {middle_ms, whole.to_ms});
  if (!early.whole || !late.whole)
    return probe.findings.skip(check,
                               "A half of " + window.name + " could not be read: " + early.problem + late.problem);
  std::set<std::string> ids, shared;
  for (const Reading& one : early.readings) ids.insert(one.id);
  const auto meets = [&](const Reading& one) { return std::abs(one.time_ms - middle_ms) <= kSecond_ms; };
  for (const Reading& one : late.readings) {
    if (ids.contains(one.id) && !one.id.empty() && !meets(one)) shared.insert(one.id);
  }
  for (const Reading& one : late.readings) ids.insert(one.id);
  if (!shared.empty())
    return probe.findings.fail(check, "The earlier and the later half of " + window.name + " share " +
                                          std::to_string(shared.size()) + " records.");
  Window both = early;
  both.readings.insert(both.readings.end(), late.readings.begin(), late.readings.end());
  for (const Reading& one : window.readings) {
    if (meets(one)) both.readings.push_back(one);
  }
  if (const Reading* one = lacking(window, both, window.server_ms - kSlack_ms - kAhead_ms))
    return probe.findings.fail(check, "The halves of " + counted(window) + " by start and end have " +
                                          std::to_string(ids.size()) + ", and not the record " + shown(one->id) + ".");
  probe.findings.pass(check, "The halves of " + window.name + " by start and end are all of it, and share nothing.");
}

std::int64_t oldest_ms(const Window& window) {
  return std::ranges::min_element(window.readings, {}, &Reading::time_ms)->time_ms;
}

// Up to an hour that lies in the window, before its oldest record.
Span before_oldest(const Window& window, std::int64_t length_ms) {
  Span span = within(window, length_ms);
  if (!window.readings.empty()) span.to_ms = std::min(span.to_ms, oldest_ms(window) - kSecond_ms);
  span.from_ms = std::max(span.from_ms, span.to_ms - kHour_ms);
  return span;
}

// A window that is cut off to its newest records begins later than the records do.
void judge_beginnings(const RangeProbe& probe) {
  Tally cut("telemetry.beginning", Grade::fail, "No window leaves out what is before its oldest record.");
  bool asked = false;
  for (const Preset& preset : kPresets) {
    const Window* window = probe.windows.find(preset.name);
    if (!window || !window->whole) continue;
    const Span span = before_oldest(*window, preset.length_ms);
    if (span.to_ms - span.from_ms < kSecond_ms) continue;
    const Window read = read_span(probe, span);
    asked |= read.good;
    if (const Reading* one = lacking(read, *window, window->server_ms - kSlack_ms))
      cut.note(counted(*window), "has not the record " + shown(one->id) + ", which start and end within it give");
  }
  asked
      ? cut.report(probe.findings)
      : probe.findings.skip("telemetry.beginning", "Every window is full, or could not be asked for by start and end.");
}

void judge_week(const RangeProbe& probe) {
  const char* const check = "telemetry.week";
  const Preset& preset = kPresets[2];
  const Window* window = probe.windows.find(preset.name);
  if (!window || !window->whole) return probe.findings.skip(check, "last7days was not read to its end.");
  const Window read = read_span(probe, around(*window, preset.length_ms, probe.session.now_ms()));
  if (!read.whole) return probe.findings.skip(check, "The week by start and end could not be read: " + read.problem);
  const Reading* one = lacking(*window, read, window->server_ms - kSlack_ms - kAhead_ms);
  one ? probe.findings.fail(check, "The week by start and end (" + std::to_string(read.readings.size()) +
                                       " records) has not the record " + shown(one->id) + " of " + counted(*window) +
                                       ".")
      : probe.findings.pass(check, "The week by start and end has what last7days has.");
}

// Long before there was such a service, and no day that a clock begins with when it is not set.
void judge_past(const RangeProbe& probe) {
  const char* const check = "telemetry.past";
  constexpr Span kDayOf1990{643'939'200'000, 643'939'200'000 + kDay_ms};  // 1990-05-29
  const Window read = read_span(probe, kDayOf1990);
  if (!read.good && read.status >= 400 && read.status < 500 && read.status != 404)
    return probe.findings.skip(check, "A day of 1990 is refused: " + read.problem);
  if (!read.good) return probe.findings.warn(check, "A day of 1990 (expected an empty list): " + read.problem);
  if (read.readings.empty()) return probe.findings.pass(check, "A day of 1990 has no record.");
  for (const auto& [name, window] : probe.windows.read) {
    for (const Reading& one : window.readings) {
      if (!one.id.empty() && std::ranges::find(read.readings, one.id, &Reading::id) != read.readings.end())
        return probe.findings.fail(check, "A day of 1990 has records of " + name + ": start and end are ignored.");
    }
  }
  const bool elsewhen = std::ranges::any_of(
      read.readings, [&](const Reading& one) { return one.measured && !kDayOf1990.holds(one.time_ms); });
  probe.findings.add(check, elsewhen ? Grade::fail : Grade::warn,
                     "A day of 1990 has " + std::to_string(read.readings.size()) + " records.");
}

// Where neither latest nor a window has a record.
void judge_nothing(const RangeProbe& probe) {
  for (const auto& [name, window] : probe.windows.read) {
    if (!window.readings.empty()) return;
  }
  const std::int64_t until_ms = probe.windows.latest.server_ms;
  if (!probe.windows.latest.readings.empty()) return;
  const Window read = read_span(probe, {until_ms - 30 * kDay_ms, until_ms});
  const auto one = std::ranges::find_if(
      read.readings, [&](const Reading& each) { return each.arrived_s * 1000 < until_ms - kSlack_ms; });
  if (one != read.readings.end())
    probe.findings.fail("telemetry.nothing", "timeRange=latest and the windows are empty, and start and end give " +
                                                 std::to_string(read.readings.size()) + " records, as " +
                                                 shown(one->id) + ".");
}

}  // namespace

void judge_parts(const RangeProbe& probe) {
  judge_halves(probe);
  judge_beginnings(probe);
  judge_week(probe);
  judge_past(probe);
  judge_nothing(probe);
}

}  // namespace packbench::hil::api::probe
