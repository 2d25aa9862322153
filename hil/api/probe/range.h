// start and end of one device beside its windows.
//
// Which clock windows and ranges go by nobody tells, but it is one: a range within a window has no record that the
// window lacks, one around it lacks none, and two that meet share none but what lies where they meet. Breaking that is
// a fail, whether records tell when they were measured or not. What arrives between two answers is excused.
#pragma once

#include "hil/api/probe/window_rules.h"
#include "hil/api/values/stamp.h"

namespace packbench::hil::api::probe {

struct RangeProbe {
  Session& session;
  Findings& findings;
  const std::string& device_id;
  const Windows& windows;
  RecordJudge& records;
  Tally& meta;
};

struct Span {
  std::int64_t from_ms, to_ms;

  bool holds(std::int64_t time_ms, std::int64_t margin_ms = 0) const {
    return time_ms >= from_ms + margin_ms && time_ms < to_ms - margin_ms;
  }
};

// What a window surely holds, and what surely holds it, asked for at `now_ms`.
Span within(const Window& window, std::int64_t length_ms);
Span around(const Window& window, std::int64_t length_ms, std::int64_t now_ms);

Window read_span(const RangeProbe& probe, const Span& span, StampForm form = StampForm::basic);

// The first record of `few` that arrived before `until_ms` and is not in `all`, or null; without an id it is nobody's.
// The oldest of more than an hour ago may have been deleted for their age in between.
const Reading* lacking(const Window& few, const Window& all, std::int64_t until_ms);

// The last hour in both forms of a time, and from one record to another. Whether the record exactly at start is in and
// the one exactly at end is not, the document leaves open: a remark.
void judge_ranges(const RangeProbe& probe);
// The halves of a window, what is before its oldest record, the week, and a day of 1990.
void judge_parts(const RangeProbe& probe);

}  // namespace packbench::hil::api::probe
