#include "hil/api/probe/newest.h"

#include <algorithm>
#include <limits>

namespace packbench::hil::api::probe {
namespace {

struct Nearest {
  const Window* window = nullptr;
  std::int64_t length_ms = 0;
};

// The shortest window that has a record.
Nearest nearest(const Windows& windows) {
  for (const Preset& preset : kPresets) {
    const Window* window = windows.find(preset.name);
    if (window && window->whole && !window->readings.empty()) return {window, preset.length_ms};
  }
  return {};
}

bool arrived_before(const Reading& one, std::int64_t time_ms) { return one.arrived_s * 1000 < time_ms - kSlack_ms; }

// The first record of the window that is newer than `latest`, where it is at `at` (or not: the end), and was there
// before `until_ms`.
const Reading* newer(const Window& window, const Reading& latest, std::size_t at, std::int64_t until_ms) {
  const auto& all = window.readings;
  const bool falling = all.front().time_ms > all.back().time_ms;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool behind = at == all.size() || latest.measured || (falling ? i < at : i > at);
    if (behind && all[i].measured == latest.measured && all[i].time_ms > latest.time_ms &&
        arrived_before(all[i], until_ms))
      return &all[i];
  }
  return nullptr;
}

struct Judgement {
  Grade grade = Grade::pass;
  std::string text = "timeRange=latest gives the newest record.";
};

// `until_ms`: what arrived before was there when `latest` was asked for.
Judgement judge(const Windows& windows, const Nearest& near, const Reading& given, std::int64_t until_ms) {
  const Window& window = *near.window;
  const auto same = std::ranges::find(window.readings, given.id, &Reading::id);
  const Reading& latest = same == window.readings.end() ? given : *same;
  const auto at = static_cast<std::size_t>(same - window.readings.begin());
  if (const Reading* one = newer(window, latest, at, until_ms))
    return {Grade::fail, window.name + " has a record that is " + duration(one->time_ms - latest.time_ms) +
                             " newer than the one of timeRange=latest."};
  const std::int64_t age_ms = window.server_ms - latest.time_ms;
  if (same != window.readings.end() || age_ms <= kSlack_ms || age_ms >= near.length_ms - kSlack_ms) return {};
  return {windows.measured ? Grade::fail : Grade::warn, "The record of timeRange=latest is not in " + window.name +
                                                            ", where its " + (windows.measured ? "time" : "arrival") +
                                                            " belongs."};
}

Judgement judge_without_windows(const Windows& windows) {
  const std::int64_t age_ms = windows.latest.server_ms - windows.latest.readings[0].time_ms;
  for (const Preset& preset : kPresets) {
    const Window* window = windows.find(preset.name);
    if (!window || !window->whole || age_ms <= kSlack_ms || age_ms >= preset.length_ms - kSlack_ms) continue;
    return {windows.measured ? Grade::fail : Grade::warn,
            std::string(preset.name) + " has no record, where the one of timeRange=latest belongs by its " +
                (windows.measured ? "time." : "arrival.")};
  }
  return {};
}

std::size_t settled(const Window& window, std::int64_t time_ms) {
  return static_cast<std::size_t>(
      std::ranges::count_if(window.readings, [&](const Reading& one) { return arrived_before(one, time_ms); }));
}

}  // namespace

void judge_latest(const Windows& windows, Findings& findings) {
  const char* const check = "telemetry.latest";
  const Nearest near = nearest(windows);
  const std::size_t count = windows.latest.readings.size();
  if (count > 1)
    return findings.fail(check, "timeRange=latest gives " + std::to_string(count) + " records (expected at most 1).");
  if (count == 1) return findings.pass(check, "The newest record is given.");
  if (near.window &&
      (settled(*near.window, windows.latest.server_ms) > 0 || (windows.again.good && windows.again.readings.empty())))
    return findings.fail(check, "timeRange=latest gives no record, and " + near.window->name + " has " +
                                    std::to_string(near.window->readings.size()) + ".");
  findings.pass(check, "The device has no record yet.");
}

void judge_newest(const Windows& windows, Findings& findings) {
  const char* const check = "telemetry.newest";
  const Nearest near = nearest(windows);
  const auto &latest = windows.latest.readings, &again = windows.again.readings;
  if (latest.empty() || latest[0].id.empty())
    return findings.skip(check, "There is no newest record beside a window to compare.");
  if (!windows.again.good) return findings.fail(check, "timeRange=latest, asked again: " + windows.again.problem);
  if (again.empty()) return findings.fail(check, "timeRange=latest gave a record, and none when asked again.");
  Judgement found =
      near.window ? judge(windows, near, latest[0], windows.latest.server_ms) : judge_without_windows(windows);
  // What a window had is there when latest is asked for after it.
  constexpr std::int64_t kAny_ms = std::numeric_limits<std::int64_t>::max();
  if (near.window && found.grade == Grade::pass) found = judge(windows, near, again[0], kAny_ms);
  if (found.grade == Grade::pass && again[0].id != latest[0].id && again[0].arrived_s < latest[0].arrived_s)
    found = {Grade::fail, "timeRange=latest gives an older record when it is asked again."};
  findings.add(check, found.grade, found.text);
}

void judge_bare(const Windows& windows, Findings& findings) {
  const char* const check = "telemetry.bare";
  const Window& bare = windows.bare;
  const auto& latest = windows.latest.readings;
  if (!bare.good) return findings.warn(check, "Without a timeRange: " + bare.problem);
  if (bare.readings.size() > 1)
    return findings.warn(check, "Without a timeRange there are " + std::to_string(bare.readings.size()) +
                                    " records (expected the newest one).");
  if (bare.readings.empty() && latest.empty())
    return findings.pass(check, "Without a timeRange: no record, as latest.");
  if (bare.readings.empty()) return findings.warn(check, "Without a timeRange there is no record, with latest one.");
  if (latest.empty() && arrived_before(bare.readings[0], windows.latest.server_ms))
    return findings.warn(check, "Without a timeRange there is a record, with latest none.");
  !latest.empty() && bare.readings[0].id != latest[0].id&& bare.readings[0].arrived_s < latest[0].arrived_s
      ? findings.warn(check, "Without a timeRange the record is an older one than that of latest.")
      : findings.pass(check, "Without a timeRange the newest record is given.");
}

}  // namespace packbench::hil::api::probe
