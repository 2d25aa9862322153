// Judges an instance of the Device API from outside, by the given document and what it leaves open (README.md here).
//
// Read-only unless `write` says otherwise. Every check ends in one finding: pass, warn (a pass with a remark), fail or
// skip, with the reason as a sentence. Nothing that the other side sends is trusted: answers are bounded in time, size,
// depth and number of values, redirects are not followed, no key is sent to another place than `url`, and none is
// shown.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hil/api/values/clock.h"

namespace packbench::hil::api::probe {

// In what an instance may differ from the document without a remark.
struct Quirks {
  std::string name = "none";
  bool both_stamp_forms = false;  // 2025-01-31T06:49:47.416Z beside 20250131T064947.416Z
  bool any_organization = false;  // "xbattery" beside 1
  bool spaced_ocv_soc = false;    // "ocv soc" beside "ocv_soc"
  bool optional_members = false;  // Device_id of a record, timeRange of meta
};

// "none" or "xbattery-2025"; nothing for another name.
std::optional<Quirks> find_quirks(const std::string& name);

struct Options {
  std::string url, key;
  std::string ca_file{};
  bool verify = true;  // the certificate; when not, a finding says so
  std::chrono::milliseconds timeout{10'000};
  Quirks quirks{};
  bool write = false;                  // also registers a device, which stays
  std::vector<std::string> devices{};  // empty: the first ones of the list
  std::size_t most_devices = 3;        // that are looked at when none is named
  std::size_t most_records = 20'000;   // that are read of one window
  double period_s = 0;                 // expected between records; 0: the median of those that are there
  double stale_s = 300;                // age of the newest record that is not remarked upon
  double skew_s = 2;                   // between the clocks, beyond the resolution of Date
  double slow_ms = 1000;               // for 95 of 100 answers
  double soc_apart_pct = 30;           // between soc and ocv_soc
  Clock clock = system_clock();
  // Is told of every pause of two seconds and more, as a sentence.
  std::function<void(const std::string&)> waits{};
  const volatile std::sig_atomic_t* interrupted = nullptr;  // non-zero ends the probe before its next request
};

enum class Grade { pass, warn, fail, skip };
const char* grade_name(Grade grade);  // "pass"

struct Finding {
  std::string check;   // "auth.no_key": group and name
  std::string device;  // empty when it is about none
  Grade grade = Grade::skip;
  std::string text;  // a sentence

  std::string group() const { return check.substr(0, check.find('.')); }
};

// Of the answers, connecting apart.
struct Latency {
  std::size_t count = 0;
  double p50_ms = 0, p95_ms = 0, p99_ms = 0, max_ms = 0;
};

struct Report {
  std::string url, quirks;
  bool read_only = true, interrupted = false;
  bool unverified = false;  // the certificate was not looked at, as was asked
  std::int64_t started_ms = 0;
  double wall_s = 0;
  std::string unreached;    // why nothing could be judged; empty: it could
  std::string ended_early;  // why not everything was asked; empty: it was
  std::size_t records = 0;  // that were judged
  std::vector<Finding> findings;
  std::vector<std::pair<std::string, std::string>> limits;  // what was discovered: name, value
  Latency latency;

  std::size_t count(Grade grade) const;
};

// Throws std::invalid_argument for a URL or a ca_file that cannot be used.
Report run(const Options& options);

}  // namespace packbench::hil::api::probe
