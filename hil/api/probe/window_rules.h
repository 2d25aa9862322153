// The laws of the windows of one device, once they have been read: each by itself, and how they agree.
//
// The document does not say which clock windows and order go by. Where records tell when they were measured
// (`measured`), the laws hold for that time and breaking them is a fail; else only the arrival is known, and it is a
// remark.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "hil/api/probe/window.h"

namespace packbench::hil::api::probe {

inline constexpr std::int64_t kSlack_ms = 2000;  // between two looks at a clock, and the whole seconds of _ts
inline constexpr std::int64_t kAhead_ms = 5000;  // that a device's clock may be ahead

struct Preset {
  const char* name;
  std::int64_t length_ms;
};
inline constexpr Preset kPresets[] = {{"last5mins", 300'000}, {"last1hour", 3'600'000}, {"last7days", 604'800'000}};

struct Windows {
  Window latest, bare, again;          // bare: without a timeRange; again: latest once more, after the others
  std::map<std::string, Window> read;  // those that could be
  bool measured = false;

  const Window* find(const std::string& name) const;
};

void judge_order(const Windows& windows, Findings& findings);
void judge_duplicates(const Windows& windows, Findings& findings);
void judge_windows(const Windows& windows, Findings& findings);
void judge_containment(const Windows& windows, Findings& findings);
void judge_gaps(const Windows& windows, const Options& options, Findings& findings);
void judge_freshness(const Windows& windows, const Options& options, Findings& findings);
void judge_device_clock(const Windows& windows, Findings& findings);

// "12.5 s", "34 min", "5 h", "38 days"
std::string duration(std::int64_t ms);

}  // namespace packbench::hil::api::probe
