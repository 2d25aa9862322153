// What a probe found, for people and for machines.
#pragma once

#include <string>

#include "hil/api/probe/probe.h"

namespace packbench::hil {

enum class Colours { off, on };

// By group: a line per finding; then what was discovered, and a summary.
std::string probe_text(const api::probe::Report& report, Colours colours);
// {"schema":1,"url","quirks","read_only","verdict","summary":{...},"limits":{...},"latency_ms":{...},"findings":[...]}
std::string probe_json(const api::probe::Report& report);
// A testsuite per group, a testcase per finding; a warning passes and stands in the output.
std::string probe_junit(const api::probe::Report& report);

// "pass", "fail" or "inconclusive": nothing could be judged.
std::string probe_verdict(const api::probe::Report& report);

}  // namespace packbench::hil
