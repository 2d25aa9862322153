// The records of one device through every window.
#include <utility>

#include "hil/api/probe/groups.h"
#include "hil/api/probe/newest.h"
#include "hil/api/probe/range.h"
#include "hil/api/probe/window_rules.h"

namespace packbench::hil::api::probe {
namespace {

constexpr std::int64_t kPerhapsTooMuch_ms = 86'400'000;  // a day at 1 Hz is 40 MB

class DeviceProbe {
 public:
  DeviceProbe(Session& session, Findings& findings, const std::string& device_id)
      : session_(session), findings_(findings), device_id_(device_id), records_(session.options(), device_id) {}

  // How many records there were to judge.
  std::size_t run() {
    if (!read_latest()) return 0;
    windows_.bare = window("no timeRange", "", "");
    windows_.measured = has_extension();
    for (const Preset& preset : kPresets) read_preset(preset);
    windows_.again = window("latest", "timeRange=latest" + extension(), "latest");
    const RangeProbe ranges{session_, findings_, device_id_, windows_, records_, meta_};
    judge_ranges(ranges);
    judge_parts(ranges);
    meta_.report(findings_);
    records_.report(findings_);
    judge_order(windows_, findings_);
    judge_duplicates(windows_, findings_);
    judge_windows(windows_, findings_);
    judge_containment(windows_, findings_);
    judge_latest(windows_, findings_);
    judge_newest(windows_, findings_);
    judge_bare(windows_, findings_);
    judge_gaps(windows_, session_.options(), findings_);
    judge_freshness(windows_, session_.options(), findings_);
    judge_device_clock(windows_, findings_);
    return records_.count();
  }

 private:
  Window window(const std::string& name, const std::string& query, const std::string& asked) {
    return read_window(session_, device_id_, name, query, asked, records_, meta_);
  }

  bool read_latest() {
    windows_.latest = window("latest", "timeRange=latest", "latest");
    if (!windows_.latest.good) findings_.fail("telemetry.latest", windows_.latest.problem);
    return windows_.latest.good;
  }

  // With the extension the newest record tells when it was measured: by that time it is compared with the windows.
  bool has_extension() {
    Window extended = window("latest", "timeRange=latest&extended=1", "latest");
    const bool measured = extended.good && !extended.readings.empty() && extended.readings[0].measured;
    if (measured) windows_.latest = std::move(extended);
    return measured;
  }

  std::string extension() const { return windows_.measured ? "&extended=1" : ""; }

  void read_preset(const Preset& preset) {
    const std::string check = std::string("telemetry.") + preset.name;
    Window read = window(preset.name, std::string("timeRange=") + preset.name + extension(), preset.name);
    if (read.too_large && preset.length_ms >= kPerhapsTooMuch_ms) return findings_.warn(check, read.problem);
    if (!read.good) return findings_.fail(check, read.problem);
    findings_.pass(check, std::to_string(read.readings.size()) + " records" +
                              (read.whole ? "." : "; there are more, which were not read (see --records)."));
    windows_.read.emplace(preset.name, std::move(read));
  }

  Session& session_;
  Findings& findings_;
  std::string device_id_;
  RecordJudge records_;
  Tally meta_{"telemetry.meta", Grade::fail, "meta says device, window and time of every answer."};
  Windows windows_;
};

}  // namespace

std::size_t judge_telemetry(Session& session, Findings& findings, const std::string& device_id) {
  return DeviceProbe(session, findings, device_id).run();
}

}  // namespace packbench::hil::api::probe
