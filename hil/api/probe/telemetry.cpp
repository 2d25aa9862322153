// The records of one device through every window: what each gives, and how they agree.
#include <algorithm>
#include <map>
#include <set>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/json_read.h"
#include "hil/api/probe/window.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kSlack_ms = 2000;  // between two looks at a clock, and the whole seconds of _ts
constexpr std::int64_t kAhead_ms = 5000;  // that a device's clock may be ahead
struct Preset {
  const char* name;
  std::int64_t length_ms;
};
constexpr Preset kPresets[] = {{"last5mins", 300'000}, {"last1hour", 3'600'000}, {"last7days", 604'800'000}};

std::string seconds(std::int64_t ms) { return fixed_text(ms, 3) + " s"; }

std::string duration(std::int64_t ms) {
  if (ms < 120'000) return seconds(ms);
  if (ms < 7'200'000) return std::to_string(ms / 60'000) + " min";
  return ms < 172'800'000 ? std::to_string(ms / 3'600'000) + " h" : std::to_string(ms / 86'400'000) + " days";
}

std::set<std::string> ids_of(const Window& window) {
  std::set<std::string> ids;
  for (const Reading& one : window.readings) ids.insert(one.id);
  return ids;
}

class DeviceProbe {
 public:
  DeviceProbe(Session& session, Findings& findings, const std::string& device_id)
      : session_(session), findings_(findings), device_id_(device_id), records_(session.options(), device_id) {}

  void run() {
    if (!read_latest()) return;
    read_bare();
    extension_ = has_extension() ? "&extended=1" : "";
    for (const Preset& preset : kPresets) read_preset(preset);
    read_ranges();
    meta_.report(findings_);
    records_.report(findings_);
    judge_order();
    judge_duplicates();
    judge_windows();
    judge_containment();
    judge_latest();
    judge_gaps();
    judge_freshness();
  }

 private:
  Window window(const std::string& name, const std::string& query, const std::string& asked) {
    return read_window(session_, device_id_, name, query, asked, records_, meta_);
  }

  bool read_latest() {
    latest_ = window("latest", "timeRange=latest", "latest");
    if (!latest_.good) {
      findings_.fail("telemetry.latest", latest_.problem);
      return false;
    }
    if (latest_.readings.size() > 1) {
      findings_.fail("telemetry.latest", "timeRange=latest gives " + std::to_string(latest_.readings.size()) +
                                             " records (expected at most 1).");
    } else {
      findings_.pass("telemetry.latest",
                     latest_.readings.empty() ? "The device has no record yet." : "The newest record is given.");
    }
    return true;
  }

  void read_bare() {
    const Window bare = window("no timeRange", "", "");
    if (!bare.good) return findings_.warn("telemetry.bare", "Without a timeRange: " + bare.problem);
    bare.readings.size() <= 1
        ? findings_.pass("telemetry.bare", "Without a timeRange the newest record is given.")
        : findings_.warn("telemetry.bare", "Without a timeRange there are " + std::to_string(bare.readings.size()) +
                                               " records (expected the newest one).");
  }

  bool has_extension() {
    const Got got = session_.get(telemetry_target(device_id_, "timeRange=latest&extended=1"));
    const JsonValue* data = got.good() ? member(got.json, "data", Kind::array) : nullptr;
    return data && !data->items.empty() && !text(data->items[0], "ts").empty();
  }

  void read_preset(const Preset& preset) {
    const std::string check = std::string("telemetry.") + preset.name;
    Window read = window(preset.name, std::string("timeRange=") + preset.name + extension_, preset.name);
    if (!read.good) return findings_.fail(check, read.problem);
    findings_.pass(check, std::to_string(read.readings.size()) + " records" +
                              (read.whole ? "." : "; there are more, which were not read (see --records)."));
    windows_.emplace(preset.name, std::move(read));
  }

  // The last hour by start and end, in both forms of a time.
  void read_ranges() {
    const std::int64_t to_ms = latest_.server_ms, from_ms = to_ms - kPresets[1].length_ms;
    for (const auto& [check, form] :
         {std::pair("telemetry.range", StampForm::basic), {"telemetry.range_extended", StampForm::extended}}) {
      const Window read = window(
          "start and end", "start=" + stamp_text(from_ms, form) + "&end=" + stamp_text(to_ms, form) + extension_, "");
      if (!read.good) {
        findings_.fail(check, read.problem);
        continue;
      }
      const bool outside = std::ranges::any_of(read.readings, [&](const Reading& one) {
        return one.measured && (one.time_ms < from_ms || one.time_ms >= to_ms);
      });
      outside
          ? findings_.fail(check, "start and end give records that were not measured between them, the end left out.")
          : findings_.pass(check,
                           "start and end give " + std::to_string(read.readings.size()) + " records between them.");
    }
  }

  void judge_order() {
    Tally order("telemetry.order", latest_measured() ? Grade::fail : Grade::warn,
                "Records come in the order of their time.");
    for (const auto& [name, window] : windows_) {
      const auto& readings = window.readings;
      for (std::size_t i = 1; i < readings.size(); ++i) {
        if (readings[i].time_ms >= readings[i - 1].time_ms) continue;
        order.note("Record " + std::to_string(i + 1) + " of " + name, "is older than the one before it");
      }
    }
    order.report(findings_);
  }

  bool latest_measured() const { return !extension_.empty(); }

  void judge_duplicates() {
    Tally twice("telemetry.duplicates", Grade::fail, "No record is given twice.");
    for (const auto& [name, window] : windows_) {
      std::set<std::string> ids, sequences;
      for (const Reading& one : window.readings) {
        if (!ids.insert(one.id).second)
          twice.note(name, "has the record " + shown(one.id) + " twice");
        else if (!one.boot_sequence.empty() && !sequences.insert(one.boot_sequence).second)
          twice.note(name, "has boot and seq " + one.boot_sequence + " twice");
      }
    }
    twice.report(findings_);
  }

  void judge_windows() {
    Tally outside("telemetry.window", latest_measured() ? Grade::fail : Grade::warn,
                  "Records lie in the window that was asked for.");
    for (const Preset& preset : kPresets) {
      const auto found = windows_.find(preset.name);
      if (found == windows_.end()) continue;
      const Window& window = found->second;
      for (const Reading& one : window.readings) {
        const std::int64_t age_ms = window.server_ms - one.time_ms;
        if (age_ms <= preset.length_ms + kSlack_ms && age_ms >= -kAhead_ms - kSlack_ms) continue;
        outside.note(preset.name, std::string("gives a record of ") +
                                      (age_ms < 0 ? duration(-age_ms) + " ahead" : duration(age_ms) + " ago"));
      }
    }
    outside.report(findings_);
  }

  void judge_containment() {
    Tally missing("telemetry.containment", Grade::fail, "Each window holds the shorter ones.");
    bool judged = false;
    for (std::size_t i = 0; i + 1 < std::size(kPresets); ++i) {
      const auto small = windows_.find(kPresets[i].name), large = windows_.find(kPresets[i + 1].name);
      if (small == windows_.end() || large == windows_.end() || !small->second.whole || !large->second.whole) continue;
      judged = true;
      contain(small->second, large->second, kPresets[i].length_ms, missing);
    }
    judged ? missing.report(findings_)
           : findings_.skip("telemetry.containment", "No two windows were read to their end.");
  }

  // The smaller one was asked for first: what came in between is in the larger one alone.
  static void contain(const Window& small, const Window& large, std::int64_t length_ms, Tally& missing) {
    const std::set<std::string> all = ids_of(large), few = ids_of(small);
    for (const Reading& one : small.readings) {
      if (!all.contains(one.id))
        missing.note("The record " + shown(one.id), "is in " + small.name + " and not in " + large.name);
    }
    for (const Reading& one : large.readings) {
      const std::int64_t age_ms = small.server_ms - one.time_ms;
      const bool there = one.measured && age_ms > kSlack_ms && age_ms < length_ms - kSlack_ms &&
                         one.arrived_s * 1000 < small.server_ms - kSlack_ms;
      if (there && !few.contains(one.id))
        missing.note("The record " + shown(one.id),
                     "is in " + large.name + " and not in " + small.name + ", where its time belongs");
    }
  }

  void judge_latest() {
    const auto found = windows_.find("last5mins");
    if (latest_.readings.empty() || found == windows_.end() || !found->second.whole)
      return findings_.skip("telemetry.newest", "There is no newest record beside a window to compare.");
    const Window& window = found->second;
    const auto same = std::ranges::find(window.readings, latest_.readings[0].id, &Reading::id);
    const Reading& newest = same == window.readings.end() ? latest_.readings[0] : *same;
    const std::int64_t age_ms = window.server_ms - newest.time_ms;
    if (same == window.readings.end() && age_ms < kPresets[0].length_ms - kSlack_ms && age_ms > -kAhead_ms)
      return findings_.fail("telemetry.newest",
                            "The record of timeRange=latest is not in last5mins, where its time belongs.");
    for (const Reading& one : window.readings) {
      const bool was_there = one.arrived_s * 1000 < latest_.server_ms - kSlack_ms && one.measured == newest.measured;
      if (was_there && one.time_ms > newest.time_ms)
        return findings_.fail("telemetry.newest", "last5mins has a record that is " +
                                                      duration(one.time_ms - newest.time_ms) +
                                                      " newer than the one of timeRange=latest.");
    }
    findings_.pass("telemetry.newest", "timeRange=latest gives the newest record.");
  }

  void judge_gaps() {
    const auto found = windows_.find("last1hour");
    if (found == windows_.end() || found->second.readings.size() < 3)
      return findings_.skip("telemetry.gaps", "The last hour has fewer than three records.");
    std::vector<std::int64_t> times, steps;
    for (const Reading& one : found->second.readings) times.push_back(one.time_ms);
    std::ranges::sort(times);
    for (std::size_t i = 1; i < times.size(); ++i) steps.push_back(times[i] - times[i - 1]);
    std::vector<std::int64_t> sorted = steps;
    std::ranges::sort(sorted);
    const double told = session_.options().period_s;
    const std::int64_t period_ms = told > 0 ? static_cast<std::int64_t>(told * 1000) : sorted[sorted.size() / 2];
    // A step may be half a period early and the next as late; _ts counts whole seconds.
    const std::int64_t allowed_ms = period_ms * 5 / 2 + (latest_measured() ? 0 : 1000);
    const auto gaps = std::ranges::count_if(steps, [&](std::int64_t step) { return step > allowed_ms; });
    const std::string period = "a record every " + seconds(period_ms) + (told > 0 ? " is expected" : " is usual");
    gaps == 0 ? findings_.pass("telemetry.gaps", "No gap in the last hour; " + period + ".")
              : findings_.warn("telemetry.gaps", std::to_string(gaps) + " gaps in the last hour, the longest " +
                                                     duration(sorted.back()) + "; " + period + ".");
  }

  void judge_freshness() {
    if (latest_.readings.empty()) return findings_.skip("telemetry.fresh", "The device has no record.");
    const Reading& newest = latest_.readings[0];
    const std::int64_t age_ms = latest_.server_ms - newest.time_ms;
    const bool stale = static_cast<double>(age_ms) > session_.options().stale_s * 1000;
    stale ? findings_.warn("telemetry.fresh", "The newest record is " + duration(age_ms) + " old.")
          : findings_.pass("telemetry.fresh",
                           "The newest record is " + duration(std::max<std::int64_t>(age_ms, 0)) + " old.");
    judge_device_clock();
  }

  void judge_device_clock() {
    if (!latest_measured())
      return findings_.skip("clock.device",
                            "The instance does not tell when a record was measured, only when it arrived.");
    Tally ahead("clock.device", Grade::warn, "No record was measured after it arrived.");
    for (const auto& [name, window] : windows_) {
      for (const Reading& one : window.readings) {
        const std::int64_t ahead_ms = one.time_ms - one.arrived_s * 1000 - 1000;
        if (one.measured && ahead_ms > kAhead_ms)
          ahead.note("The record " + shown(one.id),
                     "was measured " + duration(ahead_ms) + " after it arrived: the device's clock is ahead");
      }
    }
    ahead.report(findings_);
  }

  Session& session_;
  Findings& findings_;
  std::string device_id_, extension_;
  RecordJudge records_;
  Tally meta_{"telemetry.meta", Grade::fail, "meta says device, window and time of every answer."};
  Window latest_;
  std::map<std::string, Window> windows_;
};

}  // namespace

void judge_telemetry(Session& session, Findings& findings, const std::string& device_id) {
  DeviceProbe(session, findings, device_id).run();
}

}  // namespace packbench::hil::api::probe
