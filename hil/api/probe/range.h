// start and end of one device: the hour by both forms of a time, and from one record to another.
#pragma once

#include "hil/api/probe/window_rules.h"

namespace packbench::hil::api::probe {

struct RangeProbe {
  Session& session;
  Findings& findings;
  const std::string& device_id;
  const Windows& windows;
  RecordJudge& records;
  Tally& meta;
};

// Outside of what was asked for, or left out inside of it: fail where records tell when they were measured. Whether the
// record exactly at start is in and the one exactly at end is not, the document leaves open: a remark.
void judge_ranges(const RangeProbe& probe);

}  // namespace packbench::hil::api::probe
