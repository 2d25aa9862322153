#include "hil/api/probe/window_rules.h"

#include <algorithm>
#include <set>

#include "hil/api/values/fixed_point.h"

namespace packbench::hil::api::probe {
namespace {

std::string seconds(std::int64_t ms) { return fixed_text(ms, 3) + " s"; }

std::set<std::string> ids_of(const Window& window) {
  std::set<std::string> ids;
  for (const Reading& one : window.readings) ids.insert(one.id);
  return ids;
}

// The smaller one was asked for first: what came in between is in the larger one alone.
void contain(const Window& small, const Window& large, std::int64_t length_ms, Tally& missing, Tally& absent) {
  const std::set<std::string> all = ids_of(large), few = ids_of(small);
  for (const Reading& one : small.readings) {
    if (!all.contains(one.id))
      missing.note("The record " + shown(one.id), "is in " + small.name + " and not in " + large.name);
  }
  for (const Reading& one : large.readings) {
    const std::int64_t age_ms = small.server_ms - one.time_ms;
    const bool belongs =
        age_ms > kSlack_ms && age_ms < length_ms - kSlack_ms && one.arrived_s * 1000 < small.server_ms - kSlack_ms;
    if (belongs && !few.contains(one.id))
      (one.measured ? missing : absent)
          .note("The record " + shown(one.id), "is in " + large.name + " and not in " + small.name + ", where its " +
                                                   (one.measured ? "time" : "arrival") + " belongs");
  }
}

// Between one time and the next; several records may arrive in one second.
std::vector<std::int64_t> steps_of(const std::set<std::int64_t>& times) {
  std::vector<std::int64_t> steps;
  for (auto one = times.begin(); one != times.end() && std::next(one) != times.end(); ++one)
    steps.push_back(*std::next(one) - *one);
  return steps;
}

// Whether nothing has arrived for longer than ever in the window. What arrives in one go is measured one by one.
bool is_silent(std::int64_t silent_ms, const std::vector<std::int64_t>& steps_ms, std::int64_t allowed_ms) {
  for (const std::int64_t step_ms : steps_ms) allowed_ms = std::max(allowed_ms, step_ms * 5 / 2);
  return silent_ms > allowed_ms + kSlack_ms + 1000;
}

}  // namespace

std::string duration(std::int64_t ms) {
  if (ms < 120'000) return seconds(ms);
  if (ms < 7'200'000) return std::to_string(ms / 60'000) + " min";
  return ms < 172'800'000 ? std::to_string(ms / 3'600'000) + " h" : std::to_string(ms / 86'400'000) + " days";
}

const Window* Windows::find(const std::string& name) const {
  const auto found = read.find(name);
  return found == read.end() ? nullptr : &found->second;
}

void judge_order(const Windows& windows, Findings& findings) {
  Tally order("telemetry.order", windows.measured ? Grade::fail : Grade::warn,
              "Records come in the order of their time.");
  for (const auto& [name, window] : windows.read) {
    for (std::size_t i = 1; i < window.readings.size(); ++i) {
      if (window.readings[i].time_ms >= window.readings[i - 1].time_ms) continue;
      order.note("Record " + std::to_string(i + 1) + " of " + name, "is older than the one before it");
    }
  }
  order.report(findings);
}

void judge_duplicates(const Windows& windows, Findings& findings) {
  Tally twice("telemetry.duplicates", Grade::fail, "No record is given twice.");
  for (const auto& [name, window] : windows.read) {
    std::set<std::string> ids, sequences;
    for (const Reading& one : window.readings) {
      if (!one.id.empty() && !ids.insert(one.id).second)
        twice.note(name, "has the record " + shown(one.id) + " twice");
      else if (!one.boot_sequence.empty() && !sequences.insert(one.boot_sequence).second)
        twice.note(name, "has boot and seq " + one.boot_sequence + " twice");
    }
  }
  twice.report(findings);
}

void judge_windows(const Windows& windows, Findings& findings) {
  Tally outside("telemetry.window", windows.measured ? Grade::fail : Grade::warn,
                "Records lie in the window that was asked for.");
  for (const Preset& preset : kPresets) {
    const Window* window = windows.find(preset.name);
    if (!window) continue;
    for (const Reading& one : window->readings) {
      const std::int64_t age_ms = window->server_ms - one.time_ms, ahead_ms = one.time_ms - window->end_ms;
      if (age_ms <= preset.length_ms + kSlack_ms && ahead_ms <= kAhead_ms + kSlack_ms) continue;
      outside.note(preset.name, std::string("gives a record of ") +
                                    (age_ms < 0 ? duration(ahead_ms) + " ahead" : duration(age_ms) + " ago"));
    }
  }
  outside.report(findings);
}

void judge_containment(const Windows& windows, Findings& findings) {
  Tally missing("telemetry.containment", Grade::fail, "Each window holds the shorter ones.");
  Tally absent("telemetry.containment", Grade::warn, "");
  bool judged = false;
  for (std::size_t i = 0; i + 1 < std::size(kPresets); ++i) {
    const Window *small = windows.find(kPresets[i].name), *large = windows.find(kPresets[i + 1].name);
    if (!small || !large || !small->whole || !large->whole) continue;
    judged = true;
    contain(*small, *large, kPresets[i].length_ms, missing, absent);
  }
  if (!judged) return findings.skip("telemetry.containment", "No two windows were read to their end.");
  (missing.found() || !absent.found() ? missing : absent).report(findings);
}

void judge_gaps(const Windows& windows, const Options& options, Findings& findings) {
  const Window* hour = windows.find("last1hour");
  std::set<std::int64_t> times, arrivals;
  for (std::size_t i = 0; hour && i < hour->readings.size(); ++i) {
    times.insert(hour->readings[i].time_ms);
    arrivals.insert(hour->readings[i].arrived_s * 1000);
  }
  const std::vector<std::int64_t> steps = steps_of(times);
  if (steps.size() < 2) return findings.skip("telemetry.gaps", "The last hour has fewer than three records.");
  std::vector<std::int64_t> sorted = steps;
  std::ranges::sort(sorted);
  const double told = options.period_s;
  const std::int64_t period_ms = told > 0 ? static_cast<std::int64_t>(told * 1000) : sorted[sorted.size() / 2];
  // A step may be half a period early and the next as late; _ts counts whole seconds.
  const std::int64_t allowed_ms = period_ms * 5 / 2 + (windows.measured ? 0 : 1000);
  const auto gaps = std::ranges::count_if(steps, [&](std::int64_t step) { return step > allowed_ms; });
  const std::string period = "a record every " + seconds(period_ms) + (told > 0 ? " is expected" : " is usual");
  if (gaps > 0)
    return findings.warn("telemetry.gaps", std::to_string(gaps) + (gaps == 1 ? " gap" : " gaps") +
                                               " in the last hour, the longest " + duration(sorted.back()) + "; " +
                                               period + ".");
  const std::int64_t silent_ms = hour->server_ms - *arrivals.rbegin();
  is_silent(silent_ms, steps_of(arrivals), allowed_ms) && static_cast<double>(silent_ms) <= options.stale_s * 1000
      ? findings.warn("telemetry.gaps", "Nothing arrived in the last " + duration(silent_ms) + "; " + period + ".")
      : findings.pass("telemetry.gaps", "No gap in the last hour; " + period + ".");
}

void judge_freshness(const Windows& windows, const Options& options, Findings& findings) {
  const Window& latest = windows.latest;
  if (latest.readings.empty()) return findings.skip("telemetry.fresh", "The device has no record.");
  const std::int64_t age_ms = latest.server_ms - latest.readings[0].time_ms;
  const std::string text = "The newest record is " + duration(std::max<std::int64_t>(age_ms, 0)) + " old";
  static_cast<double>(age_ms) > options.stale_s * 1000 ? findings.warn("telemetry.fresh", text + ".")
                                                       : findings.pass("telemetry.fresh", text + ".");
}

void judge_device_clock(const Windows& windows, Findings& findings) {
  if (windows.latest.readings.empty()) return;
  if (!windows.measured)
    return findings.skip("clock.device",
                         "The instance does not tell when a record was measured, only when it arrived.");
  Tally ahead("clock.device", Grade::warn, "No record was measured after it arrived.");
  for (const auto& [name, window] : windows.read) {
    for (const Reading& one : window.readings) {
      const std::int64_t ahead_ms = one.time_ms - one.arrived_s * 1000 - 1000;
      if (one.measured && ahead_ms > kAhead_ms)
        ahead.note("The record " + shown(one.id),
                   "was measured " + duration(ahead_ms) + " after it arrived: the device's clock is ahead");
    }
  }
  ahead.report(findings);
}

}  // namespace packbench::hil::api::probe
