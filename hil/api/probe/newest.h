// timeRange=latest beside the windows: it is the newest record of the shortest window that has any.
//
// Windows may go by a clock that nobody tells (when a record was measured). So where records tell only when they
// arrived, a record counts as newer than another when it arrived later and also comes after it in its window.
#pragma once

#include "hil/api/probe/window_rules.h"

namespace packbench::hil::api::probe {

// One record at most, and none only where no window has any.
void judge_latest(const Windows& windows, Findings& findings);
// The newest: when it was asked for before the windows, and again after them.
void judge_newest(const Windows& windows, Findings& findings);
// Without a timeRange: what timeRange=latest gives.
void judge_bare(const Windows& windows, Findings& findings);

}  // namespace packbench::hil::api::probe
